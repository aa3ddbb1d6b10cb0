import { configuredTables } from './nftables/configured';
import type { Family } from '../address';
import type { NodeState } from '../node';
import { commentOf, firstRules, jumpsTo, matchOf, natChains } from '../rules/lookUp';
import type { Chain, Rule } from '../rules/ruleset';
import type { SourceRange } from '../source';
import type { ProxyModeName } from './proxyMode';
import type { LocalTraffic } from './seen';

/** What the rules of one family take for traffic of local Pods, and a rule that shows it. */
export interface SeenTraffic {
  readonly family: Family;
  readonly traffic: LocalTraffic;
  readonly range: SourceRange;
}

/** Chains of Service ports that are looked into. */
const looked = 50;

/**
 * What of the traffic to cluster IPs is masqueraded, as the rules of a mode show it;
 * nothing for a family whose rules show no Service.
 */
export function localTrafficSeen(node: NodeState, mode: ProxyModeName): readonly SeenTraffic[] {
  if (mode === 'nftables') {
    return (configuredTables(node) ?? []).flatMap(({ family, traffic, range: table }) => {
      if (!traffic) return [];
      const { range = table, ...rest } = traffic;
      return [{ family, traffic: rest as LocalTraffic, range }];
    });
  }
  return ([4, 6] as const).flatMap((family) => {
    for (const services of natChains(node, family, 'KUBE-SERVICES')) {
      const seen =
        ofClusterIpSet(services) ??
        ofServiceRules(services) ??
        ofServiceChains(node, family, services);
      if (seen) return [{ family, ...seen }];
    }
    return [];
  });
}

type Seen = Omit<SeenTraffic, 'family'>;

/**
 * ipvs mode: `! -s 10.244.0.0/16 --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ`; `src,dst`
 * without a way to tell local traffic.
 */
function ofClusterIpSet(services: Chain): Seen | undefined {
  for (const rule of firstRules(services)) {
    const set = matchOf(rule, 'set');
    if (!/^KUBE-(?:6-)?CLUSTER-IP$/.test(set?.name ?? '')) continue;
    if (jumpsTo(rule) !== 'KUBE-MARK-MASQ') continue;
    if (set!.directions.join() === 'src,dst')
      return { traffic: { kind: 'none' }, range: rule.range };
    return { traffic: trafficOf(rule), range: rule.range };
  }
  return undefined;
}

/** iptables mode of old releases (1.20): the rule stands in KUBE-SERVICES, before the jump to the Service's chain. */
function ofServiceRules(services: Chain): Seen | undefined {
  for (const rule of firstRules(services)) {
    const ofClusterIp = commentOf(rule).endsWith(' cluster IP');
    if (ofClusterIp && jumpsTo(rule) === 'KUBE-MARK-MASQ') {
      return { traffic: trafficOf(rule), range: rule.range };
    }
  }
  return undefined;
}

/** Later: it is the first rule of the Service's own chain. */
function ofServiceChains(node: NodeState, family: Family, services: Chain): Seen | undefined {
  let without: Rule | undefined;
  for (const rule of firstRules(services, 2 * looked)) {
    const to = jumpsTo(rule) ?? '';
    if (!/^KUBE-(?:SVC|SVL)-/.test(to) || !commentOf(rule).endsWith(' cluster IP')) continue;
    for (const chain of natChains(node, family, to)) {
      const first = firstWithTarget(chain);
      if (first && jumpsTo(first) === 'KUBE-MARK-MASQ') {
        return { traffic: trafficOf(first), range: first.range };
      }
    }
    // Of an excerpt without the Service's chain nothing tells whether it has the rule.
    if (natChains(node, family, to).some(({ length }) => length > 0)) without ??= rule;
  }
  return without && { traffic: { kind: 'none' }, range: without.range };
}

/** A rule without a target only counts. */
function firstWithTarget(chain: Chain): Rule | undefined {
  for (const rule of firstRules(chain)) if (rule.target) return rule;
  return undefined;
}

/** LocalTrafficDetector.IfNotLocal in pkg/proxy/util/localdetector.go: `! -s CIDR` or `! -i NAME`. */
function trafficOf(rule: Rule): LocalTraffic {
  const source = matchOf(rule, 'source');
  if (source?.negated) return { kind: 'network', network: source.network };
  const device = matchOf(rule, 'in-interface');
  if (device?.negated) {
    return { kind: 'device', name: device.pattern.name, prefix: device.pattern.wildcard };
  }
  return { kind: 'all' };
}
