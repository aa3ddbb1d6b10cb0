/**
 * What a literal says of a name that comes from outside; undefined where it says nothing. A plain
 * look-up would find `constructor` in every object.
 */
export function own<T>(literal: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(literal, name) ? literal[name] : undefined;
}
