/** Looks up no translation: for the command line, and for texts that go into tickets. */
export const english = {
  /** `{0}` and `{1}` give way to the arguments. */
  t(message: unknown, ...values: unknown[]): string {
    return String(message).replaceAll(/\{(\d)\}/g, (whole, i: string) => {
      const value = values[Number(i)];
      return value === undefined ? whole : String(value as string | number);
    });
  },
};
