import * as l10n from '@vscode/l10n';
import { splitChainName } from '../../kubeproxy/names';
import { nftNameParts } from '../../kubeproxy/nftables/known';
import { proxyTablesOf } from '../../kubeproxy/nftables/services';
import type { Table } from '../../rules/ruleset';
import type { SourceRange } from '../../source';
import { itemsAtOnce, type Work } from '../../work';
import type { Check, Found } from '../check';
import { isWhole, tablesOf } from '../tables';
import { jumpsOf } from './jumps';

/**
 * kube-proxy writes a chain and what leads to it in one transaction (iptables-restore, nft), and empties one
 * only together with that: where the one is without the other, somebody flushed it.
 */
export const emptyChain: Check = {
  code: 'service-chain-empty',
  severity: 'error',
  title: l10n.t('a chain of a Service that rules lead to is empty'),
  modes: ['iptables', 'nftables'],
  certainty: 'certain',
  *find({ node, programmed: { mode } }) {
    if (mode.mode === 'iptables') {
      for (const { table } of tablesOf(node, 'nat')) yield* inIptables(table);
    } else {
      for (const table of proxyTablesOf(node.nftables)) yield* inNft(table);
    }
  },
};

/** The chains of Services without a rule, of a table that is at hand to its end, with their places. */
function emptyOnes(table: Table, isService: (name: string) => boolean): Map<string, SourceRange> {
  const empty = new Map<string, SourceRange>();
  if (!table.complete) return empty;
  for (const { name, length, declared } of table.chains.values()) {
    if (length === 0 && declared && isService(name) && isWhole(table, name))
      empty.set(name, declared);
  }
  return empty;
}

function* inIptables(table: Table): Generator<Found | undefined> {
  const empty = emptyOnes(table, (name) => splitChainName(name) !== undefined);
  const jumps = empty.size > 0 ? yield* jumpsOf(table) : undefined;
  for (const [chain, own] of jumps ?? []) {
    yield undefined;
    for (const [to, by] of own) {
      const range = empty.get(to);
      const from = table.chains.get(chain);
      if (!range || !from) continue;
      // The next rule of the chain may choose another endpoint.
      const isLast = from.rule(from.length - 1).range.line === by.line;
      yield {
        message: isLast
          ? l10n.t`${to} is empty, and the last rule of ${chain} leads there: what it sends goes on untranslated, and nobody answers.`
          : l10n.t`${to} is empty, and a rule of ${chain} leads there: what it sends goes on behind that rule.`,
        ...(isLast ? {} : { severity: 'warning' }),
        range,
        related: [{ message: l10n.t('the rule that leads there'), range: by }],
      };
    }
  }
}

function* inNft(table: Table): Generator<Found | undefined> {
  const empty = emptyOnes(table, (name) => nftNameParts(name) !== undefined);
  if (empty.size === 0) return;
  for (const [to, by] of yield* verdictsOf(table)) {
    const range = empty.get(to);
    if (!range) continue;
    yield {
      message: l10n.t`${to} is empty, and an element leads there: what it sends goes on untranslated, and nobody answers.`,
      range,
      related: [{ message: l10n.t('the element that leads there'), range: by }],
    };
  }
}

/** Where the elements of a table's maps lead, each chain once. */
function* verdictsOf({ sets }: Table): Work<ReadonlyMap<string, SourceRange>> {
  const leads = new Map<string, SourceRange>();
  let seen = 0;
  for (const { elements } of sets?.values() ?? []) {
    for (const { data, range } of elements) {
      if (++seen % itemsAtOnce === 0) yield;
      if (data?.kind !== 'verdict' || !('chain' in data.verdict)) continue;
      if (!leads.has(data.verdict.chain)) leads.set(data.verdict.chain, range);
    }
  }
  return leads;
}
