import type { SourceRange } from '../../source';
import type { ProxyMode } from '../keys/key';
import type { ProxyNode } from '../node';
import { firstRules, jumpsTo, lastRules, matchOf, natChains } from './chains';

/** Rules that one mode writes and no other. */
export interface SeenMode {
  readonly mode: ProxyMode | 'userspace';
  readonly range: SourceRange;
}

/**
 * The modes whose rules are in force on a node. What only a former mode left behind (KUBE-SVC chains
 * that nothing jumps to, virtual servers without a rule) is not counted: KUBE-SERVICES is written
 * anew by iptables and ipvs mode, the tables of nftables mode are taken away by both.
 */
export function modesSeen({ state, nftables }: ProxyNode): readonly SeenMode[] {
  const seen = new Map<SeenMode['mode'], SeenMode>();
  for (const { range } of nftables ?? []) {
    if (!seen.has('nftables')) seen.set('nftables', { mode: 'nftables', range });
  }
  for (const family of [4, 6] as const) {
    for (const chain of natChains(state, family, 'KUBE-SERVICES')) {
      const found = modeOfServices([...lastRules(chain, 3), ...firstRules(chain)]);
      if (found && !seen.has(found.mode)) seen.set(found.mode, found);
    }
    for (const chain of natChains(state, family, 'KUBE-PORTALS-CONTAINER')) {
      const [rule] = firstRules(chain, 1);
      if (rule) seen.set('userspace', { mode: 'userspace', range: rule.range });
    }
  }
  return [...seen.values()];
}

type RuleLike = Parameters<typeof jumpsTo>[0];

/** pkg/proxy/iptables/proxier.go and pkg/proxy/ipvs/proxier.go, syncProxyRules. */
function modeOfServices(rules: readonly RuleLike[]): SeenMode | undefined {
  for (const rule of rules) {
    const to = jumpsTo(rule);
    if (to === undefined) continue;
    const set = matchOf(rule, 'set')?.name ?? '';
    if (/^KUBE-/.test(set) || to === 'KUBE-NODE-PORT' || to === 'KUBE-LOAD-BALANCER') {
      return { mode: 'ipvs', range: rule.range };
    }
    if (to === 'KUBE-NODEPORTS' || /^KUBE-(?:SVC|SVL|EXT|XLB|FW)-/.test(to)) {
      return { mode: 'iptables', range: rule.range };
    }
  }
  return undefined;
}

/** Virtual servers that nothing but IPVS itself holds, where the rules are of another mode. */
export function leftoverVirtualServers({ state }: ProxyNode): number {
  return state.ipvs?.virtualServers.filter(({ address }) => address !== undefined).length ?? 0;
}
