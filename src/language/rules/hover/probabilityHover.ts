import * as l10n from '@vscode/l10n';
import { percent } from '../../../core/percent';
import { ruleShares, type RuleShare } from '../../../core/kubeproxy/iptables/shares';
import type { Chain, Table } from '../../../core/rules/ruleset';
import type { RulePlace } from '../context';
import {
  quiet,
  shortList,
  strong,
  lineLink,
  type Block,
  type Span,
} from '../../../workspace/hover/content';

/** The share of the chain's traffic that a rule really gets, and what its neighbours get. */
export function probabilityBlocks({ chain, index }: RulePlace, table: Table): Block[] {
  const rule = chain.rule(index);
  const statistic = rule.matches.find(({ kind }) => kind === 'statistic');
  if (statistic?.kind !== 'statistic') return [];
  const shares = ruleShares(table, chain);
  const own = shares[index]?.share;
  const chance = 'random' in statistic.mode ? statistic.mode.random : 1 / statistic.mode.every;
  const asked = statistic.negated ? 1 - chance : chance;
  const blocks: Block[] = [
    own === undefined
      ? [
          strong(l10n.t('Share of the traffic: unknown')),
          l10n.t(', the rule has other conditions too.'),
        ]
      : [strong(l10n.t`Share of the chain's traffic: ${percent(own)}`)],
    [
      l10n.t`${percent(asked)} of the packets that come this far: the rules before it took the others.`,
    ],
  ];
  const choices = shares.filter(({ share, ends }) => share !== undefined && ends);
  if (choices.length > 1) {
    blocks.push(shortList(choices, (choice) => choiceSpans(choice, index, chain)));
  }
  if (shares.some(({ share, ends }) => share === undefined && ends)) {
    blocks.push([
      quiet(
        l10n.t('Of packets that no earlier rule with other conditions (session affinity) took.'),
      ),
    ]);
  }
  return blocks;
}

function choiceSpans({ index, share }: RuleShare, own: number, chain: Chain): Span[] {
  const text = l10n.t`rule ${index + 1}: ${percent(share ?? 0)}`;
  return index === own ? [strong(text)] : [lineLink(chain.rule(index).range, text)];
}
