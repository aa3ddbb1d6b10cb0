import type { Family } from '../address';
import type { NodeState } from '../node';
import type { Match } from './match';
import type { Chain, Rule } from './ruleset';
import type { SourceRange } from '../source';

/** Rules that are decoded of a chain to see what kube-proxy wrote: it writes all of a kind alike. */
const looked = 50;

/** The chains of one name in the nat tables of one family, both backends. */
export function natChains({ rulesets }: NodeState, family: Family, name: string): readonly Chain[] {
  return rulesets
    .filter((ruleset) => ruleset.family === family)
    .flatMap(({ tables }) => tables.get('nat')?.chains.get(name) ?? []);
}

/** All rules of a chain, decoded. */
export function rulesIn(chain: Chain): readonly Rule[] {
  return Array.from({ length: chain.length }, (_, i) => chain.rule(i));
}

/** The first rules of a chain, enough of them to see what kind its rules are. */
export function* firstRules(chain: Chain, most = looked): Generator<Rule> {
  for (let i = 0; i < Math.min(chain.length, most); i++) yield chain.rule(i);
}

/** The last rules of a chain, the last one first. */
export function* lastRules(chain: Chain, most = looked): Generator<Rule> {
  const end = Math.max(0, chain.length - most);
  for (let i = chain.length - 1; i >= end; i--) yield chain.rule(i);
}

/** Where a chain as a whole stands: its declaration, else its first rule. */
export function placeOf(chain: Chain): SourceRange | undefined {
  return chain.declared ?? (chain.length > 0 ? chain.rule(0).range : undefined);
}

export function jumpsTo({ target }: Rule): string | undefined {
  return target?.kind === 'jump' || target?.kind === 'goto' ? target.chain : undefined;
}

export function matchOf<K extends Match['kind']>(
  { matches }: Rule,
  kind: K,
): (Match & { readonly kind: K }) | undefined {
  return matches.find((match): match is Match & { readonly kind: K } => match.kind === kind);
}

export function commentOf(rule: Rule): string {
  return matchOf(rule, 'comment')?.text ?? '';
}
