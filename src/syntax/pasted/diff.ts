import { beginsDump } from './prefixes';

/** `@@ -12,7 +12,8 @@`: lines that only the older has, and where and how many the newer has. */
const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** `12,13c12`, before the lines that a plain `diff` marks with `<` and `>`. */
const change = /^\d{1,9}(?:,\d{1,9})?[acd]\d{1,9}(?:,\d{1,9})?$/;

/** What stands around the hunks. */
const header = /^(?:diff |index [\da-f]|--- |\+\+\+ |\\ No newline)/;

/** A context line whose blank was lost; of the older one it would begin with two hyphens. */
const rule = /^-[APNI] \S/;

/** The newer of the two texts that a diff compared, as far as it shows that. */
export interface NewerSide {
  /** Each in its place; `...` where the diff leaves out what did not change. */
  readonly lines: readonly string[];
  /** Numbers of the lines that only the older text has, from 0. */
  readonly older: readonly number[];
}

/**
 * Of what plain `diff` printed: `< ` before lines of the older, `> ` before those of the
 * newer, which a mail's quotes have too. undefined for another text.
 */
export function newerOfPlain(lines: readonly string[]): NewerSide | undefined {
  const isDiff = lines.some((line, i) =>
    change.test(line) ? /^[<>] /.test(lines[i + 1] ?? '') : isOlder(line),
  );
  if (!isDiff) return undefined;
  const older: number[] = [];
  const newer = lines.map((line, i) => {
    if (change.test(line)) return '...';
    if (line.startsWith('< ')) older.push(i);
    if (line.startsWith('> ')) return line.slice(2);
    return /^(?:< |---$)/.test(line) ? '' : line;
  });
  return { lines: newer, older };
}

/** `< -A KUBE-SERVICES ...` of a diff whose `12c12` were left out. */
function isOlder(line: string): boolean {
  return line.startsWith('< ') && beginsDump(line.slice(2));
}

/** The same of `diff -u` and `git diff`; undefined for a text in another form. */
export function newerOfUnified(lines: readonly string[]): NewerSide | undefined {
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
