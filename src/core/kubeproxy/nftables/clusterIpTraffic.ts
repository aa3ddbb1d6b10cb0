import { firstRules } from '../../rules/lookUp';
import type { Rule, Table } from '../../rules/ruleset';
import type { Statement } from '../../rules/statement';
import type { LocalTraffic } from '../seen';
import { asks } from './conditions';
import { isMark, markChain } from './mark';
import type { NftablesProxyTable } from './tables';

type Traffic = NftablesProxyTable['traffic'];

/**
 * Which traffic to ClusterIPs the rules masquerade (pkg/proxy/nftables/proxier.go): since 1.36 one rule of
 * `services` says it, before that the chain of each Service. undefined where the table is cut before
 * the rule would stand, or has no Service.
 */
export function clusterIpTraffic(table: Table): Traffic {
  const { chains } = table;
  if (chains.has(markChain)) return ofServiceChains(table);
  const services = chains.get('services');
  const marking = services ? [...firstRules(services)].filter(marksClusterIps) : [];
  // Without the rule in a chain that is there to its end, nothing tells local traffic.
  if (marking.length === 0) return table.complete && services ? { kind: 'none' } : undefined;
  return marking.map(trafficOf).findLast((one) => one !== undefined);
}

/** `ip daddr @cluster-ips ip saddr != 10.244.0.0/16 meta mark set meta mark | 0x4000`. */
function marksClusterIps({ statements }: Rule): boolean {
  const marks = statements.some((one) => one.kind === 'assign' && isMark(one.to));
  const ofClusterIps = statements.some(
    (one) => one.kind === 'lookup' && one.set.kind === 'named' && one.set.name === 'cluster-ips',
  );
  return marks && ofClusterIps;
}

/** Chains of Services that are looked into; a traffic policy Local has the rule in one of two. */
const looked = 50;

/** `ip daddr 10.96.0.10 tcp dport 53 ip saddr != 10.244.0.0/16 jump mark-for-masquerade` comes first. */
function ofServiceChains({ chains, complete }: Table): Traffic {
  let seen = 0;
  for (const [name, chain] of chains) {
    if (!/^(?:service|local)-/.test(name) || chain.length === 0) continue;
    const rule = chain.rule(0);
    if (rule.statements.some((one) => one.kind === 'jump' && one.chain === markChain)) {
      return trafficOf(rule);
    }
    if (++seen === looked) break;
  }
  return seen > 0 && complete ? { kind: 'none' } : undefined;
}

/** Whose traffic a rule leaves out; of one that asks for nothing but where to, all of it is meant. */
function trafficOf({ statements, range }: Rule): Traffic {
  const told = statements.map(localOf).find((one) => one !== undefined);
  if (told) return { ...told, range };
  const others = statements.filter((one) => !isDestination(one));
  return asks({ statements: others, findings: [] }) ? undefined : { kind: 'all', range };
}

function isDestination(statement: Statement): boolean {
  if (statement.kind !== 'compare' && statement.kind !== 'lookup') return false;
  const [of, is] =
    statement.kind === 'lookup'
      ? [statement.key, !statement.negated]
      : [statement.left, statement.operator === '=='];
  return is && of.kind === 'payload' && /^d(?:addr|port)$/.test(of.field);
}

function localOf(statement: Statement): LocalTraffic | undefined {
  if (statement.kind !== 'compare' || statement.operator !== '!=') return undefined;
  const { left, right } = statement;
  if (right.kind === 'network' && left.kind === 'payload' && left.field === 'saddr') {
    return { kind: 'network', network: right.network };
  }
  // `iif` up to 1.33.
  if (right.kind === 'text' && left.kind === 'meta' && /^iif(?:name)?$/.test(left.key)) {
    return { kind: 'device', name: right.text, prefix: right.wildcard };
  }
  return undefined;
}
