import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parseAddress } from '../src/core/address';
import type { NodeState } from '../src/core/node';
import type { Packet } from '../src/core/packet';
import { traceFlow } from '../src/core/trace/tracer';
import { parseIpAddress } from '../src/syntax/ip/address';
import { parseIpRoute } from '../src/syntax/ip/route';
import { nftRuleset } from '../src/syntax/nft/ruleset/ruleset';
import { rulesetsOfText } from '../src/syntax/iptables/ruleset/ruleset';
import type { LineParser } from '../src/syntax/treeSitter';
import type { Row } from './language';
import { formatMb, formatMs, median, times } from './measure';
import { nftChecks, restores } from './restore';

const addresses = `1: lo: <LOOPBACK,UP>
    inet 127.0.0.1/8 scope host lo
2: eth0: <UP>
    inet 192.168.77.10/24 brd 192.168.77.255 scope global eth0
3: cni0: <UP>
    inet 10.244.0.1/24 brd 10.244.0.255 scope global cni0
`;
const routes = `default via 192.168.77.1 dev eth0
10.244.0.0/24 dev cni0 proto kernel scope link src 10.244.0.1
192.168.77.0/24 dev eth0 proto kernel scope link src 192.168.77.10
local 10.244.0.1 dev cni0 table local proto kernel scope host src 10.244.0.1
local 192.168.77.10 dev eth0 table local proto kernel scope host src 192.168.77.10
`;

/** Whether a text is a listing of nft. */
export function isNft(text: string): boolean {
  return /^table (ip|ip6|inet) \S+ \{/m.test(text);
}

/** A node with these rules alone. */
export function nodeOf(text: string, parser: LineParser): NodeState {
  return {
    name: 'bench',
    ...(isNft(text)
      ? { rulesets: [], nftables: nftRuleset('nft-list-ruleset.txt', text) }
      : { rulesets: rulesetsOfText('bench', text, parser) }),
    sets: new Map(),
    interfaces: parseIpAddress(addresses, 'bench').value,
    routes: parseIpRoute(routes, 'bench').value,
    findings: [],
  };
}

/** A pod's packet to each ClusterIP port over TCP, in the order of the text. */
export function packetsTo(text: string): Packet[] {
  const rule =
    /^-A KUBE-SERVICES (?:! -s \S+ )?-d ([\d.]+)\/32 -p tcp .*--dport (\d+) -j KUBE-SVC-/gm;
  const element = /([\d.]+) \. tcp \. (\d+) : goto service-/g;
  return Array.from(text.matchAll(isNft(text) ? element : rule), ([, destination, port]) => ({
    protocol: 6,
    source: parseAddress('10.244.0.250')!,
    destination: parseAddress(destination!)!,
    sourcePort: 40_000,
    destinationPort: Number(port),
    flags: 2,
    inInterface: 'cni0',
  }));
}

/**
 * Traces through a node's rules, gzipped or not: `npm run bench -- DUMP...`. The first one is from
 * the text on; `all Services` is one packet to each.
 */
export function measureTraces(file: string, parser: LineParser): Row[] {
  const text = dumpText(file);
  const name = basename(file);
  const packets = packetsTo(text);
  const last = packets.at(-1);
  if (!last) return [[`${name}: no Service over TCP`, '', '']];
  const first = times(3, () => traceFlow(nodeOf(text, parser), packets[0]!));
  const node = nodeOf(text, parser);
  traceFlow(node, packets[0]!);
  const far = times(1, () => traceFlow(node, last));
  const next = packets.map((packet) => times(1, () => traceFlow(node, packet))[0]!);
  const all = next.reduce((sum, ms) => sum + ms, 0);
  const fresh = freshTraces(file);
  const rows: Row[] = [
    [`${name}: text to the first trace, first run`, formatMs(first[0]!), ''],
    [`${name}: text to the first trace`, formatMs(median(first)), ''],
    [`${name}: next trace, of the last Service`, formatMs(far[0]!), '10 ms'],
    [`${name}: next traces`, formatMs(median(next)), '10 ms'],
    [`${name}: next traces of a fresh process, CPU, p95 of 100`, formatMs(fresh[94]!), '10 ms'],
    [`${name}: next traces of a fresh process, CPU, worst of 100`, formatMs(fresh[99]!), '10 ms'],
    [`${name}: all ${packets.length} Services`, formatMs(all), '20 s'],
    [`${name}: memory in use after them, text included`, formatMb(inUse()), '250 MB'],
    [`${name}: memory of the process, garbage included`, formatMb(process.memoryUsage().rss), ''],
  ];
  for (const restore of isNft(text) ? nftChecks() : restores()) {
    const ms = median(times(3, () => restore.time(text)));
    rows.push([
      `${name}: ${restore.name} / first trace`,
      (ms / median(first)).toFixed(1),
      isNft(text) ? 'over 2' : 'over 1',
    ]);
  }
  return rows;
}

/** A dump's text, gzipped or not. */
export function dumpText(file: string): string {
  const bytes = readFileSync(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** What `freshTraces.ts` prints: milliseconds of the first traces, in ascending order. */
export type FreshTraces = readonly number[];

/** The first traces of a process that has compiled nothing yet, as a user meets them. */
function freshTraces(file: string): FreshTraces {
  const program = fileURLToPath(new URL('freshTraces.ts', import.meta.url));
  const printed = execFileSync(process.execPath, [...process.execArgv, program, file]);
  return JSON.parse(printed.toString()) as FreshTraces;
}

/** Bytes of the heap and outside of it that are in use, tree-sitter's memory included. */
function inUse(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return globalThis.gc ? heapUsed + external : NaN;
}
