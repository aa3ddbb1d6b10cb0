/** A device's name, '' where the hook has none, undefined where the dumps do not tell. */
export type Device = string | undefined;
