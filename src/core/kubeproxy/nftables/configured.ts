import { formatAddress, formatNetwork, isHost } from '../../address';
import { once } from '../../once';
import type { NodeState } from '../../node';
import { firstRules } from '../../rules/lookUp';
import type { Chain, NftRuleset, Rule, Table } from '../../rules/ruleset';
import type { Expression } from '../../rules/expression';
import type { Statement } from '../../rules/statement';
import type { LocalTraffic, NodePortAddressesSeen } from '../seen';
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
  // Without the rule in a chain that is there to its end, nothing tells local traffic.
  const none = table.complete && table.chains.has('services');
  const traffic = services.map(trafficOf).findLast((one) => one !== undefined);
  return {
    family: table.family === 'ip6' ? 6 : 4,
    range: table.declared ?? { source: '', line: 0, start: 0, end: 0 },
    mark: masquerading.map(markOf).findLast((one) => one !== undefined),
    traffic: traffic ?? (none ? { kind: 'none' } : undefined),
    nodePorts: services.map(everyAddress).find((one) => one !== undefined) ?? namedAddresses(table),
  };
}

/** Base chains of kube-proxy have a handful of rules; its own `services` has two or three. */
function rulesOf(chain: Chain | undefined): readonly Rule[] {
  return chain ? [...firstRules(chain)] : [];
}

/** `ip daddr @cluster-ips ip saddr != 10.244.0.0/16 meta mark set meta mark | 0x4000`. */
function trafficOf({ statements, range }: Rule): NftablesProxyTable['traffic'] {
  const marks = statements.some((one) => one.kind === 'assign' && isMark(one.to));
  const ofClusterIps = statements.some(
    (one) => one.kind === 'lookup' && one.set.kind === 'named' && one.set.name === 'cluster-ips',
  );
  if (!marks || !ofClusterIps) return undefined;
  const told = statements.map(localOf).find((one) => one !== undefined);
  const asks = statements.some((one) => one.kind === 'compare' || one.kind === 'unknown');
  return told ? { ...told, range } : asks ? undefined : { kind: 'all', range };
}

function localOf(statement: Statement): LocalTraffic | undefined {
  if (statement.kind !== 'compare' || statement.operator !== '!=') return undefined;
  const { left, right } = statement;
  if (right.kind === 'network' && left.kind === 'payload' && left.field === 'saddr') {
    return { kind: 'network', network: right.network };
  }
  if (right.kind === 'text' && left.kind === 'meta' && left.key === 'iifname') {
    return { kind: 'device', name: right.text, prefix: right.wildcard };
  }
  return undefined;
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

/** `meta mark & 0x4000 != 0x0 meta mark set meta mark ^ 0x4000 masquerade`. */
function markOf({ statements, range }: Rule): NftablesProxyTable['mark'] {
  if (!statements.some(({ kind }) => kind === 'MASQUERADE')) return undefined;
  for (const statement of statements) {
    if (statement.kind !== 'compare' || statement.left.kind !== 'arithmetic') continue;
    const { left, operator, right } = statement.left;
    const bits = right.kind === 'constant' && right.value.kind === 'number' && right.value.number;
    if (isMark(left) && operator === '&' && bits !== false) return { bits, range };
  }
  return undefined;
}

function isMark(expression: Expression): boolean {
  return expression.kind === 'meta' && expression.key === 'mark';
}
