import * as l10n from '@vscode/l10n';
import { formatAddress, sameAddress, withPort } from '../../address';
import type { ProgrammedPort } from '../../kubeproxy/programmed';
import type { NodeState } from '../../node';
import type { Packet } from '../../packet';
import { clientOutside } from '../../trace/probe';
import { leaves, type Leaf } from '../../trace/leaves';
import type { ChainEndStep, RuleStep } from '../../trace/trace';
import { followFlow } from '../../trace/tracer';
import type { Check } from '../check';
import { probeTo } from './probeTo';

/** Service ports that are traced: rules of others drop all Services alike. */
const mostPorts = 12;

/**
 * What kube-proxy sends on and somebody else's rule then drops: FORWARD with policy DROP
 * (kubernetes#40182), INPUT with policy DROP in ipvs mode (kubernetes#98465), firewalls, the rules
 * of a removed CNI (calico#5100).
 */
export const dropped: Check = {
  code: 'dropped-by-other-rules',
  severity: 'warning',
  title: l10n.t('a rule that is not of kube-proxy drops traffic to a Service'),
  *find({ node, programmed: { ports } }) {
    const told = new Set<string>();
    for (const port of sample(ports)) {
      yield undefined;
      if (!port) continue;
      for (const packet of packetsTo(node, port)) {
        const trace = yield* followFlow(node, packet, { onlySure: true });
        const ways = leaves(trace.path);
        const [way] = ways;
        // Only where every way ends so, and nothing on it is a guess.
        if (!way || !ways.every((one) => isDropped(one))) continue;
        const { verdict } = way;
        const range = verdict.range;
        const key = range && `${range.source} ${range.line}`;
        if (!range || key === undefined || told.has(key)) continue;
        told.add(key);
        yield {
          message: l10n.t`${whoOf(packet)} does not reach ${port.service.title} at ${withPort(packet.destination, packet.destinationPort)}: ${verdict.reason}, which is not of kube-proxy.`,
          range,
          related: [{ message: l10n.t('the Service'), range: port.service.range }],
        };
      }
    }
  },
};

/** The address of a client outside stands for all of them. */
function whoOf({ source }: Packet): string {
  return sameAddress(source, clientOutside)
    ? l10n.t('A client outside')
    : l10n.t`The node itself (${formatAddress(source)})`;
}

function* sample(ports: readonly ProgrammedPort[]): Generator<ProgrammedPort | undefined> {
  let taken = 0;
  for (const port of ports) {
    const { service, family } = port;
    if (service.protocol !== 6 || family === 6) continue;
    if (taken >= mostPorts) return;
    if ((yield* service.readEndpoints()).length === 0) continue;
    taken++;
    yield port;
  }
}

/** From a client outside to where a client outside comes in, and from the node itself. */
function* packetsTo(node: NodeState, { service }: ProgrammedPort): Generator<Packet> {
  for (const entry of service.entries) {
    if (entry.kind !== 'cluster-ip' && entry.kind !== 'node-port') continue;
    const packet = probeTo(node, entry, service.protocol);
    if (packet) yield packet;
  }
}

/** By a rule or a policy of a chain that kube-proxy does not write. */
function isDropped({ verdict, branches, steps }: Leaf): boolean {
  if (verdict.kind !== 'DROP' && verdict.kind !== 'REJECT') return false;
  if (verdict.by === 'ipvs' || branches.some(({ unknown }) => unknown !== undefined)) return false;
  const last = steps.findLast(
    (step): step is RuleStep | ChainEndStep => step.kind === 'rule' || step.kind === 'policy',
  );
  if (!last) return false;
  const isNftables = last.family !== undefined && last.table === 'kube-proxy';
  return !isNftables && !last.chain.startsWith('KUBE-');
}
