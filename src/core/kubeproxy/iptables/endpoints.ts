import type { Chain, Rule, Table } from '../../rules/ruleset';
import type { NatTarget } from '../../rules/target';
import type { ServiceEndpoint } from '../../service';
import { finish, itemsAtOnce, type Work } from '../../work';
import { readShares } from './shares';
import { usualChoices, usualTarget } from './usualChains';

/**
 * The endpoints that a chain of one Service port chooses among, in the order of its rules, from
 * KUBE-SVC-, KUBE-SVL-, KUBE-XLB- or KUBE-EXT- over KUBE-SEP- to DNAT. A rule of session affinity
 * (`-m recent --rcheck`) names an endpoint again and is no second one; `-j KUBE-MARK-MASQ`, first
 * in the SVC chains of 1.24 and later, is none at all. Shares are of new connections without affinity.
 */
export function* readEndpoints(table: Table, chainName: string): Work<ServiceEndpoint[]> {
  const endpoints: ServiceEndpoint[] = [];
  yield* collect(table, chainName, 1, endpoints, new Set());
  return endpoints;
}

/** As readEndpoints, at once. */
export function endpointsOf(table: Table, chainName: string): ServiceEndpoint[] {
  return finish(readEndpoints(table, chainName));
}

/** The same of the chains of a Service port for traffic policy Local: KUBE-SVL-, KUBE-XLB- up to 1.23. */
export function localEndpointsOf(
  nat: Table | undefined,
  chains: readonly string[],
): readonly ServiceEndpoint[] {
  if (!nat) return [];
  const local = chains.filter((name) => /^KUBE-(?:SVL|XLB)-/.test(name));
  return local.flatMap((name) => endpointsOf(nat, name));
}

function* collect(
  table: Table,
  name: string,
  factor: number,
  endpoints: ServiceEndpoint[],
  visited: Set<string>,
): Work<void> {
  const chain = table.chains.get(name);
  if (!chain || visited.has(name)) return;
  visited.add(name);
  const usual = yield* usualEndpoints(table, chain, factor);
  if (usual) {
    for (const endpoint of usual) endpoints.push(endpoint);
    return;
  }
  for (const { index, share } of yield* readShares(table, chain)) {
    if (index % itemsAtOnce === itemsAtOnce - 1) yield;
    if (share === undefined) continue;
    const rule = chain.rule(index);
    const { target } = rule;
    if (target?.kind === 'DNAT') {
      push(endpoints, endpointOf(target, factor * share, rule));
    } else if (target?.kind === 'jump' || target?.kind === 'goto') {
      const next = table.chains.get(target.chain);
      const dnat = next && destinationRewrite(next);
      if (dnat) push(endpoints, endpointOf(dnat, factor * share, rule, target.chain));
      else yield* collect(table, target.chain, factor * share, endpoints, visited);
    }
  }
}

/** The same from the texts of the rules, where those are as kube-proxy writes them: none is decoded. */
function* usualEndpoints(
  { chains }: Table,
  chain: Chain,
  factor: number,
): Work<readonly ServiceEndpoint[] | undefined> {
  const choices = yield* usualChoices(chain);
  if (!choices) return undefined;
  const found: ServiceEndpoint[] = [];
  let left = 1;
  for (const { index, to, chance } of choices) {
    const next = chains.get(to);
    const target = next && usualTarget(next);
    if (next && !target) return undefined;
    if (found.length % itemsAtOnce === itemsAtOnce - 1) yield;
    const share = left * chance;
    left = Math.max(0, left - share);
    if (!target) continue;
    // Where there are texts, there are their places.
    const range = chain.savedRange!(index);
    const { address, port } = target;
    found.push({ address, port, share: factor * share, chain: to, range });
  }
  return found;
}

function push(endpoints: ServiceEndpoint[], endpoint: ServiceEndpoint | undefined): void {
  if (endpoint) endpoints.push(endpoint);
}

function endpointOf(
  { addresses, ports }: NatTarget,
  share: number,
  { range }: Rule,
  chain?: string,
): ServiceEndpoint | undefined {
  if (!addresses || !ports) return undefined;
  return { address: addresses.from, port: ports.from, share, chain, range };
}

/** The DNAT of a KUBE-SEP- chain: its last rule; the ones before it only mark for masquerade. */
export function destinationRewrite(chain: Chain): NatTarget | undefined {
  if (chain.length === 0) return undefined;
  const { target } = chain.rule(chain.length - 1);
  return target?.kind === 'DNAT' ? target : undefined;
}

/** Seconds of session affinity (`-m recent --rcheck --seconds 10800`), undefined without it. */
export function affinityOf(chain: Chain): number | undefined {
  for (let i = 0; i < chain.length; i++) {
    // Most Services have none: their rules need not be decoded.
    if (chain.savedText?.(i).includes('recent') === false) continue;
    for (const match of chain.rule(i).matches) {
      if (match.kind === 'recent' && match.action === 'rcheck') return match.seconds;
    }
  }
  return undefined;
}
