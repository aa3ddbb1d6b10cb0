import type { NodeState } from '../../core/node';
import { sameAddress } from '../../core/address';
import type { FlowState } from '../../core/trace/conntrack/flowState';
import type { ChainOrder } from '../../core/trace/hook/hooks';
import { leaves } from '../../core/trace/leaves';
import { traceFlow } from '../../core/trace/tracer';
import { difference } from './compare';
import type { Backend } from './compare';
import { judgeCounts, type Way } from './counts';
import type { AnsweredEntry, OracleAnswer, OracleCase, OracleEntry } from './format';
import { freshMemory, packetOf } from './packet';
import { afterRun } from './run';
import { unreadOf } from './unread';

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

/**
 * Traces a case's packets in order and compares each with the recorded answer.
 *
 * @param level what a test of counts must be less likely than to be called a difference
 * @returns undefined for entries without a packet
 */
export function judgeCase(
  node: NodeState,
  oracle: OracleCase,
  backend: Backend,
  level: number,
): readonly (Judgement | undefined)[] {
  let worlds: readonly World[] = [];
  let lost: string | undefined;
  let now = node;
  return oracle.packets.map((entry) => {
    if (entry.run !== undefined) {
      const ipvs = now.ipvs && afterRun(now.ipvs, entry.run);
      if (ipvs) now = { ...now, ipvs };
      else lost = `this reader does not take the command that was run before: ${entry.run}`;
    }
    if (!isAnswered(entry)) return undefined;
    if (!isKept(entry)) {
      if (!isSequence(oracle)) worlds = [];
      lost = undefined;
      now = node;
    }
    if (worlds.length > mostWorlds) return { result: 'unknown', reason: tooMany };
    lost ??= unreadOf(oracle, entry);
    if (lost !== undefined) return { result: 'unknown', reason: lost };
    const before = isKept(entry) ? following(worlds, entry) : fresh(entry, worlds, oracle);
    const ways = waysThatFit(
      (order) => before.flatMap((world) => waysFrom(now, entry, world, order)),
      (found) => judge(found, entry, backend, level).result !== 'differ',
      backend,
    );
    const single = oracle.ipvsadm !== undefined || isSequence(oracle);
    worlds = (single ? observed(ways, entry, backend) : ways).map(({ leaf, probability }) => ({
      memory: leaf.verdict.after,
      probability,
    }));
    return judge(ways, entry, backend, level);
  });
}

/** Each of them is traced for the next packet, and may become many. */
const mostWorlds = 200;
const tooMany = 'what the packets before have left is too much to follow';

function isAnswered(entry: OracleEntry): entry is AnsweredEntry {
  return entry.packet !== undefined && entry.answer !== undefined;
}

function isKept({ keep }: OracleEntry): boolean {
  return keep !== undefined && keep !== false;
}

/** Rules with counts are loaded anew for each flow, unless the recording says otherwise. */
function isSequence({ steps, about }: OracleCase): boolean {
  return steps === 'sequence' || /\bwithout reloading\b/.test(about ?? '');
}

/** In a sequence each packet is one, not a sample: what it showed holds for the rest of the session. */
function observed(
  ways: readonly Way[],
  { packet, answer }: AnsweredEntry,
  backend: Backend,
): readonly Way[] {
  const sent = packetOf(packet, answer);
  const seen = ways.filter(({ leaf }) => difference(sent, leaf, answer, backend) === undefined);
  return seen.length === 0 ? ways : shared(seen);
}

/** The chances of what is left, as parts of 1. */
function shared<T extends { readonly probability: number | undefined }>(
  ways: readonly T[],
): readonly T[] {
  const [only] = ways;
  if (only && ways.length === 1) return [{ ...only, probability: 1 }];
  const total = ways.reduce((sum, { probability }) => sum + (probability ?? 0), 0);
  return ways.map((way) => ({
    ...way,
    probability: way.probability === undefined ? undefined : way.probability / total,
  }));
}

/**
 * The ways of the trace. A listing does not tell in which order chains with one priority run, and the
 * recordings load their rules anew between packets: where the result is the same, either order is right.
 */
function waysThatFit(
  waysIn: (order?: ChainOrder) => readonly Way[],
  fits: (ways: readonly Way[]) => boolean,
  backend: Backend,
): readonly Way[] {
  const ways = waysIn();
  if (backend !== 'listing' || fits(ways)) return ways;
  const others = (['legacy-last', 'first-first'] as const).map((order) => waysIn(order));
  return others.find(fits) ?? ways;
}

/** A node set up anew; in a sequence only the connections are gone, and the lists are set. */
function fresh(
  entry: AnsweredEntry,
  worlds: readonly World[],
  oracle: OracleCase,
): readonly World[] {
  const memory = freshMemory(entry);
  if (!isSequence(oracle) || worlds.length === 0) return [{ memory, probability: 1 }];
  return worlds.map((world) => ({
    ...world,
    memory: {
      ...memory,
      lists: new Map([...(world.memory.lists ?? []), ...(memory.lists ?? [])]),
      counters: world.memory.counters,
    },
  }));
}

/** A reply tells which of the worlds it is: only those in which it answers something stay. */
function following(worlds: readonly World[], entry: AnsweredEntry): readonly World[] {
  if (typeof entry.keep !== 'string' || !entry.keep.startsWith('reply')) return worlds;
  const { source, destination, sourcePort } = packetOf(entry.packet);
  const answered = worlds.filter(({ memory }) =>
    memory.connections?.some(
      ({ reply }) =>
        sameAddress(reply.source, source) &&
        sameAddress(reply.destination, destination) &&
        (reply.sourcePort ?? sourcePort) === sourcePort,
    ),
  );
  // Of a packet that conntrack did not track no world knows the reply.
  return answered.length === 0 ? worlds : shared(answered);
}

function waysFrom(
  node: NodeState,
  { packet, answer }: AnsweredEntry,
  { memory, probability }: World,
  order?: ChainOrder,
): readonly Way[] {
  const options = { memory, mark: packet.so_mark, ...(order && { order }) };
  const trace = traceFlow(node, packetOf(packet, answer), options);
  // What a scheduler by connections may choose once the counts have changed has no chance now.
  const ways = leaves(trace.path).filter((leaf) => leaf.probability !== 0);
  return ways.map((leaf) => ({
    leaf,
    probability:
      probability === undefined || leaf.probability === undefined
        ? undefined
        : probability * leaf.probability,
  }));
}

function judge(
  ways: readonly Way[],
  entry: AnsweredEntry,
  backend: Backend,
  level: number,
): Judgement {
  const answer = backend === 'nft' && typeof entry.nft === 'object' ? entry.nft : entry.answer;
  const answers = [
    answer,
    ...(backend !== 'nft' ? (entry.samples ?? []).map((s) => s.answer) : []),
  ];
  for (const one of answers) {
    const found = judgeAnswer(ways, entry, one, backend);
    if (found) return found;
  }
  const open = ways.find(({ probability }) => probability === undefined);
  if (open) {
    const conditions = open.leaf.branches.map(({ condition, unknown }) => unknown ?? condition);
    return { result: 'unknown', reason: conditions.join('; ') };
  }
  const misfit = backend === 'nft' ? undefined : judgeCounts(ways, entry, level, backend);
  return misfit === undefined
    ? { result: 'agree', reason: '' }
    : { result: 'differ', reason: misfit };
}

function judgeAnswer(
  ways: readonly Way[],
  entry: AnsweredEntry,
  answer: OracleAnswer,
  backend: Backend,
): Judgement | undefined {
  const packet = packetOf(entry.packet, entry.answer);
  const reasons: string[] = [];
  for (const { leaf } of ways) {
    const reason = difference(packet, leaf, answer, backend);
    if (reason === undefined) return undefined;
    reasons.push(reason);
  }
  const unknown = ways.find(({ leaf }) => leaf.verdict.kind === 'UNKNOWN');
  if (unknown) return { result: 'unknown', reason: unknown.leaf.verdict.reason };
  return { result: 'differ', reason: reasons[0] ?? 'no way at all' };
}
