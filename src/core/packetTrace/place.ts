import { l10n } from '../l10n';
import type { NodeState } from '../node';
import type { SourceRange } from '../source';
import type { Chain, Rule, Ruleset, Table } from '../rules/ruleset';
import type { Family } from '../address';
import type { PlaceLine } from './line';
import type { Statement } from '../rules/statement';
import type { Certainty } from './laid';
import { commentOf, factsOf, meaningOf, meaningOfRule } from './meaning';

/** The line of a dump that a range names; undefined where its text is not at hand. */
export type TextOf = (range: SourceRange) => string | undefined;

export interface PlacedChain {
  readonly ruleset?: Ruleset;
  readonly table: Table;
  readonly chain: Chain;
}

/** The chain of a line in the node's dumps: legacy lines in legacy's rules where both backends have some. */
export function placeChain(
  node: NodeState,
  family: Family,
  { form, tableFamily, table: name, chain: chainName }: PlaceLine,
): PlacedChain | undefined {
  const backend = form === 'legacy' ? 'legacy' : 'nf_tables';
  const own = node.rulesets.filter((ruleset) => ruleset.family === family);
  const ordered = [
    ...own.filter((ruleset) => ruleset.backend === backend),
    ...own.filter((ruleset) => ruleset.backend !== backend),
  ];
  for (const ruleset of ordered) {
    for (const table of ruleset.tables.values()) {
      const chain = table.name === name ? table.chains.get(chainName) : undefined;
      if (chain) return { ruleset, table, chain };
    }
  }
  for (const table of node.nftables?.tables ?? []) {
    const fits = tableFamily === undefined || table.family === tableFamily;
    const chain = fits && table.name === name ? table.chains.get(chainName) : undefined;
    if (chain) return { table, chain };
  }
  return undefined;
}

export interface PlacedRule {
  readonly rule?: Rule;
  readonly certainty: Certainty;
  readonly why: string;
}

/** The rule of a line: by its number, else its handle, else what it says, else its text. */
export function placeRule(chain: Chain, line: PlaceLine, textOf: TextOf): PlacedRule {
  if (line.number !== undefined) return byNumber(chain, line.number);
  const handled = line.handle === undefined ? undefined : byHandle(chain, line.handle);
  if (handled) return handled;
  const meant = line.statements && byMeaning(chain, line.statements);
  if (meant) return meant;
  if (line.text !== undefined) return byText(chain, line.text, textOf);
  const why = l10n.t`the line names a handle, and the dump has none (nft -a prints them)`;
  return { certainty: 'unknown', why };
}

function byNumber(chain: Chain, number: number): PlacedRule {
  if (number <= chain.length) {
    return {
      rule: chain.rule(number - 1),
      certainty: 'sure',
      why: l10n.t`rule ${number} of the chain`,
    };
  }
  const why = l10n.t`the kernel's chain had a rule ${number}, the dump's has ${chain.length}`;
  return { certainty: 'unknown', why };
}

function byHandle(chain: Chain, handle: number): PlacedRule | undefined {
  for (let i = 0; i < chain.length; i++) {
    const rule = chain.rule(i);
    if (rule.handle === handle)
      return { rule, certainty: 'sure', why: l10n.t`by its handle ${handle}` };
  }
  return undefined;
}

/** nft's spelling depends on its version and flags, so that rules are compared as they are understood. */
function byMeaning(chain: Chain, statements: readonly Statement[]): PlacedRule | undefined {
  const wanted = meaningOf(statements);
  const same = rulesWhere(chain, (rule) => meaningOfRule(rule) === wanted);
  const [rule, second] = same;
  if (!rule) return byFacts(chain, statements);
  if (!second) return { rule, certainty: 'sure', why: l10n.t`by what it says` };
  const comment = commentOf(statements);
  const own = same.filter((one) => commentOf(one.statements) === comment);
  if (own.length === 1) return { rule: own[0]!, certainty: 'sure', why: l10n.t`by what it says` };
  return { rule, certainty: 'ambiguous', why: l10n.t`${same.length} rules of the chain say this` };
}

/** Another version's rendering may lack a part of what a rule says. */
function byFacts(chain: Chain, statements: readonly Statement[]): PlacedRule | undefined {
  const facts = factsOf(statements);
  if (facts === undefined) return undefined;
  const like = rulesWhere(chain, (rule) => factsOf(rule.statements) === facts);
  const [rule, second] = like;
  if (!rule) return undefined;
  const why = second
    ? l10n.t`${like.length} rules of the chain have these addresses, ports and target`
    : l10n.t`by its addresses, ports and target`;
  return { rule, certainty: second ? 'ambiguous' : 'likely', why };
}

function rulesWhere(chain: Chain, fits: (rule: Rule) => boolean): readonly Rule[] {
  const found: Rule[] = [];
  for (let i = 0; i < chain.length; i++) {
    const rule = chain.rule(i);
    if (fits(rule)) found.push(rule);
  }
  return found;
}

function byText(chain: Chain, text: string, textOf: TextOf): PlacedRule {
  const wanted = normal(text);
  const same: Rule[] = [];
  const like: Rule[] = [];
  for (let i = 0; i < chain.length; i++) {
    const rule = chain.rule(i);
    const own = textOf(rule.range);
    if (own === undefined) continue;
    const form = normal(own);
    if (form === wanted) same.push(rule);
    else if (key(form) !== '' && key(form) === key(wanted)) like.push(rule);
  }
  const [rule, second] = same;
  if (rule && !second) return { rule, certainty: 'sure', why: l10n.t`by its text` };
  if (rule) {
    const why = l10n.t`${same.length} rules of the chain have this text`;
    return { rule, certainty: 'ambiguous', why };
  }
  const [near, other] = like;
  if (near && !other)
    return { rule: near, certainty: 'likely', why: unlike(wanted, normal(textOf(near.range)!)) };
  if (near) {
    const why = l10n.t`${like.length} rules of the chain have this comment and target`;
    return { rule: near, certainty: 'ambiguous', why };
  }
  return { certainty: 'unknown', why: l10n.t`the dump has no such rule in this chain` };
}

/** Known since iptables 1.8.8: an older one prints newer rules without their port. */
function unlike(printed: string, own: string): string {
  const port = /--?dport|dport/;
  const lost = port.test(own) && !port.test(printed);
  const why = l10n.t`by its comment and target; the text differs`;
  return lost
    ? l10n.t`${why}: it was printed without the port, as iptables before 1.8.8 prints the rules of a newer one`
    : why;
}

/**
 * One spelling of what several programs and versions print of a rule: without counters, handles, the
 * family and table in front, and quotes; the elements of a set in order.
 */
function normal(text: string): string {
  return text
    .replace(/^\s*(\[\d+:\d+\]\s+)?/, '')
    .replace(/^-[46]\s+/, '')
    .replace(/^-t \S+\s+/, '')
    .replace(/# handle \d+/, '')
    .replace(/\bcounter(?: packets \d+ bytes \d+)?/g, '')
    .replaceAll('"', '')
    .replace(
      /\{([^{}]*)\}/g,
      (_, inner: string) =>
        `{${inner
          .split(',')
          .map((word) => word.trim())
          .sort()
          .join(',')}}`,
    )
    .replace(/\s+/g, ' ')
    .trim();
}

/** A comment with the target: what kube-proxy keeps when it writes a rule in another form. */
function key(form: string): string {
  const at = form.indexOf('comment ');
  const comment = at < 0 ? '' : form.slice(at + 'comment '.length).split(/ -[a-zA-Z]/, 1)[0]!;
  const target = / -[jg] (\S+)/.exec(form)?.[1] ?? '';
  return comment && target ? `${comment} ${target}` : '';
}
