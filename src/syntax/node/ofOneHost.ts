import { hostMark, type HostMark } from '../dumps/hostMarks';
import type { CommandOutput } from '../dumps/outputs';
import { linesOf } from '../lines';

/** The outputs of one host in a text, and the other hosts whose outputs were left out. */
export interface OneHost {
  readonly host?: string;
  readonly outputs: readonly CommandOutput[];
  readonly others: readonly string[];
  /** The whole text with the lines of the others emptied, so that no reader meets them. */
  readonly text: string;
}

/**
 * Leaves out what a pasted text holds of other hosts than the one most outputs are of (of as many,
 * the first): a state mixed of two nodes answers for neither. Headings tell hosts only where two
 * hold the same command's output, as those of one node's sections don't.
 */
export function ofOneHost(text: string, outputs: readonly CommandOutput[]): OneHost {
  if (outputs.length < 2) return { outputs, others: [], text };
  const lines = [...linesOf(text)];
  const marks = lines.map(hostMark);
  const kinds = (['prompt', 'pod'] as const).filter(
    (kind) => hostsOf(outputs, marks, [kind]).size > 1,
  );
  const hosts = hostsOf(outputs, marks, kinds);
  if (hosts.size > 1) return mostOf(lines, outputs, hosts);
  const headings = hostsOf(outputs, marks, ['heading']);
  return headings.size > 1 && repeats(headings)
    ? mostOf(lines, outputs, headings)
    : { outputs, others: [], text };
}

type Hosts = ReadonlyMap<string, readonly CommandOutput[]>;

/** The outputs below each host's marks; of a command the mark is on the line before its output. */
function hostsOf(
  outputs: readonly CommandOutput[],
  marks: readonly (HostMark | undefined)[],
  kinds: readonly HostMark['kind'][],
): Hosts {
  const hosts = new Map<string, CommandOutput[]>();
  let line = 0;
  let host: string | undefined;
  for (const output of outputs) {
    const first = firstLine(output);
    for (; line <= first && line < marks.length; line++) {
      const mark = marks[line];
      if (mark && kinds.includes(mark.kind)) host = mark.name;
    }
    if (host === undefined) continue;
    const own = hosts.get(host);
    if (own) own.push(output);
    else hosts.set(host, [output]);
  }
  return hosts;
}

/** Without a command above, an output may begin with its heading. */
function firstLine({ command, start, head }: CommandOutput): number {
  if (command) return start - 1;
  const own = head.split('\n').findIndex((line) => line.trim() !== '');
  return start + Math.max(own, 0);
}

function repeats(hosts: Hosts): boolean {
  const seen = new Set<string>();
  for (const outputs of hosts.values()) {
    const keys = outputs.map(({ kind, command }) =>
      [kind, command?.table, command?.family].join(' '),
    );
    if (keys.some((key) => seen.has(key))) return true;
    for (const key of keys) seen.add(key);
  }
  return false;
}

function mostOf(
  lines: readonly string[],
  outputs: readonly CommandOutput[],
  hosts: Hosts,
): OneHost {
  const [host] = [...hosts].reduce((most, one) => (one[1].length > most[1].length ? one : most));
  const others = [...hosts.keys()].filter((name) => name !== host);
  const left = new Set(others.flatMap((name) => hosts.get(name)!));
  const own = [...lines];
  for (const { start, end } of left) own.fill('', start, end);
  const kept = outputs.filter((output) => !left.has(output));
  return { host, outputs: kept, others, text: own.join('\n') };
}
