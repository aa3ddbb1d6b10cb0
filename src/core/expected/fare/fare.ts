import { formatAddress, sameAddress, withPort } from '../../address';
import type { Packet } from '../../packet';
import type { Leaf } from '../../trace/leaves';
import type { Verdict } from '../../trace/trace';

/** Whom the sender of a packet hears from. */
export type Answerer =
  /** An endpoint that the packet was translated to. */
  | 'endpoint'
  /** The node itself, not a Service: mostly "connection refused". */
  | 'node'
  /** Whoever has the address, which was left as it is. */
  | 'network'
  | 'reject'
  | 'silence'
  | 'unknown';

/** What one way of a packet through a node comes to for its sender. */
export interface Fare {
  readonly verdict: Verdict['kind'];
  readonly hears: Answerer;
  /** `10.244.1.9:8080`, without a port for a ping; undefined where it is not delivered. */
  readonly destination?: string;
  /** `unchanged`, or the address that it was given. */
  readonly source?: string;
  /** `local`, or the device it leaves by. */
  readonly delivered?: string;
  /** `icmp-port-unreachable`, `tcp-reset`. */
  readonly reply?: string;
  /** Of all ways; undefined where state decides, or something unknown. */
  readonly probability: number | undefined;
}

/**
 * @param packet as it was sent
 * @param endpoints as `10.244.1.9:8080`: who asks one directly hears from an endpoint, too
 */
export function fareOf(
  packet: Packet,
  { verdict, probability }: Leaf,
  endpoints: ReadonlySet<string> = new Set(),
): Fare {
  const { kind, final, delivered, reply } = verdict;
  if (kind === 'REJECT') {
    const silent = verdict.client?.sees === 'silence';
    return {
      verdict: kind,
      hears: silent ? 'silence' : 'reject',
      ...(reply !== undefined && !silent && { reply }),
      probability,
    };
  }
  if (kind !== 'ACCEPT' || !final) {
    return { verdict: kind, hears: kind === 'UNKNOWN' ? 'unknown' : 'silence', probability };
  }
  const translated =
    !sameAddress(final.destination, packet.destination) ||
    final.destinationPort !== packet.destinationPort;
  const source = formatAddress(final.source);
  const destination = withPort(final.destination, final.destinationPort);
  const served = translated || endpoints.has(destination);
  return {
    verdict: kind,
    hears: served ? 'endpoint' : delivered === 'local' ? 'node' : 'network',
    destination,
    source: source === formatAddress(packet.source) ? 'unchanged' : source,
    ...(delivered !== undefined && { delivered }),
    probability,
  };
}

/** What a packet's ways have in common, and in what they differ: each as a sorted set. */
export interface FareSet {
  readonly verdict: readonly string[];
  readonly hears: readonly string[];
  readonly reply: readonly string[];
  readonly destination: readonly string[];
  readonly source: readonly string[];
  readonly delivered: readonly string[];
}

export function fareSet(fares: readonly Fare[]): FareSet {
  const all = (pick: (fare: Fare) => string | undefined) =>
    [...new Set(fares.map(pick).filter((text) => text !== undefined))].sort();
  return {
    verdict: all(({ verdict }) => verdict),
    hears: all(({ hears }) => hears),
    reply: all(({ reply }) => reply),
    destination: all(({ destination }) => destination),
    source: all(({ source }) => source),
    delivered: all(({ delivered }) => delivered),
  };
}

export type FareAspect = keyof FareSet;

/**
 * In what a packet fares differently. How it is delivered follows from its destination, and is compared
 * for destinations that both have; so is its source, where there are any.
 */
export function differentFares(
  left: readonly Fare[],
  right: readonly Fare[],
): readonly FareAspect[] {
  const [one, other] = [fareSet(left), fareSet(right)];
  const bothHave = (aspect: FareAspect) => one[aspect].length > 0 && other[aspect].length > 0;
  const differs = (aspect: FareAspect) => one[aspect].join() !== other[aspect].join();
  const found: FareAspect[] = (['verdict', 'hears'] as const).filter(differs);
  // Who is not delivered has no destination to compare, who is not refused no reply.
  for (const aspect of ['reply', 'destination'] as const) {
    if (bothHave(aspect) && differs(aspect)) found.push(aspect);
  }
  const shared = one.destination.filter((each) => other.destination.includes(each));
  const differThere = (aspect: FareAspect) =>
    shared.some((each) => {
      const there = (fares: readonly Fare[]) =>
        fareSet(fares.filter(({ destination }) => destination === each))[aspect].join();
      return there(left) !== there(right);
    });
  if (differThere('delivered')) found.push('delivered');
  const source =
    shared.length > 0 ? differThere('source') : bothHave('source') && differs('source');
  if (source) found.push('source');
  return found;
}
