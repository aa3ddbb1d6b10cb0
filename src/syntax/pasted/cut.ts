/** Where in a line another begins. */
export interface Cut {
  /** Column, UTF-16. */
  readonly at: number;
  /** Whether one begins here is not told. */
  readonly unsure?: boolean;
}

/** A line as the command printed it, and where it begins in the line that it was taken from. */
export interface TakenLine {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/**
 * The parts of a line; `...` stands before one of which it is not told whether it begins there.
 *
 * @param margin what is put before each part
 */
export function parts(
  text: string,
  line: number,
  cuts: readonly Cut[],
  margin: string,
): readonly TakenLine[] {
  const taken: TakenLine[] = [];
  const all: readonly Cut[] = [{ at: 0 }, ...cuts];
  all.forEach(({ at, unsure = false }, i) => {
    const part = text.slice(at, all[i + 1]?.at ?? text.length);
    const column = at + part.length - part.trimStart().length;
    if (unsure) taken.push({ text: '...', line, column });
    if (part.trim() === '') return;
    taken.push({ text: margin + part.trim(), line, column: column - margin.length });
  });
  return taken;
}
