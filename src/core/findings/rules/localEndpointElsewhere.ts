import * as l10n from '@vscode/l10n';
import { formatAddress, type Address } from '../../address';
import { devicesWith } from '../../devicesWith';
import { localEndpointsOf } from '../../kubeproxy/iptables/endpoints';
import { serviceName } from '../../kubeproxy/serviceId';
import type { NextHop, NodeState } from '../../node';
import { knowsRoutes, lookUp } from '../../trace/route/fib';
import type { Check, Found } from '../check';

/**
 * Policy Local keeps the client's source, so its endpoints must be Pods of this node: from another node
 * the answer goes straight to the client, who knows of no such connection (kubernetes#99299). Where
 * objects are at hand, `endpoint-stale` compares with them.
 */
export const localEndpointElsewhere: Check = {
  code: 'local-endpoint-elsewhere',
  severity: 'warning',
  title: l10n.t('a Service of policy Local leads to a Pod of another node'),
  modes: ['iptables'],
  certainty: 'certain',
  *find({ node, objects, programmed: { ports } }) {
    if (objects) return;
    const found: Found[] = [];
    let isNear = false;
    for (const port of ports) {
      yield undefined;
      if (!port.family || !knowsRoutes(node, port.family)) continue;
      const nat = port.ruleset?.tables.get('nat');
      for (const { address, range } of localEndpointsOf(nat, port.service.chains)) {
        const hop = hopTo(node, address);
        if (!hop) continue;
        isNear ||= hop.via === undefined;
        if (!hop.via || devicesWith(node.interfaces ?? [], hop.via).length > 0) continue;
        const { service } = port;
        found.push({
          message: l10n.t`${service.title} has policy Local, and ${formatAddress(address)} is behind ${formatAddress(hop.via)}, on another node: the client gets its answer from there, by an address that it did not ask.`,
          range,
          service: serviceName(service),
        });
      }
    }
    // Some networks reach the Pods of the node itself over a gateway, too.
    if (isNear) yield* found;
  },
};

/** The one next hop to a Pod; undefined where there are several, or it is the node itself. */
function hopTo(node: NodeState, destination: Address): NextHop | undefined {
  const found = lookUp(node, { destination, mark: 0 });
  if (found.kind !== 'route' || found.route.type !== 'unicast') return undefined;
  return found.hops.length === 1 ? found.hops[0] : undefined;
}
