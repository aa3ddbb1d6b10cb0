import * as l10n from '@vscode/l10n';
import { jumpsTo, natChains } from '../../rules/lookUp';
import { splitChainName } from '../../kubeproxy/names';
import type { Chain } from '../../rules/ruleset';
import type { Check } from '../check';

/** Only one of the backends is kept up to date; the other's rules go on to act (kubernetes#109811). */
export const bothBackends: Check = {
  code: 'rules-in-both-backends',
  severity: 'warning',
  title: l10n.t('iptables-nft and iptables-legacy both hold Services'),
  *find({ node }) {
    for (const family of [4, 6] as const) {
      const chains = natChains(node, family, 'KUBE-SERVICES').filter(leadsToServices);
      const [first, second] = chains;
      if (!first || !second) continue;
      yield {
        message: l10n.t(
          'Both iptables-nft and iptables-legacy hold rules of kube-proxy: it keeps up only one of them, and the kernel asks both.',
        ),
        range: second.rule(0).range,
        related: [
          { message: l10n.t('the rules of the other backend'), range: first.rule(0).range },
        ],
      };
    }
  },
};

function leadsToServices(chain: Chain): boolean {
  for (let i = 0; i < Math.min(chain.length, 50); i++) {
    const to = jumpsTo(chain.rule(i));
    if (to !== undefined && splitChainName(to)) return true;
  }
  return false;
}
