import * as l10n from '@vscode/l10n';
import { list } from '../../list';
import { formatNetwork, parseNetwork, type Family, type Network } from '../../address';
import { localTrafficSeen, type SeenTraffic } from '../../kubeproxy/localTraffic';
import type { LocalTraffic } from '../../kubeproxy/seen';
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
  if (seen.length === 0)
    return unknown(l10n.t('The dumps hold no rule for traffic to a cluster IP.'));
  const hidden = seen.find(({ traffic }) => traffic.kind === 'all');
  if (hidden) {
    const text = l10n.t(
      'All traffic to cluster IPs is masqueraded, so that no rule shows what is local.',
    );
    return unknown(text, hidden.range);
  }
  return joined(seen.map((one) => compareFamily(settings, node, one)));
};

/** Only with detectLocalMode ClusterCIDR is clusterCIDR read. */
export const compareClusterCidr: Compare = (settings, node) => {
  const { localMode } = settings;
  if (localMode !== undefined && localMode !== 'ClusterCIDR') {
    return unused(l10n.t`detectLocalMode ${localMode} does not use it.`);
  }
  return compareLocalTraffic(settings, node);
};

/** detectLocal.bridgeInterface and interfaceNamePrefix, each read in its own mode only. */
export function compareDetectLocal(wanted: LocalMode): Compare {
  return (settings, node) => {
    const { localMode } = settings;
    if (localMode === undefined) return undefined;
    if (localMode !== wanted) return unused(l10n.t`detectLocalMode ${localMode} does not use it.`);
    return compareLocalTraffic(settings, node);
  };
}

function compareFamily(settings: ProxySettings, node: ProxyNode, seen: SeenTraffic): Outcome {
  const { family, traffic, range } = seen;
  const text = l10n.t`IPv${family}: ${inWords(traffic)}`;
  const wanted = wantedTraffic(settings, node, family);
  if ('verdict' in wanted) return { ...wanted, text: l10n.t`${text}; ${wanted.text}` };
  return sameTraffic(wanted, traffic)
    ? applied(text, range)
    : differs(l10n.t`${text}; by this file ${wouldBe(wanted)}`, range);
}

/** No configuration asks for `all` by what tells local traffic. */
type WantedTraffic = Exclude<LocalTraffic, { kind: 'all' }>;

/** getLocalDetectors in cmd/kube-proxy/app/server_linux.go. */
function wantedTraffic(
  { localMode, clusterCidrs, bridgeInterface, interfaceNamePrefix }: ProxySettings,
  { state, objects }: ProxyNode,
  family: Family,
): WantedTraffic | Outcome {
  switch (localMode) {
    case 'BridgeInterface':
      return bridgeInterface
        ? { kind: 'device', name: bridgeInterface, prefix: false }
        : unknown(l10n.t('bridgeInterface is not set'));
    case 'InterfaceNamePrefix':
      return interfaceNamePrefix
        ? { kind: 'device', name: interfaceNamePrefix, prefix: true }
        : unknown(l10n.t('interfaceNamePrefix is not set'));
    case 'NodeCIDR': {
      const node = objects?.node(state.name);
      if (!node) return unknown(l10n.t`the Node object of ${state.name} is not at hand`);
      return networkOf(
        node.podCIDRs.flatMap((text) => parseNetwork(text) ?? []),
        family,
      );
    }
    default:
      return clusterCidrs
        ? networkOf(clusterCidrs, family)
        : unknown(l10n.t('clusterCIDR cannot be read'));
  }
}

function networkOf(networks: readonly Network[], family: Family): WantedTraffic {
  const network = networks.find(({ address }) => address.family === family);
  return network ? { kind: 'network', network } : { kind: 'none' };
}

function sameTraffic(left: LocalTraffic, right: LocalTraffic): boolean {
  return identity(left) === identity(right);
}

function identity(traffic: LocalTraffic): string {
  return traffic.kind === 'none' || traffic.kind === 'all'
    ? traffic.kind
    : `${traffic.kind} ${nameOf(traffic)}`;
}

/** `10.244.0.0/16`, `cni0`, `veth+`. */
function nameOf(traffic: Extract<LocalTraffic, { kind: 'network' | 'device' }>): string {
  if (traffic.kind === 'network') return formatNetwork(traffic.network);
  return `${traffic.name}${traffic.prefix ? '+' : ''}`;
}

function inWords(traffic: LocalTraffic): string {
  switch (traffic.kind) {
    case 'network':
      return l10n.t`local is ${nameOf(traffic)}`;
    case 'device':
      return l10n.t`local is what comes in by ${nameOf(traffic)}`;
    case 'none':
      return l10n.t('no rule looks for local traffic');
    case 'all':
      return l10n.t('all traffic is masqueraded');
  }
}

function wouldBe(traffic: WantedTraffic): string {
  switch (traffic.kind) {
    case 'network':
      return l10n.t`it would be ${nameOf(traffic)}`;
    case 'device':
      return l10n.t`it would be what comes in by ${nameOf(traffic)}`;
    case 'none':
      return l10n.t('no rule would look for it');
  }
}

/** One outcome of both families: what differs comes first, and its rule is shown. */
function joined(outcomes: readonly Outcome[]): Outcome {
  const worst =
    outcomes.find(({ verdict }) => verdict === 'differs') ??
    outcomes.find(({ verdict }) => verdict === 'unknown') ??
    outcomes[0]!;
  return { ...worst, text: l10n.t`${list(outcomes.map(({ text }) => text))}.` };
}
