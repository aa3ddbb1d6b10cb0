import type { Family } from '../address';
import type { Work } from '../work';
import type { ExpectedInput } from './input';
import { iptablesRules } from './iptables';
import { ipvsRules } from './ipvs';
import { nftablesRules } from './nftables';
import type { ExpectedRuleset } from './rules';

/**
 * What kube-proxy should have written on a node for one family, from the objects and its
 * configuration alone. undefined for a mode that is none.
 */
export function* expectedRules(
  input: ExpectedInput,
  family: Family,
): Work<ExpectedRuleset | undefined> {
  switch (input.settings.mode) {
    case 'iptables':
      return yield* iptablesRules(input, family);
    case 'nftables':
      return yield* nftablesRules(input, family);
    case 'ipvs':
      return yield* ipvsRules(input, family);
    default:
      return undefined;
  }
}
