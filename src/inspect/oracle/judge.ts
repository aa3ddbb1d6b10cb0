import { formatAddress } from '../../core/address';
import type { NodeState } from '../../core/node';
import type { FlowState } from '../../core/trace/flowState';
import { leaves } from '../../core/trace/leaves';
import type { Leaf } from '../../core/trace/leaves';
import { traceFlow } from '../../core/trace/tracer';
import { chiSquare } from './chiSquare';
import { difference, signature } from './compare';
import type { Backend } from './compare';
import type { OracleAnswer, OracleCase, OracleEntry } from './format';
import { freshMemory, packetOf } from './packet';

/** How the trace of one packet stands to the kernel's answer. */
export interface Judgement {
  readonly result: 'agree' | 'differ' | 'unknown';
  /** For differ and unknown. */
  readonly reason: string;
}

/** What the node may remember, with its chance; several after a packet that chance decided. */
interface World {
  readonly memory: FlowState;
  readonly probability: number | undefined;
}

interface Way {
  readonly leaf: Leaf;
  readonly probability: number | undefined;
}

const leastChance = 0.001;

/** Traces a case's packets in order and compares each with the recorded answer. */
export function judgeCase(
  node: NodeState,
  oracle: OracleCase,
  backend: Backend,
): readonly (Judgement | undefined)[] {
  let worlds: readonly World[] = [];
  return oracle.packets.map((entry) => {
    if (!isAnswered(entry)) return undefined;
    const before =
      entry.keep === undefined || entry.keep === false ? fresh(entry) : following(worlds, entry);
    const ways = before.flatMap((world) => waysFrom(node, entry, world));
    worlds = (oracle.ipvsadm === undefined ? ways : observed(ways, entry, backend)).map(
      ({ leaf, probability }) => ({
        memory: leaf.verdict.after,
        probability,
      }),
    );
    return judge(ways, entry, backend);
  });
}

type AnsweredEntry = OracleEntry & Required<Pick<OracleEntry, 'packet' | 'answer'>>;

function isAnswered(entry: OracleEntry): entry is AnsweredEntry {
  return entry.packet !== undefined && entry.answer !== undefined;
}

/** Of IPVS each packet is one, not a sample: what it showed holds for the rest of the session. */
function observed(
  ways: readonly Way[],
  { answer }: AnsweredEntry,
  backend: Backend,
): readonly Way[] {
  const seen = ways.filter(({ leaf }) => difference(leaf, answer, backend) === undefined);
  const [only] = seen;
  if (!only) return ways;
  if (seen.length === 1) return [{ leaf: only.leaf, probability: 1 }];
  const total = seen.reduce((sum, { probability }) => sum + (probability ?? 0), 0);
  return seen.map(({ leaf, probability }) => ({
    leaf,
    probability: probability === undefined ? undefined : probability / total,
  }));
}

function fresh(entry: AnsweredEntry): readonly World[] {
  return [{ memory: freshMemory(entry), probability: 1 }];
}

/** A reply tells which of the worlds it is: only those in which it answers something stay. */
function following(worlds: readonly World[], entry: AnsweredEntry): readonly World[] {
  if (typeof entry.keep !== 'string' || !entry.keep.startsWith('reply')) return worlds;
  const { source, destination, sourcePort } = packetOf(entry.packet);
  const answered = worlds.filter(({ memory }) =>
    memory.connections?.some(
      ({ reply }) =>
        formatAddress(reply.source) === formatAddress(source) &&
        formatAddress(reply.destination) === formatAddress(destination) &&
        (reply.sourcePort ?? sourcePort) === sourcePort,
    ),
  );
  const total = answered.reduce((sum, { probability }) => sum + (probability ?? 0), 0);
  return answered.map((world) => ({
    ...world,
    probability: world.probability === undefined ? undefined : world.probability / total,
  }));
}

function waysFrom(
  node: NodeState,
  entry: AnsweredEntry,
  { memory, probability }: World,
): readonly Way[] {
  const trace = traceFlow(node, packetOf(entry.packet, entry.answer), { memory });
  return leaves(trace.path).map((leaf) => ({
    leaf,
    probability:
      probability === undefined || leaf.probability === undefined
        ? undefined
        : probability * leaf.probability,
  }));
}

function judge(ways: readonly Way[], entry: AnsweredEntry, backend: Backend): Judgement {
  const answer = backend === 'nft' && typeof entry.nft === 'object' ? entry.nft : entry.answer;
  const answers = [
    answer,
    ...(backend === 'legacy' ? (entry.samples ?? []).map((s) => s.answer) : []),
  ];
  for (const one of answers) {
    const found = judgeAnswer(ways, one, backend);
    if (found) return found;
  }
  const open = ways.find(({ probability }) => probability === undefined);
  if (open) {
    const conditions = open.leaf.branches.map(({ condition, unknown }) => unknown ?? condition);
    return { result: 'unknown', reason: conditions.join('; ') };
  }
  return judgeCounts(ways, entry, backend) ?? { result: 'agree', reason: '' };
}

function judgeAnswer(
  ways: readonly Way[],
  answer: OracleAnswer,
  backend: Backend,
): Judgement | undefined {
  if (ways.some(({ leaf }) => difference(leaf, answer, backend) === undefined)) return undefined;
  const unknown = ways.find(({ leaf }) => leaf.verdict.kind === 'UNKNOWN');
  if (unknown) return { result: 'unknown', reason: unknown.leaf.verdict.reason };
  const reasons = ways.map(({ leaf }) => difference(leaf, answer, backend)!);
  return { result: 'differ', reason: reasons[0] ?? 'no way at all' };
}

/** The recorded samples and endpoint counts against the branches' probabilities. */
function judgeCounts(
  ways: readonly Way[],
  { samples, endpoints }: OracleEntry,
  backend: Backend,
): Judgement | undefined {
  if (backend === 'nft') return undefined;
  const checks: [string, Map<string, number>, Map<string, number>][] = [];
  if (samples) {
    const counts = new Map<string, number>();
    for (const { count, answer } of samples) {
      const way = ways.find(({ leaf }) => difference(leaf, answer, backend) === undefined)!;
      add(counts, signature(way.leaf, backend), count);
    }
    checks.push(['samples', counts, sums(ways, (leaf) => signature(leaf, backend))]);
  }
  if (endpoints) {
    const counts = new Map(Object.entries(endpoints));
    const shares = sums(ways, ({ verdict }) =>
      verdict.kind === 'ACCEPT' ? formatAddress(verdict.final!.destination) : verdict.kind,
    );
    checks.push(['endpoints', counts, shares]);
  }
  for (const [what, counts, shares] of checks) {
    const reason = fit(what, counts, shares);
    if (reason !== undefined) return { result: 'differ', reason };
  }
  return undefined;
}

function fit(
  what: string,
  counts: ReadonlyMap<string, number>,
  shares: ReadonlyMap<string, number>,
): string | undefined {
  const stray = [...counts.keys()].find((key) => !shares.has(key));
  if (stray !== undefined) return `${what}: the kernel also went to ${stray}`;
  const keys = [...shares.keys()];
  const chance = chiSquare(
    keys.map((key) => counts.get(key) ?? 0),
    keys.map((key) => shares.get(key)!),
  );
  if (chance > leastChance) return undefined;
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
