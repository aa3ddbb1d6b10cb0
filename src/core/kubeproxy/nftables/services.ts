import { formatAddress, withPort } from '../../address';
import type { ServiceObject } from '../../objects/types';
import { protocolName, protocolNumber } from '../../protocol';
import type { NftRuleset, Table } from '../../rules/ruleset';
import type { ServiceEntry, ServiceEntryKind, ServiceView } from '../../service';
import type { SourceRange } from '../../source';
import type { Work } from '../../work';
import { endpointsOnce } from '../endpointsOnce';
import { formatServicePortName, servicePortNamesIn } from '../names';
import { refusesAll } from './conditions';
import { affinityOf, readEndpoints } from './endpoints';
import { nftNameParts } from './known';
import { hostOf, portalsOf, type Portal } from './portals';

/** kube-proxy's own tables: one for each family. */
export function proxyTablesOf(nftables: NftRuleset | undefined): readonly Table[] {
  return (nftables?.tables ?? []).filter(
    ({ name, family }) => name === 'kube-proxy' && (family === 'ip' || family === 'ip6'),
  );
}

/** Portals read before others get their turn. */
const batch = 100;

/** One Service port, while its portals are gathered. */
interface Draft {
  readonly name: string | undefined;
  readonly title: string;
  readonly protocol: number;
  readonly entries: ServiceEntry[];
  /** Where its entries go to, the ClusterIP's first. */
  readonly targets: string[];
  readonly range: SourceRange;
}

/**
 * The Services of one table of nftables mode, found by what its rules do: which addresses and ports
 * nat's base chains look up and whose chains they lead to, and which filter's base chains refuse
 * for want of endpoints. Endpoints are read when first asked for. Yields often.
 *
 * @param objects tell external from load balancer IPs
 */
export function* searchTable(
  table: Table,
  objects: readonly ServiceObject[] = [],
): Work<readonly ServiceView[]> {
  const kindOf = yield* entryKinds(table, objects);
  const drafts = new Map<string, Draft>();
  let read = 0;
  for (const portal of portalsOf(table, 'nat')) {
    if (++read % batch === 0) yield;
    const { verdict } = portal;
    if (verdict.kind !== 'goto' && verdict.kind !== 'jump') continue;
    const parts = nftNameParts(verdict.chain);
    const draft = draftOf(drafts, portal, parts?.service, verdict.chain);
    const kind = kindOf(portal);
    addEntry(draft, portal, kind);
    if (draft.targets.includes(verdict.chain)) continue;
    if (kind === 'cluster-ip') draft.targets.unshift(verdict.chain);
    else draft.targets.push(verdict.chain);
  }
  for (const portal of portalsOf(table, 'filter')) {
    if (++read % batch === 0) yield;
    if (!isRefused(table, portal)) continue;
    const draft = draftOf(drafts, portal, portal.comment, portalText(portal));
    addEntry(draft, portal, kindOf(portal));
  }
  if (!table.complete || hidesElements(table)) addLooseChains(table, drafts);
  return [...drafts.values()].map((draft) => viewOf(table, draft));
}

/** `nft -t` prints no elements. */
function hidesElements({ sets }: Table): boolean {
  return sets?.get('service-ips')?.complete === false;
}

/** Of an excerpt without the maps that lead to them: `nft list chain ip kube-proxy service-...`. */
function addLooseChains({ chains }: Table, drafts: Map<string, Draft>): void {
  for (const [name, { declared: range }] of chains) {
    const parts = nftNameParts(name);
    if (!parts || !range || parts.kind === 'endpoint') continue;
    const protocol = protocolNumber(parts.protocol) ?? 0;
    const { targets } = draftOf(drafts, { protocol, range }, parts.service, name);
    if (targets.length === 0) targets.push(name);
  }
}

/** An excerpt may have elements that lead there without it. */
const rejectChain = 'reject-chain';

function isRefused(table: Table, { verdict }: Portal): boolean {
  if (verdict.kind === 'DROP') return true;
  if (verdict.kind !== 'goto' && verdict.kind !== 'jump') return false;
  const chain = table.chains.get(verdict.chain);
  if (!chain && !table.complete) return verdict.chain === rejectChain;
  return refusesAll(chain);
}

/** The Service port of a name, or of what stands for one: a chain, a portal. */
function draftOf(
  drafts: Map<string, Draft>,
  { protocol, range }: Pick<Portal, 'protocol' | 'range'>,
  name: string | undefined,
  unnamed: string,
): Draft {
  const key = `${name ?? unnamed} ${protocol}`;
  let draft = drafts.get(key);
  if (!draft) {
    draft = { name, title: name ?? unnamed, protocol, entries: [], targets: [], range };
    drafts.set(key, draft);
  }
  return draft;
}

function addEntry(
  { entries }: Draft,
  { address, port, range }: Portal,
  kind: ServiceEntryKind,
): void {
  const text = address && formatAddress(address);
  const known = entries.some(
    (entry) => entry.port === port && (entry.address && formatAddress(entry.address)) === text,
  );
  if (!known) entries.push({ kind, ...(address && { address }), port, range });
}

/** `10.96.0.10:53/udp`. */
function portalText({ address, port, protocol }: Portal): string {
  const at = address ? withPort(address, port) : `:${port}`;
  return `${at}/${protocolName(protocol)}`;
}

/** What kind of address a portal has: by kube-proxy's set of ClusterIPs, then by objects. */
function* entryKinds(
  table: Table,
  objects: readonly ServiceObject[],
): Work<(portal: Portal) => ServiceEntryKind> {
  const set = table.sets?.get('cluster-ips');
  const clusterIps = new Set<string>();
  for (const { key } of set?.elements ?? []) {
    const address = key?.[0] && hostOf(key[0]);
    if (address) clusterIps.add(formatAddress(address));
    if (clusterIps.size % batch === 0) yield;
  }
  const balancers = new Set<string>();
  const externals = new Set<string>();
  for (const { spec, status } of objects) {
    for (const { ip } of status.loadBalancer.ingress) if (ip) balancers.add(ip);
    for (const ip of spec.externalIPs) externals.add(ip);
  }
  return ({ address, verdict }) => {
    if (!address) return 'node-port';
    const text = formatAddress(address);
    if (clusterIps.has(text)) return 'cluster-ip';
    if (balancers.has(text)) return 'load-balancer-ip';
    if (externals.has(text)) return 'external-ip';
    // Without the set, the chain tells: only traffic from outside goes over an external one.
    const chain = verdict.kind === 'goto' ? nftNameParts(verdict.chain)?.kind : undefined;
    return !set && (chain === 'service' || chain === 'local') ? 'cluster-ip' : 'external';
  };
}

function viewOf(table: Table, { name, title, protocol, entries, targets, range }: Draft) {
  const [servicePort] = name === undefined ? [] : servicePortNamesIn(name);
  const chains = chainsOf(table, targets);
  const view: ServiceView = {
    servicePort,
    title: servicePort ? formatServicePortName(servicePort) : title,
    protocol,
    mode: 'nftables',
    entries,
    readEndpoints: endpointsOnce(targets, (target) => readEndpoints(table, target)),
    get affinity() {
      return affinityOf(table, chains);
    },
    chains,
    range,
  };
  return view;
}

const kinds = ['service', 'local', 'external', 'firewall'] as const;

/** `service-`, `local-`, `external-` and `firewall-` of one Service port end alike. */
function chainsOf(table: Table, targets: readonly string[]): readonly string[] {
  const [first] = targets;
  const own = first === undefined ? undefined : nftNameParts(first);
  if (!own) return targets;
  const rest = first!.slice(own.kind.length);
  return kinds.map((kind) => `${kind}${rest}`).filter((chain) => table.chains.has(chain));
}
