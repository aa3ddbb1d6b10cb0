import { sameAddress, type Address } from '../address';
import type { NodeState } from '../node';
import { natChains } from '../rules/lookUp';
import type { Rule } from '../rules/ruleset';

/** kube-proxy's rules of nat that name a Service's address, in iptables mode: all ask for a port. */
export function* rulesOfAddress(node: NodeState, address: Address): Generator<Rule> {
  for (const chain of natChains(node, address.family, 'KUBE-SERVICES')) {
    for (const i of chain.candidates(address)) {
      const rule = chain.rule(i);
      const named = rule.matches.some(
        (match) =>
          match.kind === 'destination' &&
          !match.negated &&
          sameAddress(match.network.address, address),
      );
      if (named) yield rule;
    }
  }
}
