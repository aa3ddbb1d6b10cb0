import * as l10n from '@vscode/l10n';
import { splitChainName } from '../../kubeproxy/names';
import { commentOf, jumpsTo } from '../../rules/lookUp';
import type { Rule } from '../../rules/ruleset';
import type { Check } from '../check';
import { readRules, tablesOf } from '../tables';

/**
 * kube-proxy always asks for the port of a Service. An iptables older than the one that wrote the
 * rules prints `-m tcp` without it (kind#3121): the kernel does ask, the dump is wrong.
 */
export const lostPort: Check = {
  code: 'service-rule-without-port',
  severity: 'warning',
  title: l10n.t('a rule to a Service asks for no port'),
  modes: ['iptables'],
  *find({ node }) {
    for (const { table } of tablesOf(node, 'nat')) {
      for (const name of ['KUBE-SERVICES', 'KUBE-NODEPORTS']) {
        for (const rule of yield* readRules(table, name)) {
          const to = jumpsTo(rule);
          if (to === undefined || !splitChainName(to) || asksForPort(rule)) continue;
          if (!rule.matches.some(({ kind }) => kind === 'protocol') || commentOf(rule) === '')
            continue;
          yield {
            message: l10n.t(
              'kube-proxy never writes this rule without --dport: an iptables older than the one that wrote it does not print it. What is traced through this dump is unsure.',
            ),
            range: rule.range,
          };
        }
      }
    }
  },
};

function asksForPort({ matches }: Rule): boolean {
  return matches.some(
    (match) =>
      (match.kind === 'tcp' || match.kind === 'udp' || match.kind === 'sctp'
        ? match.dport !== undefined || match.sport !== undefined || match.unmodelled !== undefined
        : false) ||
      match.kind === 'multiport' ||
      match.kind === 'unmodelled',
  );
}
