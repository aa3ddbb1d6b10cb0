import { markRoles } from '../marks/roles';
import { builtinChain } from '../rules/builtinChain';
import { placeOf, rulesIn } from '../rules/lookUp';
import type { Match } from '../rules/match';
import { iptablesRule } from '../rules/rule';
import type { Chain, Rule, Ruleset, Table } from '../rules/ruleset';
import type { Target } from '../rules/target';
import type { ServiceView } from '../service';
import type { SourceRange } from '../source';
import { isMarked, masquerade, toNode } from './usualMatches';

/**
 * An excerpt's table nat (`iptables-save | grep web`) with the rules that kube-proxy writes on every
 * node in iptables mode, of chains of which none is at hand: those that ask KUBE-SERVICES, its last
 * rule, which asks KUBE-NODEPORTS, and the chains of the marks. KUBE-EXT- chains end with a rule without
 * a comment, which no search for a Service's name finds. A chain whose `:` or `-N` line is there stays
 * as it is.
 *
 * @param service whose chains are asked
 * @returns the same object where it lacks none of them
 */
export function usualRules(ruleset: Ruleset, service: Pick<ServiceView, 'chains'>): Ruleset {
  return usualFilter(usualNat(ruleset, service));
}

/** The hooks of filter lead to those of kube-proxy's chains there that the excerpt has. */
function usualFilter(ruleset: Ruleset): Ruleset {
  const filter = ruleset.tables.get('filter');
  if (!filter || filter.complete) return ruleset;
  const made = Object.entries(filterHooks).flatMap(([name, all]): [string, Chain][] => {
    const asked = all.flatMap((to) => filter.chains.get(to) ?? []);
    if (asked.length === 0 || filter.chains.has(name)) return [];
    const rules = asked.map((chain) => jump(chain.name, placeOf(chain) ?? chain.rule(0).range));
    return [[name, withLast('filter', name, undefined, rules)]];
  });
  if (made.length === 0) return ruleset;
  const chains = new Map([...filter.chains, ...made]);
  return { ...ruleset, tables: new Map(ruleset.tables).set('filter', { ...filter, chains }) };
}

/** pkg/proxy/iptables/proxier.go, iptablesJumpChains. */
const filterHooks = {
  INPUT: ['KUBE-EXTERNAL-SERVICES', 'KUBE-PROXY-FIREWALL'],
  FORWARD: ['KUBE-SERVICES', 'KUBE-EXTERNAL-SERVICES', 'KUBE-PROXY-FIREWALL'],
  OUTPUT: ['KUBE-SERVICES', 'KUBE-PROXY-FIREWALL'],
} as const;

function usualNat(ruleset: Ruleset, service: Pick<ServiceView, 'chains'>): Ruleset {
  const nat = ruleset.tables.get('nat');
  if (!nat || nat.complete || ![...nat.chains.keys()].some((name) => name.startsWith('KUBE-')))
    return ruleset;
  const lacking = [...usualChains(ruleset, nat), ...externalChains(nat, service)].filter(
    ({ name, isLast = false }) => !isShown(nat.chains.get(name), isLast),
  );
  if (lacking.length === 0) return ruleset;
  const made = lacking.map(({ name, rules }): [string, Chain] => [
    name,
    withLast('nat', name, nat.chains.get(name), rules),
  ]);
  const chains = new Map([...nat.chains, ...made]);
  return { ...ruleset, tables: new Map(ruleset.tables).set('nat', { ...nat, chains }) };
}

interface UsualChain {
  readonly name: string;
  readonly rules: readonly Rule[];
  /** Behind rules of the chain that an excerpt may have without them. */
  readonly isLast?: true;
}

function isShown(chain: Chain | undefined, isLast: boolean): boolean {
  return chain !== undefined && (chain.declared !== undefined || !isLast);
}

/** Traffic policy Cluster leads to all endpoints; Local, which treats the node's own traffic apart, to its own. */
function externalChains({ chains }: Table, service: Pick<ServiceView, 'chains'>): UsualChain[] {
  return service.chains.flatMap((name): UsualChain[] => {
    const own = chains.get(name);
    if (!own || !name.startsWith('KUBE-EXT-')) return [];
    const rules = rulesIn(own);
    const isLocal = rules.some(({ matches }) => matches.some(({ kind }) => kind === 'addrtype'));
    const target = name.replace('KUBE-EXT-', isLocal ? 'KUBE-SVL-' : 'KUBE-SVC-');
    // Of policy Local without an endpoint here there is none.
    if (rules.length === 0 || !chains.has(target)) return [];
    return [{ name, rules: [jump(target, rules[0]!.range)], isLast: true }];
  });
}

function jump(chain: string, range: SourceRange, ...matches: readonly Match[]): Rule {
  return rule({ kind: 'jump', chain, nameRange: range, range }, ...matches);
}

function rule(target: Target, ...matches: readonly Match[]): Rule {
  return iptablesRule({ number: 1, range: target.range, matches, target, findings: [] });
}

function usualChains(ruleset: Ruleset, { chains }: Table): readonly UsualChain[] {
  const [some] = chains.values();
  const range = some!.declared ?? some!.rule(0).range;
  const { bits } = markRoles([ruleset]).find(({ role }) => role === 'masquerade')!;
  const mark: Target = { kind: 'MARK', clear: bits, xor: bits, range };
  return [
    { name: 'PREROUTING', rules: [jump('KUBE-SERVICES', range)] },
    { name: 'OUTPUT', rules: [jump('KUBE-SERVICES', range)] },
    { name: 'POSTROUTING', rules: [jump('KUBE-POSTROUTING', range)] },
    { name: 'KUBE-SERVICES', rules: [jump('KUBE-NODEPORTS', range, toNode(range))], isLast: true },
    { name: 'KUBE-NODEPORTS', rules: [] },
    { name: 'KUBE-MARK-MASQ', rules: [rule(mark)] },
    { name: 'KUBE-MARK-DROP', rules: [rule({ kind: 'DROP', range })] },
    { name: 'KUBE-POSTROUTING', rules: [rule(masquerade(range), isMarked(bits, range))] },
  ];
}

/** The chain with more rules behind its own. */
function withLast(
  table: string,
  name: string,
  own: Chain | undefined,
  more: readonly Rule[],
): Chain {
  const length = own?.length ?? 0;
  const base = builtinChain(table, name);
  return {
    table,
    name,
    ...(base && { base: { ...base, policy: 'ACCEPT' } }),
    length: length + more.length,
    rule: (i) => (i < length ? own!.rule(i) : more[i - length]!),
    candidates: (destination) => [
      ...(own?.candidates(destination) ?? []),
      ...more.map((_, i) => length + i),
    ],
    prepare: () => own?.prepare?.(),
  };
}
