import { withPort } from '../../address';
import { l10n } from '../../l10n';
import { protocolName } from '../../protocol';
import type { ServiceEndpoint, ServiceEntryKind, ServiceView } from '../../service';
import { count } from './format';
import { percent } from '../../percent';
import type { VisitedWay } from '../visit';
import type { Asker } from '../packets';
import { sourceTranslation } from '../visits';
import { list } from '../../list';

/** A sender's packets and what became of them. */
export interface SentWays {
  readonly sender: Asker;
  readonly ways: readonly VisitedWay[];
}

export interface HeaderFacts {
  /** The node's name. */
  readonly node: string;
  /** `12 s ago`, `at 2026-11-21 10:00`; undefined where that is not known. */
  readonly captured?: string | undefined;
  readonly endpoints: readonly ServiceEndpoint[];
}

/**
 * What the Service port does, in one sentence: `10.96.0.10:53/UDP kube-system/kube-dns:dns,
 * iptables mode, node-a: 2 endpoints at 50 %; pods keep their source, outside clients are
 * masqueraded; last capture 12 s ago`.
 */
export function headerOf(
  service: ServiceView,
  asked: readonly SentWays[],
  { node, captured, endpoints }: HeaderFacts,
): string {
  const parts = [
    l10n.t`${addressOf(service)} ${service.title}, ${service.mode} mode, ${node}: ${endpointsText(endpoints, service)}`,
  ];
  const sources = sourcesText(asked);
  if (sources) parts.push(sources);
  if (captured) parts.push(l10n.t`last capture ${captured}`);
  return parts.join(l10n.t`; `);
}

/** Where it is reached first: `10.96.0.10:53/UDP`. */
export function addressOf({ entries, protocol }: ServiceView): string {
  const first = entries.find(({ kind }) => kind === 'cluster-ip') ?? entries[0];
  const at = first?.address
    ? withPort(first.address, first.port)
    : l10n.t`port ${first?.port ?? '?'}`;
  return `${at}/${protocolName(protocol).toUpperCase()}`;
}

function endpointsText(endpoints: readonly ServiceEndpoint[], { affinity }: ServiceView): string {
  if (endpoints.length === 0) return l10n.t`no endpoints`;
  const all = count(endpoints.length, 'endpoint');
  const numbers = new Set(endpoints.map(({ share }) => share));
  const shares = new Set(Array.from(numbers, (one) => (one === undefined ? '' : percent(one))));
  const [share] = shares;
  const each = shares.size === 1 && share ? l10n.t`${all} at ${share}` : all;
  const shared = shares.size > 1 ? l10n.t`${all} at different shares` : each;
  return affinity === undefined ? shared : l10n.t`${shared}, each client stays for ${affinity} s`;
}

/** `pods keep their source, outside clients are masqueraded`. */
function sourcesText(asked: readonly SentWays[]): string {
  const waysOf = (isOne: (sender: Asker) => boolean) =>
    asked.filter(({ sender }) => isOne(sender)).flatMap(({ ways }) => ways);
  const pods = fateOf(waysOf(({ client, entry }) => client === 'pods' && own.has(entry.kind)));
  const others = fateOf(waysOf(({ client }) => client === 'outside' || client === 'barred'));
  const first = pods && l10n.t`pods ${pods}`;
  const second = others && l10n.t`outside clients ${others}`;
  return first && second ? l10n.t`${first}, ${second}` : first || second;
}

/** By which the pods of the node itself ask. */
const own: ReadonlySet<ServiceEntryKind> = new Set(['cluster-ip', 'virtual']);

function fateOf(ways: readonly VisitedWay[]): string {
  return list([...new Set(ways.map(fateOfWay))], 'or');
}

function fateOfWay({ way, visits }: VisitedWay): string {
  const { kind, client } = way.verdict;
  if (kind === 'UNKNOWN') return l10n.t`meet something that is not known`;
  if (kind !== 'ACCEPT') return fates[client?.sees ?? 'unknown'];
  if (!visits.some(({ node }) => node.kind === 'endpoint')) return l10n.t`reach no endpoint`;
  return sourceTranslation(way) ? l10n.t`are masqueraded` : l10n.t`keep their source`;
}

/** What clients see of a refusal. */
const fates = {
  refused: l10n.t`are refused`,
  unreachable: l10n.t`are told that it is unreachable`,
  silence: l10n.t`get no answer`,
  unknown: l10n.t`are refused`,
} as const;
