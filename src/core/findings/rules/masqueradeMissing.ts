import * as l10n from '@vscode/l10n';
import { hex } from '../../hex';
import { markEffect } from '../../marks/arithmetic';
import { jumpsTo, matchOf, placeOf } from '../../rules/lookUp';
import type { Rule, Table } from '../../rules/ruleset';
import type { Check } from '../check';
import { isWhole, rulesOf, tablesOf } from '../tables';

/** KUBE-MARK-MASQ marks, KUBE-POSTROUTING masquerades: one without the other keeps the source. */
export const masqueradeMissing: Check = {
  code: 'mark-without-masquerade',
  severity: 'error',
  title: l10n.t('packets are marked for masquerade, and no rule does it'),
  modes: ['iptables', 'ipvs'],
  *find({ node }) {
    for (const { table } of tablesOf(node, 'nat')) {
      const marks = [...rulesOf(table, 'KUBE-MARK-MASQ')].find(setsBits);
      const services = table.chains.get('KUBE-SERVICES');
      if (!marks || !services || services.length === 0) continue;
      const problem = problemOf(table, setsBits(marks)!);
      if (!problem) continue;
      yield {
        message: l10n.t`${problem.text}: whoever is marked keeps the source, and answers pass this node by.`,
        range: problem.range,
        related: [{ message: l10n.t('the rule that marks'), range: marks.range }],
      };
    }
  },
};

function problemOf(table: Table, bits: number): { text: string; range: Rule['range'] } | undefined {
  const chain = table.chains.get('KUBE-POSTROUTING');
  const hook = table.chains.get('POSTROUTING');
  if (!isWhole(table, 'POSTROUTING') || !hook?.declared) return undefined;
  const reached = [...rulesOf(table, 'POSTROUTING')].some(
    (rule) => jumpsTo(rule) === 'KUBE-POSTROUTING' || rule.target?.kind === 'MASQUERADE',
  );
  if (!reached) {
    return {
      text: l10n.t('No rule of nat POSTROUTING leads to KUBE-POSTROUTING'),
      range: hook.declared,
    };
  }
  if (!chain || !isWhole(table, 'KUBE-POSTROUTING')) return undefined;
  const rules = [...rulesOf(table, 'KUBE-POSTROUTING')];
  const range = placeOf(chain);
  if (!range) return undefined;
  if (!rules.some(({ target }) => target?.kind === 'MASQUERADE' || target?.kind === 'SNAT')) {
    return { text: l10n.t('KUBE-POSTROUTING has no MASQUERADE'), range };
  }
  const asked = rules.flatMap((rule) => matchOf(rule, 'mark')?.mask ?? []);
  if (asked.length === 0 || asked.some((mask) => (mask & bits) !== 0)) return undefined;
  return {
    text: l10n.t`KUBE-POSTROUTING asks for the mark ${hex(asked[0]!)}, and KUBE-MARK-MASQ sets ${hex(bits)}`,
    range,
  };
}

function setsBits({ target }: Rule): number | undefined {
  if (target?.kind !== 'MARK') return undefined;
  return markEffect(target).sets || undefined;
}
