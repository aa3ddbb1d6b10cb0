import { formatAddress, formatNetwork, isHost } from '../../address';
import { once } from '../../once';
import type { NodeState } from '../../node';
import { firstRules } from '../../rules/lookUp';
import type { Chain, NftRuleset, Rule, Table } from '../../rules/ruleset';
import type { NodePortAddressesSeen } from '../seen';
import { clusterIpTraffic } from './clusterIpTraffic';
import { masqueradeMark } from './mark';
import { proxyTablesOf } from './services';
import type { NftablesProxyTable } from './tables';

/**
 * What kube-proxy's own tables show of its configuration (pkg/proxy/nftables/proxier.go,
 * setupNFTables); none where a listing has no such table, undefined without a listing.
 */
export function configuredTables({
  nftables,
}: Pick<NodeState, 'nftables'>): readonly NftablesProxyTable[] | undefined {
  return nftables && configuredOnce(nftables);
}

const configuredOnce = once((nftables: NftRuleset): readonly NftablesProxyTable[] =>
  proxyTablesOf(nftables).map(configured),
);

function configured(table: Table): NftablesProxyTable {
  const services = rulesOf(table.chains.get('services'));
  const masquerading = rulesOf(table.chains.get('masquerading'));
  return {
    family: table.family === 'ip6' ? 6 : 4,
    range: table.declared ?? { source: '', line: 0, start: 0, end: 0 },
    mark: masqueradeMark(masquerading),
    traffic: clusterIpTraffic(table),
    nodePorts: services.map(everyAddress).find((one) => one !== undefined) ?? namedAddresses(table),
  };
}

/** Base chains of kube-proxy have a handful of rules; its own `services` has two or three. */
function rulesOf(chain: Chain | undefined): readonly Rule[] {
  return chain ? [...firstRules(chain)] : [];
}

/** `fib daddr type local ip daddr != 127.0.0.0/8 meta l4proto . th dport vmap @service-nodeports`. */
function everyAddress({ statements, range }: Rule): NodePortAddressesSeen | undefined {
  const ofPorts = statements.some(
    (one) =>
      one.kind === 'vmap' && one.map.kind === 'named' && one.map.name === 'service-nodeports',
  );
  const local = statements.some((one) => one.kind === 'compare' && one.left.kind === 'fib');
  if (!ofPorts || !local) return undefined;
  const butLoopback = statements.some(
    (one) =>
      one.kind === 'compare' &&
      one.operator === '!=' &&
      one.right.kind === 'network' &&
      /^(127\.0\.0\.0\/8|::1(\/128)?)$/.test(formatNetwork(one.right.network)),
  );
  return { addresses: 'all', butLoopback, range };
}

/** `set nodeport-ips { elements = { 192.168.50.10 } }`. */
function namedAddresses({ sets }: Table): NodePortAddressesSeen | undefined {
  const set = sets?.get('nodeport-ips');
  if (!set?.complete || set.elements.length === 0) return undefined;
  const elements = [...set.elements];
  const addresses = elements.flatMap(({ key }) => {
    const [part] = key ?? [];
    if (part?.kind !== 'network') return [];
    const { network } = part;
    return [isHost(network) ? formatAddress(network.address) : formatNetwork(network)];
  });
  return { addresses, butLoopback: false, range: elements[0]!.range };
}
