/** A quote of a table's cell is doubled: `--comment ""kubernetes service portals""`. */
const doubled = /\s""[^"\s]/;
const quoted = /^"[^"]*"$/;

/** Takes away what CSV and spreadsheets put around the lines of a dump, each or all of them one cell. */
export function withoutCells(lines: readonly string[]): readonly string[] {
  const isTable =
    lines.some((line) => doubled.test(line)) ||
    lines.filter((line) => quoted.test(line)).length * 2 > lines.length;
  if (!isTable) return lines;
  return lines.map((line) => (line === '""' ? '' : line.split('""').map(ofCell).join('"')));
}

/** A part between two doubled quotes: only the first may hold the cell's opening quote, the last its end. */
function ofCell(part: string, at: number, { length }: readonly string[]): string {
  const opened = at === 0 ? part.replace(/^(?:[^",]*,)*"/, '') : part;
  return at === length - 1 ? opened.replace(/",*$/, '') : opened;
}
