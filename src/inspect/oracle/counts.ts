import { formatAddress } from '../../core/address';
import type { Leaf } from '../../core/trace/leaves';
import { difference, signature } from './compare';
import type { Backend } from './compare';
import { chiSquare } from './chiSquare';
import type { OracleCase } from './format';
import type { AnsweredEntry } from './format';
import { packetOf } from './packet';

/** One end of a trace, with its chance. */
export interface Way {
  readonly leaf: Leaf;
  readonly probability: number | undefined;
}

/** How often a whole run of tests may call a true answer a difference. */
const wholeRun = 0.01;

/** How many packets of a case have counts to be tested. */
export function countTests({ packets }: OracleCase): number {
  return packets.filter(({ samples, endpoints }) => samples ?? endpoints).length;
}

/**
 * The level of each test of counts, so that all tests of a run together are seldom wrong
 * (Bonferroni): thousands of tests at one in a thousand would always find something.
 */
export function levelFor(tests: number): number {
  return wholeRun / Math.max(1, 2 * tests);
}

/** Why the recorded samples and endpoint counts do not fit the branches' probabilities. */
export function judgeCounts(
  ways: readonly Way[],
  { packet, answer: first, samples, endpoints }: AnsweredEntry,
  level: number,
  backend: Backend,
): string | undefined {
  let reason: string | undefined;
  if (samples) {
    const sent = packetOf(packet, first);
    const counts = new Map<string, number>();
    for (const { count, answer } of samples) {
      const way = ways.find(({ leaf }) => difference(sent, leaf, answer, backend) === undefined)!;
      add(counts, signature(way.leaf, backend), count);
    }
    reason = fit(
      'samples',
      counts,
      sums(ways, (leaf) => signature(leaf, backend)),
      level,
    );
  }
  if (endpoints) {
    const counts = new Map(Object.entries(endpoints));
    const shares = sums(ways, ({ verdict }) =>
      verdict.kind === 'ACCEPT' ? formatAddress(verdict.final!.destination) : verdict.kind,
    );
    reason ??= fit('endpoints', counts, shares, level);
  }
  return reason;
}

function fit(
  what: string,
  counts: ReadonlyMap<string, number>,
  shares: ReadonlyMap<string, number>,
  level: number,
): string | undefined {
  const stray = [...counts.keys()].find((key) => !shares.has(key));
  if (stray !== undefined) return `${what}: the kernel also went to ${stray}`;
  const keys = [...shares.keys()];
  const chance = chiSquare(
    keys.map((key) => counts.get(key) ?? 0),
    keys.map((key) => shares.get(key)!),
  );
  if (chance > level) return undefined;
  const list = keys.map((key) => `${counts.get(key) ?? 0} at ${shares.get(key)}`).join(', ');
  return `${what}: the counts do not fit the probabilities (p = ${chance}): ${list}`;
}

function sums(ways: readonly Way[], keyOf: (leaf: Leaf) => string): Map<string, number> {
  const shares = new Map<string, number>();
  for (const { leaf, probability } of ways) add(shares, keyOf(leaf), probability ?? 0);
  return shares;
}

function add(map: Map<string, number>, key: string, value: number): void {
  map.set(key, (map.get(key) ?? 0) + value);
}
