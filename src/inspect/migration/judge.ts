import { differentFares, fareOf, fareSet, type Fare } from '../../core/expected/fare/fare';
import type { NodeState } from '../../core/node';
import { replyTo } from '../../core/trace/followUp';
import type { ChainOrder } from '../../core/trace/hook/hooks';
import { leaves, type Leaf } from '../../core/trace/leaves';
import { traceFlow } from '../../core/trace/tracer';
import { freshMemory, packetOf } from '../oracle/packet';
import type { MigrationAnswer, MigrationPacket } from './format';
import type { MigrationMode } from './node';

/** What the rules of a mode do with a packet. */
interface Faring {
  readonly fares: readonly Fare[];
  /** `NO FLOW`: the packet whose reply is asked for did not arrive. */
  readonly noFlow: boolean;
  readonly sticks?: string | undefined;
}

/** Whether what is expected of a packet in both modes, and the difference, is what was recorded. */
export function judgePacket(
  nodes: Readonly<Record<MigrationMode, NodeState>>,
  recorded: MigrationPacket,
  endpoints: ReadonlySet<string>,
): readonly string[] {
  const iptables = faringOf(nodes.iptables, recorded, endpoints);
  // The host's own rules were loaded before kube-proxy's table.
  const nftables = faringOf(nodes.nftables, recorded, endpoints, 'legacy-last');
  const problems = [
    ...misfits('iptables', iptables, recorded.iptables),
    ...misfits('nftables', nftables, recorded.nftables),
  ];
  if (problems.length > 0) return problems;
  const differs = differencesOf(iptables, nftables);
  const wanted = [...recorded.differs].sort().join();
  return differs.join() === wanted
    ? []
    : [`differ in ${differs.join() || 'nothing'}, not ${wanted}`];
}

function faringOf(
  node: NodeState,
  { packet: sent, then, reply }: MigrationPacket,
  endpoints: ReadonlySet<string>,
  order?: ChainOrder,
): Faring {
  const packet = packetOf(sent);
  const trace = traceFlow(node, packet, { memory: freshMemory({}), order });
  const ways = leaves(trace.path).filter(({ probability }) => probability !== 0);
  if (reply) {
    const answers = ways.flatMap((way) => {
      const answer = replyTo(packet, way.verdict);
      if (!answer) return [];
      const { path } = traceFlow(node, answer.packet, { memory: answer.memory, order });
      return leaves(path).map((leaf) => fareOf(answer.packet, leaf));
    });
    return { fares: answers, noFlow: answers.length === 0 };
  }
  const fares = ways.map((way) => fareOf(packet, way, endpoints));
  if (!then) return { fares, noFlow: false };
  return { fares, noFlow: false, sticks: sticksOf(node, ways, then, packet, order) };
}

/** Whether a second connection of the client goes where the first went; undefined where that went nowhere. */
function sticksOf(
  node: NodeState,
  ways: readonly Leaf[],
  then: NonNullable<MigrationPacket['then']>,
  first: ReturnType<typeof packetOf>,
  order: ChainOrder | undefined,
): string | undefined {
  const second = packetOf(then);
  const same = ways.flatMap((way) => {
    const before = fareOf(first, way).destination;
    if (before === undefined) return [];
    const { path } = traceFlow(node, second, { memory: way.verdict.after, order });
    return leaves(path)
      .filter(({ probability }) => probability !== 0)
      .map((leaf) => fareOf(second, leaf).destination === before);
  });
  if (same.length === 0) return undefined;
  if (same.every(Boolean)) return 'always';
  return same.some(Boolean) ? 'sometimes' : 'never';
}

function misfits(mode: MigrationMode, faring: Faring, answer: MigrationAnswer): string[] {
  const { fares, noFlow, sticks } = faring;
  const set = fareSet(fares);
  const found: string[] = [];
  const compare = (name: string, ours: readonly string[], theirs: unknown) => {
    const wanted = listOf(theirs);
    if (ours.join() !== wanted.join()) {
      found.push(
        `${mode}: ${name} ${ours.join(', ') || 'none'}, recorded ${wanted.join(', ') || 'none'}`,
      );
    }
  };
  if (noFlow) {
    compare('verdict', ['NO FLOW'], answer.verdict);
    return found;
  }
  compare('verdict', set.verdict, answer.verdict);
  compare('hears', hearsOf(set.hears, listOf(answer.hears)), answer.hears);
  compare('reject reply', set.reply.map(replyName), answer.reject_reply);
  compare('destinations', seen(set.destination, fares, answer), answer.destinations);
  compare('source', set.source, answer.source);
  compare('delivered', set.delivered, answer.delivered);
  if (answer.sticks !== undefined) compare('sticks', [sticks ?? '?'], answer.sticks);
  return found;
}

/** A reply that arrived is heard by the client, whoever it is to the node. */
function hearsOf(ours: readonly string[], theirs: readonly string[]): readonly string[] {
  return theirs.includes('client') && !ours.includes('silence') ? theirs : ours;
}

/** Of many endpoints a sample need not have met all: those that it may well have missed are left out. */
function seen(
  destinations: readonly string[],
  fares: readonly Fare[],
  { outcomes, destinations: recorded = [] }: MigrationAnswer,
): readonly string[] {
  const samples = (outcomes ?? []).reduce((sum, { count }) => sum + count, 0);
  return destinations.filter((destination) => {
    if (recorded.includes(destination)) return true;
    const share = fares
      .filter((fare) => fare.destination === destination)
      .reduce((sum, { probability = 0 }) => sum + (probability ?? 0), 0);
    return (1 - share) ** samples < 1e-6;
  });
}

function differencesOf(iptables: Faring, nftables: Faring): readonly string[] {
  if (iptables.noFlow !== nftables.noFlow) return ['hears', 'verdict'];
  if (iptables.noFlow) return [];
  const names = differentFares(iptables.fares, nftables.fares).map((aspect) =>
    aspect === 'reply' ? 'reject_reply' : aspect,
  );
  const sticks = iptables.sticks !== nftables.sticks ? ['sticks'] : [];
  return [...names, ...sticks].sort();
}

function listOf(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? [...(value as string[])] : [String(value)]).sort();
}

function replyName(reply: string): string {
  if (/port-unreachable/.test(reply)) return 'icmp 3/3';
  return /reset|rst/i.test(reply) ? 'tcp-rst' : reply;
}
