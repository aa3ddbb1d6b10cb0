import type { ProxyNode } from '../node';
import type { ProxySettings } from '../settings';
import type { Comparison, Compare } from './comparison';
import { unusedInMode } from './comparison';
import { compareExcludeCidrs, compareScheduler, compareStrictArp, compareTimeout } from './ipvs';
import { compareClusterCidr, compareDetectLocal, compareLocalTraffic } from './localTraffic';
import { compareMasqueradeAll, compareMasqueradeBit } from './masquerade';
import { compareMode } from './mode';
import { compareLocalhostNodePorts, compareNodePortAddresses } from './nodePorts';
import { compareSync } from './sync';
import { compareConntrackMax, compareConntrackTimeout, compareLiberal } from './sysctls';

const day = 86400;

const byPath: Readonly<Record<string, Compare>> = {
  mode: compareMode,
  clusterCIDR: compareClusterCidr,
  detectLocalMode: compareLocalTraffic,
  'detectLocal.bridgeInterface': compareDetectLocal('BridgeInterface'),
  'detectLocal.interfaceNamePrefix': compareDetectLocal('InterfaceNamePrefix'),
  nodePortAddresses: compareNodePortAddresses,
  'iptables.masqueradeAll': ofSection('iptables', compareMasqueradeAll),
  'iptables.masqueradeBit': ofSection('iptables', compareMasqueradeBit),
  'iptables.localhostNodePorts': compareLocalhostNodePorts,
  'iptables.syncPeriod': compareSync('iptables', 'syncPeriod'),
  'iptables.minSyncPeriod': compareSync('iptables', 'minSyncPeriod'),
  'nftables.masqueradeAll': ofSection('nftables', compareMasqueradeAll),
  'nftables.masqueradeBit': ofSection('nftables', compareMasqueradeBit),
  'nftables.syncPeriod': compareSync('nftables', 'syncPeriod'),
  'nftables.minSyncPeriod': compareSync('nftables', 'minSyncPeriod'),
  'ipvs.scheduler': compareScheduler,
  'ipvs.strictARP': compareStrictArp,
  'ipvs.excludeCIDRs': compareExcludeCidrs,
  'ipvs.tcpTimeout': compareTimeout('tcpTimeout'),
  'ipvs.tcpFinTimeout': compareTimeout('tcpFinTimeout'),
  'ipvs.udpTimeout': compareTimeout('udpTimeout'),
  'ipvs.syncPeriod': compareSync('ipvs', 'syncPeriod'),
  'ipvs.minSyncPeriod': compareSync('ipvs', 'minSyncPeriod'),
  'conntrack.maxPerCore': compareConntrackMax,
  'conntrack.min': compareConntrackMax,
  'conntrack.tcpEstablishedTimeout': compareConntrackTimeout(
    'conntrack.tcpEstablishedTimeout',
    day,
    'tcp_timeout_established',
  ),
  'conntrack.tcpCloseWaitTimeout': compareConntrackTimeout(
    'conntrack.tcpCloseWaitTimeout',
    3600,
    'tcp_timeout_close_wait',
  ),
  'conntrack.tcpBeLiberal': compareLiberal,
  'conntrack.udpTimeout': compareConntrackTimeout('conntrack.udpTimeout', 0, 'udp_timeout'),
  'conntrack.udpStreamTimeout': compareConntrackTimeout(
    'conntrack.udpStreamTimeout',
    0,
    'udp_timeout_stream',
  ),
};

/** The keys whose value shows, at least at times, in what dumps hold. */
export const comparedKeys: readonly string[] = Object.keys(byPath);

/** Whether a node's dumps show the value of a key; undefined for a key that shows in none of them. */
export function compareKey(
  path: string,
  settings: ProxySettings,
  node: ProxyNode,
): Comparison | undefined {
  const outcome = byPath[path]?.(settings, node);
  return outcome && { node: node.state.name, ...outcome };
}

/** Mode nftables reads its own section, all others that of iptables (conversion.go). */
function ofSection(section: 'iptables' | 'nftables', compare: Compare): Compare {
  return (settings, node) => {
    const { mode } = settings;
    if (mode !== undefined && (mode === 'nftables') !== (section === 'nftables')) {
      return unusedInMode(mode);
    }
    return compare(settings, node);
  };
}
