import * as l10n from '@vscode/l10n';
import type { NodeState } from '../../node';
import { jumpsTo, matchOf } from '../../rules/lookUp';
import type { Rule, Table } from '../../rules/ruleset';
import { ownAddress } from '../../trace/route/ownAddress';
import type { Work } from '../../work';
import type { Check } from '../check';
import { isWhole, readRules, tablesOf } from '../tables';

/**
 * Docker sets the policy of FORWARD to DROP since 1.13 (kubernetes#40182). Where Services and addresses are at hand
 * their packets are traced (`dropped-by-other-rules`); filter alone shows that nothing accepts a new connection.
 */
export const forwardDrops: Check = {
  code: 'forward-policy-drops',
  severity: 'warning',
  title: l10n.t('nothing accepts what the node forwards'),
  *find({ node }) {
    if (isTraced(node)) return;
    for (const { table } of tablesOf(node, 'filter')) {
      yield undefined;
      const forward = table.chains.get('FORWARD');
      // kube-proxy was at work here: the machine is a node.
      if (!forward?.declared || !table.chains.has('KUBE-FORWARD')) continue;
      if (forward.base?.policy !== 'DROP' || (yield* mayAccept(table))) continue;
      yield {
        message: l10n.t(
          'Likely: the policy DROP of FORWARD ends each new connection that this node forwards, as between Pods of two nodes. No rule of filter accepts one: KUBE-FORWARD lets answers pass, and what is marked for masquerade. "iptables-save" and "ip addr" would decide it.',
        ),
        range: forward.declared,
      };
    }
  },
};

/** By `dropped-by-other-rules`. */
function isTraced(node: NodeState): boolean {
  const translates = tablesOf(node, 'nat').length > 0 || node.nftables || node.ipvs;
  return Boolean(translates) && ownAddress(node, 4) !== undefined;
}

/** Of kube-proxy and the kubelet: they accept nothing. */
const refusing: ReadonlySet<string> = new Set([
  'KUBE-SERVICES',
  'KUBE-EXTERNAL-SERVICES',
  'KUBE-PROXY-FIREWALL',
  'KUBE-FIREWALL',
]);

/** Whether FORWARD leads to a rule that may accept a new connection, or to a chain that is not shown whole. */
function* mayAccept(table: Table): Work<boolean> {
  const open = ['FORWARD'];
  const seen = new Set(open);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (!isWhole(table, name)) return true;
    for (const rule of yield* readRules(table, name)) {
      if (acceptsNew(rule, name)) return true;
      const to = jumpsTo(rule);
      if (to === undefined || seen.has(to) || refusing.has(to)) continue;
      seen.add(to);
      open.push(to);
    }
  }
  return false;
}

/** Targets behind which the packet goes on to the policy, or goes nowhere. */
const harmless: ReadonlySet<string> = new Set([
  'jump',
  'goto',
  'RETURN',
  'DROP',
  'REJECT',
  'LOG',
  'NFLOG',
  'TCPMSS',
]);

function acceptsNew(rule: Rule, chain: string): boolean {
  if (rule.findings.length > 0) return true;
  if (!rule.target || harmless.has(rule.target.kind)) return false;
  // The mark for masquerade, which a connection between Pods has not.
  if (chain === 'KUBE-FORWARD' && matchOf(rule, 'mark')?.negated === false) return false;
  const states = matchOf(rule, 'conntrack')?.states;
  const isOfAnswers =
    states?.negated === false &&
    states.value.every((state) => ['ESTABLISHED', 'RELATED', 'INVALID'].includes(state));
  return !isOfAnswers;
}
