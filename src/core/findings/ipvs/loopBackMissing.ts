import * as l10n from '@vscode/l10n';
import { matchOf, placeOf } from '../../rules/lookUp';
import type { Check } from '../check';
import { isWhole, readRules, tablesOf } from '../tables';

/** In ipvs mode a pod that gets itself from its Service is masqueraded by KUBE-LOOP-BACK (#53775). */
export const loopBackMissing: Check = {
  code: 'loop-back-not-masqueraded',
  severity: 'warning',
  title: l10n.t('a pod does not reach itself through its Service (ipvs)'),
  modes: ['ipvs'],
  certainty: 'certain',
  *find({ node }) {
    for (const { ruleset, table } of tablesOf(node, 'nat')) {
      if (!isWhole(table, 'KUBE-POSTROUTING')) continue;
      yield undefined;
      const set = ruleset.family === 6 ? 'KUBE-6-LOOP-BACK' : 'KUBE-LOOP-BACK';
      const rules = yield* readRules(table, 'KUBE-POSTROUTING');
      if (!node.sets?.has(set) || rules.some((rule) => matchOf(rule, 'set')?.name === set))
        continue;
      if (rules.some((rule) => rule.findings.length > 0)) continue;
      const range = placeOf(table.chains.get('KUBE-POSTROUTING')!);
      if (!range) continue;
      yield {
        message: l10n.t`No rule of KUBE-POSTROUTING asks ${set}: a pod that its Service sends to itself gets its own packets with its own source, and drops them.`,
        range,
      };
    }
  },
};
