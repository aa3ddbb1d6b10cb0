import * as l10n from '@vscode/l10n';
import {
  addressBits,
  formatAddress,
  parseAddress,
  prefixMask,
  sameAddress,
  type Address,
} from '../address';
import type { ProgrammedPort } from '../kubeproxy/programmed';
import type { NodeState } from '../node';
import type { Packet } from '../packet';
import { arrivalOf } from '../trace/arrival';
import { withPort } from '../trace/headerText';
import { foldForks } from '../trace/foldForks';
import { leaves, type Leaf } from '../trace/leaves';
import { ownAddress } from '../trace/ownAddress';
import { socketSource } from '../trace/socketSource';
import { followFlow } from '../trace/tracer';
import type { Work } from '../work';
import type { NodeAnswer } from './answer';
import { givenOf, startText, verdictsOf, wayText } from './ways';

/** A client outside, of a range that no network has (RFC 5737). */
const outside = parseAddress('192.0.2.1')!;
/** Service ports among whose endpoints a pod of the node is looked for. */
const mostSearched = 50;

/**
 * Does a Service answer from here: one sentence for each way in, the node itself, a pod of it and
 * a client outside, with where it ends, the rule that did it and the source that the pod sees.
 */
export function* askService(
  node: NodeState,
  { service, family }: ProgrammedPort,
  pod: Address | undefined,
): Work<readonly NodeAnswer[]> {
  const answers: NodeAnswer[] = [];
  for (const { who, packet } of packetsTo(node, service, pod, family)) {
    const trace = yield* followFlow(node, packet);
    const ways = leaves(yield* foldForks(trace)).map((way) => untaken(way, packet, service));
    const { start, certainty } = verdictsOf(ways);
    const given = givenOf(ways);
    const texts = [...new Set(ways.map(wayText))];
    const more = texts.length > 6 ? l10n.t`; and ${texts.length - 6} ways more` : '';
    const [blocked] = ways.filter(({ verdict }) => verdict.kind !== 'ACCEPT' && verdict.range);
    answers.push({
      question: l10n.t`Does ${service.title} answer ${who} at ${withPort(packet.destination, packet.destinationPort)}?`,
      answer: `${startText(start)}: ${texts.slice(0, 6).join('; ')}${more}${given === undefined ? '' : l10n.t`, if ${given}`}.`,
      certainty,
      findings: blocked?.verdict.range
        ? [
            {
              severity: 'information',
              code: 'way-ends',
              message: `${blocked.verdict.kind}: ${blocked.verdict.reason}.`,
              range: blocked.verdict.range,
            },
          ]
        : [],
    });
  }
  return answers;
}

/**
 * A way that leaves the node for the Service's own address: nobody there answers. Unless rules that no dump
 * shows would have taken it.
 */
function untaken(way: Leaf, packet: Packet, { endpoints }: ProgrammedPort['service']): Leaf {
  const { kind, final, delivered, given } = way.verdict;
  if (kind !== 'ACCEPT' || !final || delivered === 'local') return way;
  const { destination } = packet;
  const stays =
    sameAddress(final.destination, destination) &&
    !endpoints.some(({ address }) => sameAddress(address, destination));
  if (!stays) return way;
  const reason = l10n.t`no rule or virtual server takes it, and it leaves as it came`;
  return { ...way, verdict: { ...way.verdict, kind: given ? 'UNKNOWN' : 'LOST', reason } };
}

/** A packet, and of whom. */
export interface Probe {
  readonly who: string;
  readonly packet: Packet;
}

/** One packet for each way into a Service port and each who goes there. */
export function* packetsTo(
  node: NodeState,
  { entries, protocol }: ProgrammedPort['service'],
  pod: Address | undefined,
  family: 4 | 6 = 4,
): Generator<Probe> {
  const base = { protocol, sourcePort: 40000 };
  const own = ownAddress(node, family);
  for (const { kind, address, port } of entries) {
    const destination = address ?? own;
    if (!destination || destination.family !== family) continue;
    const to = { ...base, destination, destinationPort: port };
    if (kind === 'cluster-ip') {
      const source = socketSource(node, destination) ?? own;
      if (source) yield { who: l10n.t('this node'), packet: { ...to, source } };
      const by = pod && pod.family === family ? arrivalOf(node, pod) : undefined;
      if (pod && by?.kind === 'device') {
        yield { who: l10n.t('a pod'), packet: { ...to, source: pod, inInterface: by.device } };
      }
      continue;
    }
    const arrival = arrivalOf(node, outside);
    if (family !== 4 || arrival.kind !== 'device') continue;
    yield {
      who: l10n.t('a client outside'),
      packet: { ...to, source: outside, inInterface: arrival.device },
    };
  }
}

/**
 * A pod of the node that is no endpoint of the Service, which would be asked about hairpin as well:
 * an endpoint of another one, on a device of the node.
 */
export function podBeside(
  node: NodeState,
  { service }: ProgrammedPort,
  all: readonly ProgrammedPort[],
): Address | undefined {
  const own = new Set(service.endpoints.map(({ address }) => formatAddress(address)));
  for (const { service: other } of all.slice(0, mostSearched)) {
    const found = other.endpoints.find(({ address }) => {
      if (own.has(formatAddress(address)) || address.family !== 4) return false;
      const route = arrivalOf(node, address);
      // Behind a router it is on another node.
      return route.kind === 'device' && isNeighbour(node, address);
    });
    if (found) return found.address;
  }
  return undefined;
}

/** In the network of one of the node's own devices. */
function isNeighbour({ interfaces = [] }: NodeState, { family, words }: Address): boolean {
  return interfaces.some(({ addresses }) =>
    addresses.some(({ address: own, prefixLength }) => {
      if (own.family !== family || prefixLength >= addressBits(family)) return false;
      return prefixMask(family, prefixLength).every(
        (mask, i) => (words[i]! & mask) === (own.words[i]! & mask),
      );
    }),
  );
}
