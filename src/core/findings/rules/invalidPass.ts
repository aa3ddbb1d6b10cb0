import * as l10n from '@vscode/l10n';
import { matchOf } from '../../rules/lookUp';
import type { Rule } from '../../rules/ruleset';
import type { Check } from '../check';
import { isWhole, readRules, tablesOf } from '../tables';

/**
 * Packets that conntrack calls INVALID are not translated back: with its own address in place of the
 * Service's, the client resets the connection. KUBE-FORWARD drops them from 1.15 on (kubernetes#74839),
 * unless kube-proxy is told --conntrack-tcp-be-liberal.
 */
export const invalidPass: Check = {
  code: 'invalid-packets-pass',
  severity: 'information',
  title: l10n.t('packets that conntrack calls INVALID are forwarded'),
  modes: ['iptables'],
  certainty: 'certain',
  *find({ node }) {
    if (node.sysctls?.get('net.netfilter.nf_conntrack_tcp_be_liberal') === '1') return;
    for (const { table } of tablesOf(node, 'filter')) {
      if (!isWhole(table, 'KUBE-FORWARD')) continue;
      yield undefined;
      const rules = yield* readRules(table, 'KUBE-FORWARD');
      const accepts = rules.find(({ target }) => target?.kind === 'ACCEPT');
      if (!accepts || rules.some((rule) => rule.findings.length > 0 || dropsInvalid(rule)))
        continue;
      yield {
        message: l10n.t(
          'KUBE-FORWARD does not drop what conntrack calls INVALID: an answer of a Pod that is late or out of its window reaches the client untranslated, and the client resets the connection.',
        ),
        range: accepts.range,
      };
    }
  },
};

function dropsInvalid(rule: Rule): boolean {
  const states = matchOf(rule, 'conntrack')?.states;
  return (
    rule.target?.kind === 'DROP' && states?.negated === false && states.value.includes('INVALID')
  );
}
