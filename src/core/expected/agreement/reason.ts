import * as l10n from '@vscode/l10n';
import type { RuleDifference } from '../compare/chains';
import type { Endpoint } from '../endpoints';
import type { ServicePort } from '../servicePorts';

/** Why a rule should be there, or should not, by the objects; undefined where they do not tell. */
export function reasonOf(
  { kind, expected, wanted, actual }: RuleDifference,
  port: ServicePort,
): string | undefined {
  if (kind === 'stale') return staleReason(actual?.text ?? '', port);
  const endpoint = (expected ?? wanted)?.endpoint;
  if (endpoint) return l10n.t`endpoint ${endpoint.text} is ${stateOf(endpoint)}`;
  switch (expected?.role) {
    case 'no-endpoints':
      return emptyReason(port);
    case 'no-local-endpoints':
      return l10n.t('its traffic policy is Local, and no endpoint on this node is ready');
    case 'source-range':
      return l10n.t('its loadBalancerSourceRanges say who may use the load balancer');
    case 'external-ip':
      return l10n.t('its externalIPs name the address');
    case 'load-balancer-ip':
      return l10n.t('its status names the load balancer address');
    case 'node-port':
      return l10n.t`its node port is ${port.nodePort}`;
    default:
      return undefined;
  }
}

function stateOf({ ready, terminating, serving }: Endpoint): string {
  if (ready) return 'ready';
  return terminating && serving ? l10n.t('terminating and still serves') : l10n.t('not ready');
}

/** Rules that reject are right where the slices name another port than the Service. */
function emptyReason(port: ServicePort): string {
  if (port.endpoints.length === 0) {
    return l10n.t`its EndpointSlices have no endpoint for the port "${port.name.port}"`;
  }
  return l10n.t('none of its endpoints is ready');
}

/** The endpoint that a rule names: behind `->`, or where it translates to. */
const named = /-> ([^\s"]+)"|--to-destination (\S+)|-r (\S+)|dnat to ([[\d][^\s;]*)/;

/** Whether a difference is about an endpoint alone, and not about a Service port's entries or policy. */
export function isOfEndpoint({ expected, wanted, actual }: RuleDifference): boolean {
  return (expected ?? wanted)?.endpoint !== undefined || named.test(actual?.text ?? '');
}

function staleReason(text: string, port: ServicePort): string | undefined {
  const groups = named.exec(text)?.slice(1);
  const address = groups?.find((group) => group !== undefined);
  if (address === undefined) return undefined;
  const endpoint = port.endpoints.find((one) => one.text === address);
  if (!endpoint) return l10n.t`its EndpointSlices have no endpoint ${address}: its rules should go`;
  if (endpoint.terminating) return l10n.t`endpoint ${address} is terminating: its rules should go`;
  if (!endpoint.ready) return l10n.t`endpoint ${address} is not ready: its rules should go`;
  const { reachable } = port.choice;
  if (reachable.includes(endpoint)) return undefined;
  return endpoint.local || !(port.internalLocal || port.externalLocal)
    ? l10n.t`topology hints leave endpoint ${address} to other zones or nodes`
    : l10n.t`endpoint ${address} is on another node, and the traffic policy is Local`;
}
