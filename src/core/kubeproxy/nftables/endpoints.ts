import type { Expression } from '../../rules/expression';
import type { Chain, Rule, Table } from '../../rules/ruleset';
import type { SetElement, SetReference } from '../../rules/set';
import type { NatTarget } from '../../rules/target';
import { rulesIn } from '../../rules/lookUp';
import type { ServiceEndpoint } from '../../service';
import { finish, itemsAtOnce, mapInPieces, type Work } from '../../work';
import type { SourceRange } from '../../source';
import { endpointOfName } from './known';
import { asks } from './conditions';

/** kube-proxy's chains are three deep: external, service, endpoint. */
const deepest = 8;
/** So many visits to chains for one Service port; each endpoint with session affinity takes two. */
const mostVisits = 20_000;

/**
 * The endpoints that a chain of one Service port leads to, found by walking on to `dnat`: one with
 * a map of addresses (1.32 and later), a map of verdicts to chains of endpoints (before, and with
 * session affinity), or a plain address. Shares are of new connections: what a rule does for some
 * packets only (known clients, sources in the cluster) has none.
 */
export function* readEndpoints(table: Table, chain: string): Work<ServiceEndpoint[]> {
  const search: Search = { table, found: new Map(), visits: 0 };
  yield* collect(search, chain, 1, 0);
  return [...search.found.values()];
}

/** As readEndpoints, at once. */
export function endpointsOf(table: Table, chain: string): ServiceEndpoint[] {
  return finish(readEndpoints(table, chain));
}

interface Search {
  readonly table: Table;
  /** By address and port. */
  readonly found: Map<string, ServiceEndpoint>;
  visits: number;
}

function* collect(
  search: Search,
  name: string,
  share: number | undefined,
  depth: number,
  from?: SourceRange,
): Work<void> {
  const chain = search.table.chains.get(name);
  if (depth > deepest || search.visits++ > mostVisits) return;
  if (search.visits % itemsAtOnce === 0) yield;
  const range = chain?.declared ?? from;
  // Of an excerpt; in a whole table a chain without a translation sends nowhere.
  const named = search.table.complete ? undefined : endpointOfName(name);
  if (named && range && !(chain && rulesIn(chain).some(({ target }) => target?.kind === 'DNAT'))) {
    add(search, { ...named, share, chain: name, range });
  }
  if (!chain) return;
  for (let i = 0; i < chain.length; i++) {
    const rule = chain.rule(i);
    const conditional = asks(rule);
    yield* carryOut(search, chain, rule, conditional ? undefined : share, depth);
    if (!conditional && isLast(rule)) return;
  }
}

function* carryOut(
  search: Search,
  chain: Chain,
  rule: Rule,
  share: number | undefined,
  depth: number,
): Work<void> {
  for (const statement of rule.statements) {
    switch (statement.kind) {
      case 'jump':
      case 'goto':
        yield* collect(search, statement.chain, share, depth + 1, rule.range);
        break;
      case 'vmap':
        for (const [{ data }, chance] of chosen(search.table, statement.key, statement.map)) {
          if (data?.kind !== 'verdict') continue;
          const { verdict } = data;
          if (verdict.kind !== 'jump' && verdict.kind !== 'goto') continue;
          yield* collect(search, verdict.chain, times(share, chance), depth + 1, rule.range);
        }
        break;
      case 'DNAT':
        yield* translate(search, chain, rule, statement, share);
        break;
      default:
    }
  }
}

function* translate(
  search: Search,
  chain: Chain,
  { range }: Rule,
  { addresses, ports, toAddress }: NatTarget,
  share: number | undefined,
): Work<void> {
  if (addresses && ports) {
    const own = { address: addresses.from, port: ports.from };
    add(search, { ...own, share, chain: chain.name, range });
  }
  if (toAddress?.kind !== 'map') return;
  const those = chosen(search.table, toAddress.key, toAddress.map);
  yield* mapInPieces(those, ([{ data }, chance]) => {
    if (data?.kind !== 'values') return;
    const [address, port] = data.values;
    if (address?.kind !== 'address' || port?.kind !== 'number') return;
    const own = { address: address.address, port: port.number };
    add(search, { ...own, share: times(share, chance), range });
  });
}

/** The same endpoint again, as with session affinity: its shares make one. */
function add({ found }: Search, endpoint: ServiceEndpoint): void {
  const key = keyOf(endpoint);
  const known = found.get(key);
  if (!known) found.set(key, endpoint);
  else if (known.share === undefined) found.set(key, { ...known, share: endpoint.share });
  else if (endpoint.share !== undefined) {
    found.set(key, { ...known, share: known.share + endpoint.share });
  }
}

function keyOf({ address, port }: ServiceEndpoint): string {
  return `${address.words.join()} ${port}`;
}

/** The elements of a map with the chance of each, where a random number chooses. */
function* chosen(
  table: Table,
  key: Expression,
  map: SetReference,
): Generator<readonly [SetElement, number | undefined]> {
  const elements = map.kind === 'named' ? table.sets?.get(map.name)?.elements : map.elements;
  for (const element of elements ?? []) {
    const [pattern] = element.key ?? [];
    const isCount = key.kind === 'numgen' && pattern?.kind === 'numbers';
    yield [element, isCount ? (pattern.to - pattern.from + 1) / key.modulus : undefined];
  }
}

function times(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? undefined : left * right;
}

/** Behind it no packet goes on in the chain. */
function isLast({ target }: Rule): boolean {
  return target !== undefined && ['goto', 'DNAT', 'DROP', 'ACCEPT', 'REJECT'].includes(target.kind);
}

/** Seconds of session affinity: the timeout of the sets that chains ask for known clients. */
export function affinityOf(table: Table, chains: readonly string[]): number | undefined {
  for (const name of chains) {
    const chain = table.chains.get(name);
    for (let i = 0; chain && i < chain.length; i++) {
      for (const statement of chain.rule(i).statements) {
        if (statement.kind !== 'lookup' || statement.set.kind !== 'named') continue;
        const timeout = table.sets?.get(statement.set.name)?.timeout;
        if (timeout !== undefined && !statement.negated) return timeout;
      }
    }
  }
  return undefined;
}
