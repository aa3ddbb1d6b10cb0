/** `cat -n`, `nl`, `less -N`, `:set nu`, `bat`: a column of numbers. The second group is the line. */
const numbered = /^(\s*(\d{1,7})(?:\t| ?[│|] ?| {1,2}(?=\S|$)|$))/;

/** `grep -n ''`: `12:-A KUBE-SERVICES`. `1: lo: <` of `ip` has a blank behind the colon. */
const grepped = /^((\d{1,7}):)(?! \S)/;

/**
 * `12: -A KUBE-SERVICES` of a tool. Never `2: eth0: <UP>` or `2: eth0    inet 10.0.0.1/8` of `ip -o`, nor
 * `100: from all lookup main`.
 */
const colon = /^(\s*(\d{1,7}): )(?! *(?:[\w.@:-]{1,40}(?:: <| +inet6? )|(?:not +)?from ))/;

/** A page's column of numbers without what stood between: `12-A KUBE-SERVICES`. */
const glued = /^((\d{1,7}))(?=[#*\[A-Z-]|:\S|$)/;

/** Whether lines may be numbered. */
export function mayBeNumbered(text: string): boolean {
  return /^[ \t]*\d{1,7}(?:[\t │|#*[A-Z-]|:|$)/m.test(text);
}

/**
 * Takes away the numbers of lines, where at least four lines are numbered one after the other from the
 * beginning of a block on. The rows of `iptables -L --line-numbers`, below a heading `num`, and elements
 * of a set, below its opening brace, are no block of their own.
 */
export function withoutLineNumbers(lines: readonly string[]): readonly string[] {
  const result = [...lines];
  for (let i = 0; i < lines.length; i++) {
    if (i > 0 && !isEdge(lines[i - 1]!)) continue;
    for (const form of [columnOf(lines[i]!), grepped, colon, glued]) {
      const end = endOfRun(lines, i, form);
      if (end === i) continue;
      for (let at = i; at < end; at++) result[at] = lines[at]!.replace(form, '');
      i = end - 1;
      break;
    }
  }
  return result;
}

/**
 * The form of a column of numbers by its first line. Where blanks part it from the lines, as `less -N`
 * does, all lines have as many, and an indented line keeps its own.
 */
function columnOf(line: string): RegExp {
  const blanks = /^\s*\d{1,7}( {1,2})(?=[^\s│|])/.exec(line)?.[1];
  return blanks === undefined ? numbered : new RegExp(`^(\\s*(\\d{1,7})(?:${blanks}|$))`);
}

/** What may stand above a block: nothing, a fence that was taken away, or a command at a prompt. */
function isEdge(line: string): boolean {
  return line.trim() === '' || /^\S*[#$%>] \S/.test(line);
}

/** One after the last line that carries on the numbers from `start`; `start` where there are too few. */
function endOfRun(lines: readonly string[], start: number, form: RegExp): number {
  let next = Number(form.exec(lines[start]!)?.[2] ?? NaN);
  let end = start;
  let count = 0;
  for (let i = start; i < lines.length; i++) {
    const line = lines[i]!;
    const found = form.exec(line)?.[2];
    // `cat -b` and `nl` leave blank lines without a number.
    if (found === undefined && line.trim() === '') continue;
    if (Number(found ?? NaN) !== next) break;
    next++;
    count++;
    end = i + 1;
  }
  return count >= 4 ? end : start;
}
