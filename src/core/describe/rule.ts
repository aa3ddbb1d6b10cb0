import * as l10n from '@vscode/l10n';
import type { Rule } from '../rules/ruleset';
import { hex } from '../hex';
import { describeEffect, describeMatch } from './matches';
import { describeTarget } from './targets';
import { list } from '../list';

/** What is known around a rule. */
export interface RuleSurroundings {
  /** A name for a chain, to stand in brackets behind it: `default/whoami`, `10.244.0.3:3000`. */
  readonly nameOfChain?: (chain: string) => string | undefined;
  /** The rule stands in a built-in chain. */
  readonly builtIn?: boolean;
  /** The table's name: in nat a rule sees only the first packet of a connection (nf_nat_inet_fn). */
  readonly table?: string;
  /** The bits of the mark that means "masquerade" here. */
  readonly masquerade?: number;
}

/**
 * The whole rule as one English sentence: `A packet that is tcp, goes to 10.96.0.1 and goes to
 * port 443 jumps to chain KUBE-SVC-NPX46M4PTMTKRN6Y (default/kubernetes:https).`
 */
export function describeRule(
  { matches, target, findings }: Rule,
  context: RuleSurroundings = {},
): string {
  const ofMark = markSentence(matches, target, context);
  if (ofMark !== undefined && findings.length === 0) return ofMark;
  const clauses = matches.flatMap(describeMatch);
  const all =
    context.table === 'nat' ? l10n.t("Every connection's first packet") : l10n.t('Every packet');
  const who = clauses.length === 0 ? all : l10n.t`A packet that ${list(clauses)}`;
  const what = describeTarget(namedTarget(target, context), context.builtIn);
  const effects = matches.map(describeEffect).filter((effect) => effect !== undefined);
  const partial = findings.some(({ severity }) => severity === 'error')
    ? l10n.t(' Some of the rule could not be read, so it may ask or do more.')
    : '';
  return `${[`${who} ${what}`, ...effects].join(l10n.t('; '))}.${partial}`;
}

/** Of a rule that sends back by a mark alone: `Packets without the masquerade mark (0x4000) return.` */
function markSentence(
  matches: Rule['matches'],
  target: Rule['target'],
  { builtIn, masquerade }: RuleSurroundings,
): string | undefined {
  if (target?.kind !== 'RETURN' || builtIn === true) return undefined;
  const [match, more] = matches.filter(({ kind }) => kind !== 'comment');
  if (match?.kind !== 'mark' || more || match.value !== match.mask) return undefined;
  const bits = hex(match.mask);
  const mark =
    match.mask === masquerade ? l10n.t`the masquerade mark (${bits})` : l10n.t`mark ${bits}`;
  return match.negated
    ? l10n.t`Packets without ${mark} return.`
    : l10n.t`Packets with ${mark} return.`;
}

/** The target with what its chain is called: `KUBE-SVC-X (default/web)`. */
function namedTarget(target: Rule['target'], { nameOfChain }: RuleSurroundings): Rule['target'] {
  if (target?.kind !== 'jump' && target?.kind !== 'goto') return target;
  const name = nameOfChain?.(target.chain);
  return name ? { ...target, chain: `${target.chain} (${name})` } : target;
}
