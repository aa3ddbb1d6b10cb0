import { l10n } from '../l10n';
import { statementInWords } from '../describe/nft/statement';
import { describeRule } from '../describe/rule';
import { isBuiltIn } from '../kubeproxy/chainKind';
import { identityText } from '../kubeproxy/chainIdentity';
import { fileName, lineKey, type SourceRange } from '../source';
import { identityOfTarget } from './calledChains';
import { countersText } from './counters/countText';
import { unitOf } from './counters/counters';
import { ruleRateText, type RateSource } from './counters/edgeRates';
import { isNft, type PlacedRule, type RuleBook } from './ruleBook';

/** One rule, or a row of another dump, that a node or an edge stands for. */
export interface RuleDetails {
  /** `nat KUBE-SERVICES rule 12`; of a row `line 7 of ip_vs.txt`. */
  readonly place: string;
  /** The line as the dump has it. */
  readonly text?: string | undefined;
  /** What the rule asks and does. */
  readonly sentence?: string | undefined;
  /** `Counted 1,234 packets, 56,789 bytes.` */
  readonly counters?: string | undefined;
  /** `0.3/s: 9 in 30 s.`, or why there is no rate; undefined without an earlier capture. */
  readonly rate?: string | undefined;
}

/** What a hover tells of a node or an edge. */
export interface ItemDetails {
  readonly rules: readonly RuleDetails[];
  /** How many more rules there are. */
  readonly more: number;
}

/** So many rules are told; a group of endpoints has thousands. */
export const mostRules = 3;

/** The range of each rule once, in their order. */
export function distinctRanges(ranges: readonly SourceRange[]): SourceRange[] {
  const seen = new Set<string>();
  return ranges.filter((range) => {
    const key = lineKey(range);
    return !seen.has(key) && seen.add(key);
  });
}

/**
 * What there is to say of the rules at some places.
 *
 * @param lineOf The dump's line; undefined where it can't be read.
 */
export function describeRanges(
  ranges: readonly SourceRange[],
  book: RuleBook,
  lineOf: (range: SourceRange) => string | undefined,
  rates?: RateSource,
): ItemDetails {
  const distinct = distinctRanges(ranges);
  return {
    rules: distinct
      .slice(0, mostRules)
      .map((range) => detailsOf(range, book, lineOf(range), rates)),
    more: Math.max(0, distinct.length - mostRules),
  };
}

function detailsOf(
  range: SourceRange,
  book: RuleBook,
  text: string | undefined,
  rates: RateSource | undefined,
): RuleDetails {
  const placed = book.at(range);
  if (!placed) return { place: l10n.t`line ${range.line + 1} of ${fileName(range.source)}`, text };
  const { table, chain, rule } = placed;
  return {
    place: [table.name, chain.name, l10n.t`rule ${rule.number}`].filter(Boolean).join(' '),
    text,
    sentence: isNft(placed)
      ? rule.statements.map(statementInWords).join(' ')
      : describeRule(rule, {
          nameOfChain(name) {
            const identity = identityOfTarget(placed, name);
            return identity && identityText(identity);
          },
          builtIn: isBuiltIn(chain.name),
          table: table.name,
        }),
    counters: countersSentence(placed),
    rate: rates && ruleRateText(range, book, rates),
  };
}

function countersSentence(placed: PlacedRule): string | undefined {
  const { counters } = placed.rule;
  if (!counters) return undefined;
  const firsts =
    unitOf(placed) === 'connections' ? l10n.t`, the first packet of each connection alone` : '';
  return l10n.t`Counted ${countersText(counters)}${firsts}.`;
}
