import * as l10n from '@vscode/l10n';
import { formatAddress, sameAddress, type Address, type Family } from '../../address';
import type { ProgrammedPort } from '../../kubeproxy/programmed';
import type { NodeState } from '../../node';
import type { Packet } from '../../packet';
import type { ServiceView } from '../../service';
import { bridgeSysctl, portsOf } from '../../trace/bridge/bridgePort';
import { knowsRoutes, lookUp } from '../../trace/route/fib';
import { leaves, type Leaf } from '../../trace/leaves';
import { probeOf } from '../../trace/probe';
import { followFlow } from '../../trace/tracer';
import type { Check } from '../check';
import { toldSysctl } from './told';

/** Services that are traced: all with an endpoint on the bridge fare alike. */
const mostTraced = 12;

/**
 * Without br_netfilter's call of the rules a bridge hands the answer of one of its pods to another
 * straight on: conntrack and IPVS, which changed the way there, do not see the way back, and the client
 * gets an answer from somebody whom it did not ask.
 */
export const bridgePastRules: Check = {
  code: 'bridge-past-rules',
  severity: 'error',
  title: l10n.t('answers from pod to pod of this node pass no rule'),
  modes: ['iptables', 'ipvs', 'nftables'],
  *find({ node, programmed: { ports } }) {
    for (const family of [4, 6] as const) {
      const told = toldSysctl(node, bridgeSysctl(family));
      if (told?.value !== '0' || !knowsRoutes(node, family)) continue;
      let traced = 0;
      for (const one of asking(node, ports, family)) {
        if (!one) {
          yield undefined;
          continue;
        }
        if (traced++ >= mostTraced) break;
        const { pod, device, packet, service } = one;
        const ways = leaves((yield* followFlow(node, packet, { onlySure: true })).path);
        const answers = ways.find((way) => keepsSource(way, device, pod))?.verdict.final
          ?.destination;
        if (!answers) continue;
        yield {
          message: l10n.t`${told.name} is 0: ${device} hands the answer of ${formatAddress(answers)} to ${formatAddress(pod)} past all rules, with a source that ${formatAddress(pod)} never asked. Pods of this node get no answer from a Service’s endpoints on this node.`,
          range: told.range,
          related: [{ message: l10n.t('such a Service'), range: service.range }],
        };
        return;
      }
    }
  },
};

/** A pod that asks a Service, which has an endpoint behind the pod's own bridge. */
interface Asking {
  readonly pod: Address;
  readonly device: string;
  readonly packet: Packet;
  readonly service: ServiceView;
}

/** Yields `undefined` to give way. */
function* asking(
  node: NodeState,
  ports: readonly ProgrammedPort[],
  family: Family,
): Generator<Asking | undefined> {
  const pods = new Map<string, Address>();
  for (const { service } of ports) {
    yield undefined;
    const entry = service.entries.find(({ address }) => address?.family === family);
    if (!entry?.address || entry.kind === 'node-port') continue;
    for (const { address } of yield* service.readEndpoints()) {
      const device = bridgeOf(node, address);
      if (device === undefined) continue;
      const pod = pods.get(device);
      if (!pod) pods.set(device, address);
      if (!pod || sameAddress(pod, address)) continue;
      const place = { source: pod, device };
      const packet = probeOf(place, service.protocol, entry.address, entry.port);
      yield { pod, device, packet, service };
    }
  }
}

/** The bridge that an address of a pod is behind, where it is one for sure: devices name it as their master. */
function bridgeOf(node: NodeState, destination: Address): string | undefined {
  const way = lookUp(node, { destination, mark: 0 });
  const [next, ...more] = way.kind === 'route' ? way.route.nextHops : [];
  if (!next?.device || next.via || more.length > 0) return undefined;
  return (portsOf(node, next.device) ?? []).length > 1 ? next.device : undefined;
}

/** Whether it goes back out of the bridge to another pod, unmasqueraded. */
function keepsSource({ verdict, branches }: Leaf, device: string, pod: Address): boolean {
  const { final, delivered } = verdict;
  if (verdict.kind !== 'ACCEPT' || delivered !== device || !final) return false;
  if (branches.some(({ unknown }) => unknown !== undefined)) return false;
  return sameAddress(final.source, pod) && !sameAddress(final.destination, pod);
}
