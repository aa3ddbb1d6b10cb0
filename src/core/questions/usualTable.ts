import type { BaseDeclaration, ChainType, Hook } from '../rules/baseChain';
import type { Expression } from '../rules/expression';
import { markChain } from '../kubeproxy/nftables/mark';
import { nftRule } from '../rules/rule';
import type { Chain, Table } from '../rules/ruleset';
import type { Statement } from '../rules/statement';
import type { SourceRange } from '../source';
import { filledChains, masqueradeMark, marksForMasquerade, withRules } from './usualNftChain';
import { isMarked, masquerade, toNode } from './usualMatches';

/** What `reject` sends where the rule does not say: nft(8), "Reject statement". */
const refusals = { 4: 'icmp-port-unreachable', 6: 'icmp6-port-unreachable' } as const;

/**
 * kube-proxy's table of nftables mode, of which an excerpt has maps and the chains of Services
 * (`nft list map ip kube-proxy service-ips`), with the chains that look packets up in those maps, where
 * it lacks them, as kube-proxy writes them on every node.
 *
 * @returns the same object where it lacks none of them
 */
export function usualTable(table: Table): Table {
  if (table.complete) return table;
  const range = table.declared ?? [...table.chains.values()][0]?.declared ?? firstElement(table);
  if (!range) return table;
  const lacking = usualChains(table, range).filter(({ name }) => !table.chains.has(name));
  if (lacking.length === 0) return table;
  const chains = [...filledChains(table), ...lacking];
  // Whom the excerpt does not name is taken to be in none of its sets.
  const sets = [...(table.sets ?? [])].map(
    ([name, set]) => [name, { ...set, complete: true }] as const,
  );
  return {
    ...table,
    chains: new Map(chains.map((chain) => [chain.name, chain])),
    sets: new Map(sets),
  };
}

function firstElement({ sets }: Table): SourceRange | undefined {
  return [...(sets?.values() ?? [])][0]?.declared;
}

function usualChains({ family, name, sets }: Table, range: SourceRange): readonly Chain[] {
  const jump = (chain: string): Statement => ({ kind: 'jump', chain, nameRange: range, range });
  const base = (hook: Hook, priority: number, type: ChainType = 'nat'): BaseDeclaration => {
    return { hook, priority, type, policy: 'ACCEPT' };
  };
  const protocol: Expression = { kind: 'meta', key: 'l4proto', range };
  const address: Expression = { kind: 'payload', protocol: family, field: 'daddr', range };
  const port: Expression = { kind: 'payload', protocol: 'th', field: 'dport', range };
  const lookUp = (map: string, ...parts: readonly Expression[]): Statement[] => {
    if (!sets?.has(map)) return [];
    const key: Expression = { kind: 'concat', parts, range };
    return [{ kind: 'vmap', key, map: { kind: 'named', name: map, range }, range }];
  };
  const services = [
    lookUp('service-ips', address, protocol, port),
    [toNode(range), ...lookUp('service-nodeports', protocol, port)],
  ];
  const checks = [
    lookUp('no-endpoint-services', address, protocol, port),
    [toNode(range), ...lookUp('no-endpoint-nodeports', protocol, port)],
  ];
  const refused: Statement = { kind: 'REJECT', with: refusals[family === 'ip6' ? 6 : 4], range };
  const chain = (chainName: string, rules: readonly Statement[][], at?: BaseDeclaration) =>
    chainOf(name, chainName, rules, range, at);
  return [
    chain('nat-prerouting', [[jump('services')]], base('prerouting', -100)),
    chain('nat-output', [[jump('services')]], base('output', -100)),
    chain('nat-postrouting', [[jump('masquerading')]], base('postrouting', 100)),
    chain('services', services),
    chain(markChain, [[marksForMasquerade(range)]]),
    chain('masquerading', [[isMarked(masqueradeMark, range), masquerade(range)]]),
    ...(['input', 'forward', 'output'] as const).map((hook) =>
      chain(`filter-${hook}`, [[jump('service-endpoints-check')]], base(hook, 0, 'filter')),
    ),
    chain('service-endpoints-check', checks),
    chain('reject-chain', [[refused]]),
  ];
}

function chainOf(
  table: string,
  name: string,
  rules: readonly Statement[][],
  range: SourceRange,
  base?: BaseDeclaration,
): Chain {
  const made = rules.map((statements, i) =>
    nftRule({ number: i + 1, range, statements, findings: [] }),
  );
  return withRules({ table, name, ...(base && { base }) }, made);
}
