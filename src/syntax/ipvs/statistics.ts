import type { Finding } from '../../core/finding';
import type {
  Endpoint,
  IpvsCounters,
  IpvsStatistics,
  IpvsStatisticsRow,
  IpvsTimeouts,
  IpvsTotals,
} from '../../core/ipvs/state';
import { lineRange, parseLines, unknownLine } from '../lines';
import type { LineReader, Parsed } from '../lines';
import { formOfHeader, readIpvsRow } from './row';
import type { IpvsForm, IpvsRow } from './row';

/** Reads `ipvsadm -Ln --stats` and `--rate`, also with `--exact`. */
export function ipvsStatisticsParser(source: string): LineReader<IpvsStatistics> {
  const rows: IpvsStatisticsRow[] = [];
  const findings: Finding[] = [];
  let form: IpvsForm = { columns: 'stats', hex: false };
  let owner: IpvsRow | undefined;
  return {
    line(text, line) {
      if (/^\s*($|IP Virtual Server version)/.test(text)) return;
      const header = formOfHeader(text, form);
      if (header) {
        form = header;
        return;
      }
      const range = lineRange(source, line, text);
      const row = readIpvsRow(text, { source, line }, form);
      if (row?.kind === 'virtual') owner = row;
      const counters = row && countersOf(row);
      if (!row || !owner || !counters) findings.push(unknownLine(range, 'ipvsadm --stats'));
      else rows.push({ ...named(owner, row), ...counters, range });
    },
    end: () => ({
      value: { unit: form.columns === 'rate' ? 'per second' : 'total', rows },
      findings,
    }),
  };
}

export function parseIpvsStatistics(text: string, source: string): Parsed<IpvsStatistics> {
  return parseLines(text, ipvsStatisticsParser(source));
}

function named(owner: IpvsRow, row: IpvsRow) {
  const { protocol, firewallMark, endpoint } = owner;
  const real: Endpoint | undefined = row.kind === 'real' ? row.endpoint : undefined;
  return { protocol, firewallMark, virtual: endpoint, real };
}

/** The five numbers; ipvsadm cuts large ones to `123456K` (ipvsadm.c, print_largenum). */
function countersOf(row: IpvsRow) {
  const texts = row.tokens.filter((token) => countKinds.has(token.kind)).map(({ value }) => value);
  const numbers = texts.flatMap((text) => {
    const match = /^(\d+)([KMGT]?)$/.exec(text);
    return match ? [Number(match[1]) * factors[match[2]!]!] : [];
  });
  if (numbers.length !== 5) return undefined;
  return { ...counters(numbers), rounded: texts.some((text) => /[KMGT]$/.test(text)) };
}

/** In the order in which ipvsadm and the kernel print them. */
function counters(numbers: readonly number[]) {
  return {
    connections: numbers[0]!,
    inPackets: numbers[1]!,
    outPackets: numbers[2]!,
    inBytes: numbers[3]!,
    outBytes: numbers[4]!,
  };
}

const countKinds: ReadonlySet<string> = new Set([
  'connections',
  'in-packets',
  'out-packets',
  'in-bytes',
  'out-bytes',
]);

const factors: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/**
 * Reads /proc/net/ip_vs_stats and ip_vs_stats_percpu (whose line `~` is the sum): hex counters, then
 * rates (kernel: ip_vs_stats_show, ip_vs_stats_percpu_show). undefined where either is missing.
 */
export function parseProcIpvsStatistics(text: string): IpvsTotals | undefined {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  const isCounters = (words: readonly string[]) =>
    words.length === 5 && words.every((word) => /^[\dA-F]+$/i.test(word));
  const sum = lines.find((words) => words[0] === '~')?.slice(1);
  const plain = lines.filter(isCounters);
  const total = sum && isCounters(sum) ? sum : plain[0];
  const rate = sum ? plain[0] : plain[1];
  return total && rate && { total: hexCounters(total), perSecond: hexCounters(rate) };
}

function hexCounters(words: readonly string[]): IpvsCounters {
  return counters(words.map((word) => parseInt(word, 16)));
}

/** Reads `ipvsadm -L --timeout`. */
export function parseIpvsTimeouts(text: string): IpvsTimeouts | undefined {
  const match = /Timeout \(tcp tcpfin udp\): (\d+) (\d+) (\d+)/.exec(text);
  return match
    ? { tcp: Number(match[1]), tcpFin: Number(match[2]), udp: Number(match[3]) }
    : undefined;
}
