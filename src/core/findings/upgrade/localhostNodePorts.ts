import * as l10n from '@vscode/l10n';
import { matchOf, natChains } from '../../rules/lookUp';
import { readServiceRule } from '../../kubeproxy/iptables/serviceRule';
import type { Check } from '../check';

/** The rule that counts node ports on 127.0.0.1 (1.31 and later): mode nftables has none there. */
export const localhostNodePorts: Check = {
  code: 'node-port-on-localhost-in-use',
  severity: 'information',
  title: l10n.t('NodePorts on 127.0.0.1 are in use'),
  group: 'ready-for-1.40',
  modes: ['iptables'],
  *find({ node }) {
    for (const chain of natChains(node, 4, 'KUBE-NODEPORTS')) {
      for (let i = 0; i < chain.length; i++) {
        if (i % 50 === 49) yield undefined;
        const rule = chain.rule(i);
        const packets = rule.counters?.packets ?? 0;
        if (packets === 0 || matchOf(rule, 'nfacct') === undefined) continue;
        const { loopbackOnly, port } = readServiceRule(rule);
        if (!loopbackOnly || port === undefined) continue;
        yield {
          message: l10n.t`NodePort ${port} was reached on 127.0.0.1 (${packets} ${packets === 1 ? l10n.t('connection') : l10n.t('connections')}): mode nftables, the default from 1.40, takes none there.`,
          range: rule.range,
        };
      }
    }
  },
};
