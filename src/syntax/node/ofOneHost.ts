import { HostNames, isSameHost } from '../dumps/hostName';
import type { CommandOutput } from '../dumps/outputs';
import { linesOf } from '../lines';
import { append } from '../../core/append';

/** The outputs of one host in a text, and the other hosts whose outputs were left out. */
export interface OneHost {
  readonly host?: string;
  readonly outputs: readonly CommandOutput[];
  readonly others: readonly string[];
  /** The whole text with the lines of the others emptied, so that no reader meets them. */
  readonly text: string;
}

/**
 * Leaves out what a pasted text holds of other hosts than the one that is asked for, else the one most
 * outputs are of (of as many, the first): a state mixed of two nodes answers for neither. Headings tell
 * hosts only where two hold the same command's output, as those of one node's sections don't.
 */
export function ofOneHost(
  text: string,
  outputs: readonly CommandOutput[],
  wanted: string,
): OneHost {
  const hosts = severalHosts(outputs);
  return hosts ? only(text, outputs, hosts, wanted) : { outputs, others: [], text };
}

/**
 * The outputs of each host, by its name, where a text holds those of several.
 *
 * @param outputs those of known kinds
 */
export function severalHosts(outputs: readonly CommandOutput[]): Hosts | undefined {
  if (outputs.length < 2) return undefined;
  const hosts = hostsOf(outputs, severalOf(outputs));
  if (hosts.size > 1) return hosts;
  const headings = hostsOf(outputs, new Set(['heading']));
  return headings.size > 1 && repeats(headings) ? headings : undefined;
}

type Hosts = ReadonlyMap<string, readonly CommandOutput[]>;

/** Kinds of marks, but for headings, that name several hosts. */
function severalOf(outputs: readonly CommandOutput[]): ReadonlySet<string> {
  const first = new Map<string, string>();
  const several = new Set<string>();
  for (const { kind, name } of outputs.flatMap(({ marks }) => marks)) {
    const known = first.get(kind);
    if (known === undefined) first.set(kind, name);
    else if (kind !== 'heading' && !isSameHost(known, name)) several.add(kind);
  }
  return several;
}

/** The outputs below each host's marks of these kinds. */
function hostsOf(outputs: readonly CommandOutput[], kinds: ReadonlySet<string>): Hosts {
  const hosts = new Map<string, CommandOutput[]>();
  const names = new HostNames();
  let host: string | undefined;
  for (const output of outputs) {
    const mark = output.marks.findLast(({ kind }) => kinds.has(kind));
    if (mark) host = names.firstOf(mark.name);
    if (host === undefined) continue;
    append(hosts, host, output);
  }
  return hosts;
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

function only(
  text: string,
  outputs: readonly CommandOutput[],
  hosts: Hosts,
  wanted: string,
): OneHost {
  const [most] = [...hosts].reduce((best, one) => (one[1].length > best[1].length ? one : best));
  const host = [...hosts.keys()].find((name) => isSameHost(name, wanted)) ?? most;
  const others = [...hosts.keys()].filter((name) => name !== host);
  const left = new Set(others.flatMap((name) => hosts.get(name)!));
  const own = [...linesOf(text)];
  for (const { start, end } of left) own.fill('', start, end);
  const kept = outputs.filter((output) => !left.has(output));
  return { host, outputs: kept, others, text: own.join('\n') };
}
