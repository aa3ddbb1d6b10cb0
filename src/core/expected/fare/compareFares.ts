import type { NodeState } from '../../node';
import type { SourceRange } from '../../source';
import type { ChainOrder } from '../../trace/hook/hooks';
import { leaves, type Leaf } from '../../trace/leaves';
import { followFlow } from '../../trace/tracer';
import type { Work } from '../../work';
import { differentFares, fareOf, type Fare, type FareAspect } from './fare';
import type { ComparedPacket } from './packets';

/** What becomes of a packet under one set of rules. */
export interface FareSide {
  readonly fares: readonly Fare[];
  /** The rule that translated it, refused or dropped it; undefined where none took it. */
  readonly rule?: SourceRange | undefined;
}

/** A packet that fares differently under two sets of rules. */
export interface FareDifference extends ComparedPacket {
  readonly aspects: readonly FareAspect[];
  readonly left: FareSide;
  readonly right: FareSide;
}

/**
 * Traces each packet through both nodes. What is unknown on a side is no difference: no dump tells.
 *
 * @param endpoints as `10.244.1.9:8080`: who asks one directly hears from an endpoint, too
 */
export function* compareFares(
  left: NodeState,
  right: NodeState,
  packets: Iterable<ComparedPacket>,
  endpoints: ReadonlySet<string>,
): Work<readonly FareDifference[]> {
  const found: FareDifference[] = [];
  for (const one of packets) {
    const ours = yield* sideOf(left, one, endpoints);
    const theirs = yield* sideOf(right, one, endpoints);
    yield;
    const aspects = differentFares(ours.fares, theirs.fares);
    const open = [...ours.fares, ...theirs.fares].some(({ hears }) => hears === 'unknown');
    if (aspects.length > 0 && !open) found.push({ ...one, aspects, left: ours, right: theirs });
  }
  return found;
}

/** The host's own rules were there before kube-proxy's table. */
const order: ChainOrder = 'legacy-last';

function* sideOf(
  node: NodeState,
  { packet }: ComparedPacket,
  endpoints: ReadonlySet<string>,
): Work<FareSide> {
  const memory = { connections: [], lists: new Map(), counters: new Map(), facts: new Map() };
  const { path } = yield* followFlow(node, packet, {
    memory,
    ...(node.nftables && { order }),
  });
  const ways = leaves(path).filter(({ probability }) => probability !== 0);
  return { fares: ways.map((way) => fareOf(packet, way, endpoints)), rule: ruleOf(ways[0]) };
}

/** Where it was translated, else what refused or dropped it; none where nothing took it. */
function ruleOf(way: Leaf | undefined): SourceRange | undefined {
  const translated = way?.steps.find((step) => step.kind === 'nat' && step.range !== undefined);
  if (translated) return translated.range;
  return way?.verdict.kind === 'ACCEPT' ? undefined : way?.verdict.range;
}
