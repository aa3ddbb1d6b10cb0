/** `--More--(12%)` of more, `lines 1-23/45 (END)` of less, before the line that was written over it. */
const status =
  /^(?:--(?:More|更多)--(?:\(\d{1,3}%\))?|lines \d+-\d+(?:\/\d+)?(?: \d+%)?(?: \(END\))?)[\s\b]*/;

/**
 * Takes away where a pager waited for a key. On the last line it stays: there the rest of the output was
 * not asked for.
 */
export function withoutPager(lines: readonly string[]): readonly string[] {
  if (!lines.some((line) => status.test(line))) return lines;
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return lines.map((line, i) => (i === last ? line : line.replace(status, '')));
}
