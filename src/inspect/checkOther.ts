import { checkConfig } from '../core/proxyconfig/check';
import type { Finding } from '../core/finding';
import type { DumpKindId } from '../syntax/dumps/kinds';
import { ipvsTableParser } from '../syntax/ipvs/table';
import { proxyConfigsIn } from '../syntax/kubeproxy/configs';
import { linesOf, parseLines } from '../syntax/lines';
import { objectReader } from '../syntax/yaml/objects';
import { plural } from './plural';

/** What a text that tells nothing of a node's state holds, and what is wrong in it. */
interface Held {
  readonly holds: string;
  readonly findings: readonly Finding[];
}

type Reader = (text: string, file: string) => Held | Promise<Held>;

/** Kinds that serve no part of a node: what `check` says of them. */
export const otherKinds: ReadonlyMap<DumpKindId, Reader> = new Map<DumpKindId, Reader>([
  ['ipvsadm-stats', statistics],
  ['ipvsadm-timeout', (text) => held(/^Timeout \(.*/m.exec(text)?.[0] ?? 'nothing')],
  ['proc-ip_vs_stats', (text) => held(totals(text))],
  ['nft-tables', (text) => held(plural(count(text, /^table \S+ \S+/), 'name of a table'))],
  ['kube-proxy-mode', (text) => held(`mode ${text.trim()}`)],
  ['kube-proxy-config', configuration],
  ['objects', objects],
  ['stderr', (text) => held(`what a program said instead of a dump: ${text.trim().slice(0, 200)}`)],
]);

function held(holds: string, findings: readonly Finding[] = []): Held {
  return { holds, findings };
}

function count(text: string, pattern: RegExp): number {
  let found = 0;
  for (const line of linesOf(text)) if (pattern.test(line)) found++;
  return found;
}

/** The table's rows without weights and forward methods; that they lack is what was asked for. */
function statistics(text: string, file: string): Held {
  const { value, findings } = parseLines(text, ipvsTableParser(file, false));
  const servers = plural(value.virtualServers.length, 'virtual server');
  const real = plural(count(text, /^\s*->\s+\S+:\d+\s/), 'real server');
  return held(
    `counters of ${servers}, ${real}`,
    findings.filter(({ code }) => code !== 'ipvs-columns'),
  );
}

/**
 * Connections, packets in and out, bytes in and out, in hexadecimal: the first row of numbers, and of
 * ip_vs_stats_percpu that of all CPUs together, `~`.
 */
function totals(text: string): string {
  const all = /^[ \t]*~((?:[ \t]+[\dA-F]+){5})[ \t]*$/m.exec(text);
  const row = all ?? /^((?:[ \t]+[\dA-F]+){5})[ \t]*$/m.exec(text);
  if (!row) return 'nothing';
  const numbers = row[1]!
    .trim()
    .split(/\s+/)
    .map((hex) => parseInt(hex, 16));
  const [connections, packetsIn, packetsOut] = numbers;
  return `${connections} connections, ${packetsIn} packets in, ${packetsOut} packets out, since the start`;
}

/** The checks of the Problems view on a KubeProxyConfiguration, as far as it tells for itself. */
async function configuration(text: string, file: string): Promise<Held> {
  const yaml = await import('../syntax/yaml/parse');
  const reading = objectReader(yaml, ['KubeProxyConfiguration', 'ConfigMap'])(text);
  let step = reading.next();
  while (!step.done) step = reading.next();
  const configs = proxyConfigsIn(step.value, text, (part) => yaml.parseYaml(part));
  const place = places(text, file);
  const findings = configs.flatMap(({ root, exact, range, problems }) =>
    [...problems, ...checkConfig(root)].map((one): Finding => {
      const { severity, code, message } = one;
      return { severity, code, message, range: place(exact ? one.range.start : range.start) };
    }),
  );
  return held(plural(configs.length, 'configuration'), findings);
}

/** Lines and columns of offsets, asked for in any order. */
function places(text: string, source: string): (offset: number) => Finding['range'] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let line = 0;
    for (let below = starts.length; below - line > 1;) {
      const middle = (line + below) >> 1;
      if (starts[middle]! <= offset) line = middle;
      else below = middle;
    }
    const start = offset - starts[line]!;
    return { source, line, start, end: start };
  };
}

async function objects(text: string, file: string): Promise<Held> {
  const { parseObjects } = await import('../syntax/objects/objects');
  const { value, findings } = await parseObjects(text, file);
  const words = Object.entries(value).flatMap(([name, list]: [string, readonly unknown[]]) =>
    list.length > 0 ? [`${list.length} ${name}`] : [],
  );
  return held(words.join(', ') || 'no object that is read here', findings);
}
