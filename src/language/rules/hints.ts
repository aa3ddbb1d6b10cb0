import { percent } from '../../core/percent';
import { ruleShares } from '../../core/kubeproxy/iptables/shares';
import type { Chain } from '../../core/rules/ruleset';
import type { DumpContext } from './context';

/** A hint at a column of a line. */
export interface ShareHint {
  readonly line: number;
  readonly column: number;
  /** `= 33.3 %` */
  readonly text: string;
}

/** kube-proxy's longest chains have some 1,000 endpoints; others are not for chance to decide. */
const longestChain = 2000;

/**
 * Behind each `--probability` the share of the chain's traffic that the rule really gets, and at
 * the end of the last choice, which has none, its share too.
 */
export function shareHints(context: DumpContext, first: number, last: number): ShareHint[] {
  const hints: ShareHint[] = [];
  const seen = new Set<Chain>();
  for (let line = first; line <= last; line++) {
    if (!/probability/.test(context.lineText(line))) continue;
    const place = context.ruleAt(line);
    const table = context.tableAt(line);
    if (!place || !table || seen.has(place.chain)) continue;
    seen.add(place.chain);
    const { chain } = place;
    if (chain.length > longestChain) continue;
    for (const { index, share, ends } of ruleShares(table, chain)) {
      if (share === undefined || !ends) continue;
      const { range, matches } = chain.rule(index);
      if (range.line < first || range.line > last) continue;
      const statistic = matches.find(({ kind }) => kind === 'statistic');
      const column = statistic?.range.end ?? range.end;
      hints.push({ line: range.line, column, text: `= ${percent(share)}` });
    }
  }
  return hints.sort((left, right) => left.line - right.line);
}
