import { isShellPrompt } from '../shellPrompt';

/** Terminals are no wider, and no narrower. */
const widest = 320;
const narrowest = 60;

/** The long lines of dumps: rules, rows of a listing, elements, connections, traces. */
const long =
  /^(?:\[\d+:\d+\] )?-[AI] \S|^(?:tcp|udp|icmp|icmpv6|sctp|ipv4|ipv6) +\d|^(?:create|add) \S|^\s*\d+[KMGTP]?\s+\d+[KMGTP]?\s+\S|^[A-Z][\w-]*\s+(?:all|tcp|udp|icmp|sctp|\d+)\s+(?:--|-f|!f)\s|\bTRACE: |\bPACKET: /;

/** What ends a long line, because it begins another. */
const short =
  /^(?::\S+ (?:-|[A-Z]+) \[|\*[a-z]|#|COMMIT|Chain |\s*(?:num\s+)?pkts\s|target\s|-[NPX] |\s*$)/;

/**
 * Joins lines that a terminal cut at its width and that were pasted so. The joined line stands in the
 * place of its first part, empty lines in the places of the others.
 */
export function unwrapped(lines: readonly string[]): readonly string[] {
  let width = 0;
  for (const line of lines) width = Math.max(width, line.length);
  if (width < narrowest || width > widest) return lines;
  const isCut = (i: number) => {
    const next = lines[i + 1];
    return lines[i]!.length >= width - 1 && next !== undefined && isRest(next);
  };
  const heads = lines.flatMap((line, i) => (long.test(line) && isCut(i) ? [i] : []));
  // One line may be that long by chance, with a message below it.
  if (heads.length === 0 || (heads.length === 1 && width !== 80)) return lines;
  const result = [...lines];
  for (const head of heads) {
    let joined = lines[head]!;
    let i = head;
    for (; isCut(i); i++) {
      // A blank at the edge was lost in copying.
      if (lines[i]!.length < width) joined += ' ';
      joined += lines[i + 1]!;
      result[i + 1] = '';
    }
    result[head] = joined;
  }
  return result;
}

function isRest(line: string): boolean {
  return !long.test(line) && !short.test(line) && !isShellPrompt(line);
}
