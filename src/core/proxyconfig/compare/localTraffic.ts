import { list } from '../../describe/words';
import { formatNetwork, parseNetwork, type Family, type Network } from '../../address';
import {
  localTrafficSeen,
  type LocalTraffic,
  type SeenTraffic,
} from '../../kubeproxy/localTraffic';
import type { ProxyNode } from '../node';
import type { LocalMode, ProxySettings } from '../settings';
import { applied, differs, unknown, unused, type Compare, type Outcome } from './comparison';
import { otherRules } from './otherRules';

/** What tells local traffic in the rules, against clusterCIDR, detectLocalMode and detectLocal. */
export const compareLocalTraffic: Compare = (settings, node) => {
  const { mode, localMode } = settings;
  if (mode === undefined || localMode === undefined) return undefined;
  const other = otherRules(mode, node);
  if (other) return other;
  const seen = localTrafficSeen(node.state, mode);
  if (seen.length === 0) return unknown('The dumps show no rule for traffic to a cluster IP.');
  const hidden = seen.find(({ traffic }) => traffic.kind === 'all');
  if (hidden) {
    const text = 'All traffic to cluster IPs is masqueraded, so that no rule shows what is local.';
    return unknown(text, hidden.range);
  }
  return joined(seen.map((one) => compareFamily(settings, node, one)));
};

/** Only with detectLocalMode ClusterCIDR is clusterCIDR read. */
export const compareClusterCidr: Compare = (settings, node) => {
  const { localMode } = settings;
  if (localMode !== undefined && localMode !== 'ClusterCIDR') {
    return unused(`detectLocalMode ${localMode} does not use it.`);
  }
  return compareLocalTraffic(settings, node);
};

/** detectLocal.bridgeInterface and interfaceNamePrefix, each read in its own mode only. */
export function compareDetectLocal(wanted: LocalMode): Compare {
  return (settings, node) => {
    const { localMode } = settings;
    if (localMode === undefined) return undefined;
    if (localMode !== wanted) return unused(`detectLocalMode ${localMode} does not use it.`);
    return compareLocalTraffic(settings, node);
  };
}

function compareFamily(settings: ProxySettings, node: ProxyNode, seen: SeenTraffic): Outcome {
  const { family, traffic, range } = seen;
  const text = `IPv${family}: ${inWords(traffic)}`;
  const wanted = wantedTraffic(settings, node, family);
  if ('verdict' in wanted) return { ...wanted, text: `${text}; ${wanted.text}` };
  return sameTraffic(wanted, traffic)
    ? applied(text, range)
    : differs(`${text}; by this file ${wouldBe(wanted)}`, range);
}

/** getLocalDetectors in cmd/kube-proxy/app/server_linux.go. */
function wantedTraffic(
  { localMode, clusterCidrs, bridgeInterface, interfaceNamePrefix }: ProxySettings,
  { state, objects }: ProxyNode,
  family: Family,
): LocalTraffic | Outcome {
  switch (localMode) {
    case 'BridgeInterface':
      return bridgeInterface
        ? { kind: 'device', name: bridgeInterface, prefix: false }
        : unknown('bridgeInterface is not set');
    case 'InterfaceNamePrefix':
      return interfaceNamePrefix
        ? { kind: 'device', name: interfaceNamePrefix, prefix: true }
        : unknown('interfaceNamePrefix is not set');
    case 'NodeCIDR': {
      const node = objects?.node(state.name);
      if (!node) return unknown(`the Node object of ${state.name} is not at hand`);
      return networkOf(
        node.podCIDRs.flatMap((text) => parseNetwork(text) ?? []),
        family,
      );
    }
    default:
      return clusterCidrs ? networkOf(clusterCidrs, family) : unknown('clusterCIDR is not read');
  }
}

function networkOf(networks: readonly Network[], family: Family): LocalTraffic {
  const network = networks.find(({ address }) => address.family === family);
  return network ? { kind: 'network', network } : { kind: 'none' };
}

function sameTraffic(left: LocalTraffic, right: LocalTraffic): boolean {
  return inWords(left) === inWords(right);
}

function inWords(traffic: LocalTraffic): string {
  switch (traffic.kind) {
    case 'network':
      return `local is ${formatNetwork(traffic.network)}`;
    case 'device':
      return `local is what comes in by ${traffic.name}${traffic.prefix ? '+' : ''}`;
    case 'none':
      return 'no rule tells local traffic';
    case 'all':
      return 'all traffic is masqueraded';
  }
}

function wouldBe(traffic: LocalTraffic): string {
  if (traffic.kind === 'none') return 'no rule would tell it';
  return `it would be ${inWords(traffic).replace(/^local is /, '')}`;
}

/** One outcome of both families: what differs comes first, and its rule is shown. */
function joined(outcomes: readonly Outcome[]): Outcome {
  const worst =
    outcomes.find(({ verdict }) => verdict === 'differs') ??
    outcomes.find(({ verdict }) => verdict === 'unknown') ??
    outcomes[0]!;
  return {
    ...worst,
    text: `${list(
      outcomes.map(({ text }) => text),
      'and',
    )}.`,
  };
}
