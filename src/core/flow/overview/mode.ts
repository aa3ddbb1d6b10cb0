import { splitChainName } from '../../kubeproxy/names';
import type { ProxyModeName } from '../../kubeproxy/proxyMode';
import type { NodeState } from '../../node';
import type { Ruleset } from '../../rules/ruleset';
import { unknown } from '../../truth';
import { known, type Fact } from './fact';

/**
 * kube-proxy's mode on a node: what it says itself, else what its rules show. Virtual servers and
 * KUBE-SVC- chains both stay behind after a switch of modes, but KUBE-SERVICES is written anew in
 * each: only in iptables mode does it lead to them.
 */
export function modeOf({ proxyMode, rulesets, ipvs }: NodeState): ProxyModeName | undefined {
  if (proxyMode) return proxyMode.name;
  if (rulesets.some(leadsToServices)) return 'iptables';
  return ipvs && ipvs.virtualServers.length > 0 ? 'ipvs' : undefined;
}

/** `iptables (nft)`, `ipvs`; unknown where neither kube-proxy nor rules of it are in the dumps. */
export function modeText(state: NodeState): Fact<string> {
  const mode = modeOf(state);
  if (mode === undefined) return unknown('neither kube-proxy nor its rules tell');
  if (mode !== 'iptables') return known(mode);
  const backends = state.rulesets.filter(leadsToServices).map(({ backend }) => backend);
  const names = (['nf_tables', 'legacy'] as const).filter((name) => backends.includes(name));
  const words = names.map((name) => (name === 'nf_tables' ? 'nft' : name));
  return known(words.length > 0 ? `iptables (${words.join(' and ')})` : 'iptables');
}

function leadsToServices({ tables }: Ruleset): boolean {
  const chain = tables.get('nat')?.chains.get('KUBE-SERVICES');
  for (let i = 0; chain && i < chain.length; i++) {
    const { target } = chain.rule(i);
    if (target?.kind !== 'jump' && target?.kind !== 'goto') continue;
    if (splitChainName(target.chain)) return true;
  }
  return false;
}
