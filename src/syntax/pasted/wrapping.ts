import { isShellPrompt } from '../shellPrompt';

/** Terminals are no wider, and no narrower. */
const widest = 320;
const narrowest = 60;

/** The long lines of dumps: rules, rows of a listing, elements, connections, traces, devices, routes. */
const long =
  /^(?:\[\d+:\d+\] )?-[AI] \S|^(?:tcp|udp|icmp|icmpv6|sctp|ipv4|ipv6) +\d|^(?:create|add) \S|^\s*\d+[KMGTP]?\s+\d+[KMGTP]?\s+\S|^[A-Z][\w-]*\s+(?:all|tcp|udp|icmp|sctp|\d+)\s+(?:--|-f|!f)\s|\bTRACE: |\bPACKET: |^\d+: [\w@.:-]+: <|^\s*(?:inet6?|link\/\w+|valid_lft) \S|^(?:default|local|broadcast|anycast|multicast|unreachable|\d+(?:\.\d+){3}(?:\/\d+)?|[\da-f]*:[\da-f:]*(?:\/\d+)?) (?:via|dev|proto|[\da-f])/;

/** What ends a long line, because it begins another. */
const short =
  /^(?::\S+ (?:-|[A-Z]+) \[|\*[a-z]|#|COMMIT|Chain |\s*(?:num\s+)?pkts\s|target\s|-[NPX] |\s*$)/;

/** Mails are wrapped at 72 or 78 columns, no program does it beyond this. */
const widestMail = 100;

/**
 * Joins lines that a terminal cut at its width, or a mail between two words, and that were pasted so. The
 * joined line stands in the place of its first part, empty lines in the places of the others.
 */
export function unwrapped(lines: readonly string[]): readonly string[] {
  let width = 0;
  for (const line of lines) width = Math.max(width, line.length);
  if (width < narrowest || width > widest) return lines;
  const isCut = (i: number) => lines[i]!.length >= width - 1 && isRest(lines[i + 1]);
  const heads = lines.flatMap((line, i) => (long.test(line) && isCut(i) ? [i] : []));
  const mail = wrappedWords(lines);
  // A mail's lines may reach its width by chance, but not all of those that it wrapped.
  const isTerminal = !mail || lines.filter((_, i) => isCut(i)).length >= mail.full.size;
  // One line may be that long by chance, with a message below it.
  if (isTerminal && (heads.length > 1 || (heads.length === 1 && width === 80))) {
    // A blank at the edge was lost in copying.
    return joined(lines, heads, isCut, (line) => (line.length < width ? `${line} ` : line));
  }
  if (!mail) return lines;
  const isWrapped = (i: number) => mail.full.has(i);
  return joined(lines, mail.heads.filter(isWrapped), isWrapped, (line) => `${line.trimEnd()} `);
}

/** The long lines that a mail wrapped between words, and all that go on on the next line. */
interface Wrapped {
  readonly heads: readonly number[];
  readonly full: ReadonlySet<number>;
}

/** A mail's: each line but the first of a long one begins with a word that had no room on the line above. */
function wrappedWords(lines: readonly string[]): Wrapped | undefined {
  const heads: number[] = [];
  const cut = new Set<number>();
  let isOpen = false;
  for (const [i, line] of lines.entries()) {
    if (long.test(line)) isOpen = true;
    else if (!isRest(line)) isOpen = false;
    if (!isOpen || !isRest(lines[i + 1])) continue;
    cut.add(i);
    if (long.test(line)) heads.push(i);
  }
  let width = 0;
  for (const i of cut) {
    const line = lines[i]!.trimEnd();
    // One word alone may be longer than the lines are.
    if (line.includes(' ')) width = Math.max(width, line.length);
  }
  const isFull = (i: number) => {
    const [word = ''] = /^\S{1,300}/.exec(lines[i + 1]!) ?? [];
    return word !== '' && lines[i]!.trimEnd().length + 1 + word.length > width;
  };
  const full = new Set([...cut].filter(isFull));
  const isMail = heads.length > 1 && width >= narrowest && width <= widestMail;
  // Few lines below a long one may be of something else.
  return isMail && full.size >= cut.size * 0.9 ? { heads, full } : undefined;
}

function joined(
  lines: readonly string[],
  heads: readonly number[],
  isCut: (i: number) => boolean,
  beforeRest: (line: string) => string,
): readonly string[] {
  const result = [...lines];
  for (const head of heads) {
    const own: string[] = [];
    let i = head;
    for (; isCut(i); i++) {
      own.push(beforeRest(lines[i]!));
      result[i + 1] = '';
    }
    result[head] = [...own, lines[i]!].join('');
  }
  return result;
}

function isRest(line: string | undefined): boolean {
  return line !== undefined && !long.test(line) && !short.test(line) && !isShellPrompt(line);
}
