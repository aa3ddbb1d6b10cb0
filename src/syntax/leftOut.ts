/** What is longer is no mark. */
const longest = 120;

/** `...`, `[...]`, `# ... (more rules)`, `--More--`, `……`; an address has no two dots beside one another. */
const dots = /\.{3}|…|⋮|^\W{0,8}more\W{0,8}$/i;

/** `[snip]`, `<truncated>`, `# output omitted`, `（省略）`. */
const words =
  /\b(?:snip(?:ped)?|truncated|omitted|skipped|trimmed|stripped|elided|left out|cut (?:here|off|out)|for brevity|output cut)\b|省略|略去|截断|下略|中略|删减/i;

/** Whether somebody wrote this line where they left lines of an output out. */
export function isLeftOutMark(line: string): boolean {
  return line.length <= longest && (dots.test(line) || words.test(line));
}
