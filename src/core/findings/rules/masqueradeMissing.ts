import * as l10n from '@vscode/l10n';
import { hex } from '../../hex';
import { markEffect } from '../../marks/arithmetic';
import { calledFrom } from '../../kubeproxy/nftables/called';
import { proxyTablesOf } from '../../kubeproxy/nftables/services';
import { jumpsTo, matchOf, placeOf, rulesIn } from '../../rules/lookUp';
import type { Rule, Table } from '../../rules/ruleset';
import type { Work } from '../../work';
import type { Check, Found } from '../check';
import { hasMap, isUnread, isWhole, readRules, tablesOf } from '../tables';

/** KUBE-MARK-MASQ marks, KUBE-POSTROUTING masquerades: one without the other keeps the source. */
export const masqueradeMissing: Check = {
  code: 'mark-without-masquerade',
  severity: 'error',
  title: l10n.t('packets are marked for masquerade, and no rule does it'),
  modes: ['iptables', 'ipvs', 'nftables'],
  *find({ node, programmed: { mode } }) {
    if (mode.mode === 'nftables') {
      for (const table of proxyTablesOf(node.nftables)) {
        const problem = problemOfNft(table);
        if (problem) yield foundOf(problem);
      }
      return;
    }
    for (const { table } of tablesOf(node, 'nat')) {
      const services = table.chains.get('KUBE-SERVICES');
      if (!services || services.length === 0) continue;
      const marks = (yield* readRules(table, 'KUBE-MARK-MASQ')).find(setsBits);
      const problem = marks ? yield* problemOf(table, setsBits(marks)!) : nothingMarked(table);
      if (problem) yield foundOf(problem, marks);
    }
  },
};

interface Problem {
  readonly text: string;
  readonly range: Rule['range'];
}

function foundOf({ text, range }: Problem, marks?: Rule): Found {
  return {
    message: l10n.t`${text}: who should be masqueraded keeps the source, and answers pass this node by.`,
    range,
    ...(marks && { related: [{ message: l10n.t('the rule that marks'), range: marks.range }] }),
  };
}

function nothingMarked(table: Table): Problem | undefined {
  const range = table.chains.get('KUBE-MARK-MASQ')?.declared;
  if (!range || !isWhole(table, 'KUBE-MARK-MASQ')) return undefined;
  return { text: l10n.t('KUBE-MARK-MASQ sets no mark'), range };
}

/** Whoever comes: another rule masquerades what the set of hairpin connections holds. */
function masqueradesMarked({ statements, target }: Rule): boolean {
  const changes = target?.kind === 'MASQUERADE' || target?.kind === 'SNAT';
  return changes && !statements.some(({ kind }) => kind === 'lookup');
}

/** Rules of the table mark, and nothing that netfilter calls behind routing masquerades. */
function problemOfNft(table: Table): Problem | undefined {
  const chains = [...table.chains.values()];
  const after = chains.filter(({ base }) => base?.type === 'nat' && base.hook === 'postrouting');
  const range = after[0]?.declared ?? table.declared;
  const entries = chains.filter(({ base }) => base?.type === 'nat' && base.hook !== 'postrouting');
  if (!table.complete || !range || !calledFrom(table, entries).some(hasMap)) return undefined;
  const isDone = calledFrom(table, after)
    .flatMap(rulesIn)
    .some((rule) => masqueradesMarked(rule) || isUnread(rule));
  return isDone
    ? undefined
    : {
        text: l10n.t(
          'Nothing that nat postrouting of table kube-proxy calls masquerades what is marked',
        ),
        range,
      };
}

function* problemOf(table: Table, bits: number): Work<Problem | undefined> {
  const chain = table.chains.get('KUBE-POSTROUTING');
  const hook = table.chains.get('POSTROUTING');
  if (!isWhole(table, 'POSTROUTING') || !hook?.declared) return undefined;
  const reached = (yield* readRules(table, 'POSTROUTING')).some(
    (rule) => jumpsTo(rule) === 'KUBE-POSTROUTING' || rule.target?.kind === 'MASQUERADE',
  );
  if (!reached) {
    return {
      text: l10n.t('No rule of nat POSTROUTING leads to KUBE-POSTROUTING'),
      range: hook.declared,
    };
  }
  if (!chain || !isWhole(table, 'KUBE-POSTROUTING')) return undefined;
  const rules = yield* readRules(table, 'KUBE-POSTROUTING');
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
