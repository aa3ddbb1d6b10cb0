/** `@@ -12,7 +12,8 @@`: lines that only the older has, and where and how many the newer has. */
const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** What stands around the hunks. */
const header = /^(?:diff |index [\da-f]|--- |\+\+\+ |\\ No newline)/;

/** A context line whose blank was lost; of the older one it would begin with two hyphens. */
const rule = /^-[APNI] \S/;

/** The newer of the two texts that `diff -u` or `git diff` compared, as far as it shows that. */
export interface NewerSide {
  /** Each in its place; `...` where the diff leaves out what did not change. */
  readonly lines: readonly string[];
  /** Numbers of the lines that only the older text has, from 0. */
  readonly older: readonly number[];
}

/** undefined for a text that is no diff in the unified form. */
export function newerSide(lines: readonly string[]): NewerSide | undefined {
  if (!lines.some((line) => hunk.test(line))) return undefined;
  const older: number[] = [];
  let rest = { older: 0, newer: 0 };
  const newer = lines.map((line, i) => {
    const [, before = '1', at, after = '1'] = hunk.exec(line) ?? [];
    if (at !== undefined) {
      rest = { older: Number(before), newer: Number(after) };
      return Number(at) > 1 ? '...' : '';
    }
    if (rest.older <= 0 && rest.newer <= 0) return header.test(line) ? '' : line;
    if (line.startsWith('\\ No newline')) return '';
    if (line.startsWith('-') && !rule.test(line)) {
      rest.older--;
      older.push(i);
      return '';
    }
    rest.newer--;
    if (line.startsWith('+')) return line.slice(1);
    rest.older--;
    return line.startsWith(' ') ? line.slice(1) : line;
  });
  return { lines: newer, older };
}
