import { endpointOfName, nftNameParts } from '../kubeproxy/nftables/known';
import { rulesIn } from '../rules/lookUp';
import { nftRule } from '../rules/rule';
import type { Chain, Rule, Table } from '../rules/ruleset';
import type { Statement } from '../rules/statement';
import type { SourceRange } from '../source';

/** The one that kube-proxy uses by default. */
export const masqueradeMark = 0x4000;

/** `meta mark set meta mark | 0x4000` */
export function marksForMasquerade(range: SourceRange): Statement {
  const mark = { kind: 'meta', key: 'mark', range } as const;
  const value = { kind: 'number', number: masqueradeMark, range } as const;
  const right = { kind: 'constant', value, range } as const;
  const both = { kind: 'arithmetic', operator: '|', left: mark, right, range } as const;
  return { kind: 'assign', to: mark, value: both, range };
}

/**
 * The chains of a table of which a search for a Service's name leaves out the rules that do not have it, as
 * kube-proxy writes them: the translation to an endpoint, which the chain's own name tells, and the mark
 * before the only rule of an external chain with traffic policy Cluster. A chain that chooses an endpoint and
 * has no rule is not among them: nothing of it is at hand.
 */
export function* filledChains({ name: table, chains }: Table): Generator<Chain> {
  const endpoints = new Map<string, SourceRange>();
  for (const chain of chains.values()) {
    const parts = nftNameParts(chain.name);
    if (!parts) {
      yield chain;
      continue;
    }
    const rules = rulesIn(chain);
    for (const [to, range] of targetsOf(rules)) if (!chains.has(to)) endpoints.set(to, range);
    if (parts.kind === 'external') yield withMark(chain, rules);
    else if (parts.kind === 'endpoint') yield withTranslation(chain, rules);
    else if (rules.length > 0) yield chain;
  }
  for (const [name, range] of endpoints) {
    if (endpointOfName(name)) yield withTranslation({ table, name, declared: range }, []);
  }
}

function* targetsOf(rules: readonly Rule[]): Generator<readonly [string, SourceRange]> {
  for (const { statements, range } of rules) {
    for (const one of statements) {
      if (one.kind === 'goto' || one.kind === 'jump') yield [one.chain, range];
      if (one.kind !== 'vmap' || one.map.kind === 'named') continue;
      for (const { data } of one.map.elements) {
        if (data?.kind === 'verdict' && 'chain' in data.verdict) yield [data.verdict.chain, range];
      }
    }
  }
}

function withMark(chain: Chain, rules: readonly Rule[]): Chain {
  const [only, ...more] = rules;
  const [leads, ...asks] = only?.statements ?? [];
  if (!only || more.length > 0 || leads?.kind !== 'goto' || asks.length > 0) return chain;
  if (nftNameParts(leads.chain)?.kind !== 'service') return chain;
  return withRules(chain, [made(marksForMasquerade(only.range), only.range), only]);
}

type Named = Pick<Chain, 'table' | 'name' | 'declared' | 'base'>;

function withTranslation(chain: Named, rules: readonly Rule[]): Chain {
  const to = endpointOfName(chain.name);
  const range = chain.declared ?? rules[0]?.range;
  if (!to || !range || rules.some(({ target }) => target?.kind === 'DNAT')) {
    return withRules(chain, rules);
  }
  const addresses = { from: to.address, to: to.address };
  const ports = { from: to.port, to: to.port };
  const plain = { random: false, fullyRandom: false, persistent: false };
  const translation: Statement = { kind: 'DNAT', addresses, ports, ...plain, range };
  return withRules(chain, [...rules, made(translation, range)]);
}

function made(statement: Statement, range: SourceRange): Rule {
  return nftRule({ number: 1, range, statements: [statement], findings: [] });
}

/** A chain of these rules alone. */
export function withRules({ table, name, declared, base }: Named, rules: readonly Rule[]): Chain {
  return {
    table,
    name,
    ...(declared && { declared }),
    ...(base && { base }),
    length: rules.length,
    rule: (i) => rules[i]!,
    candidates: () => rules.keys(),
  };
}
