import { protocolName } from '../protocol';
import type { ServiceView } from '../service';
import { withPort } from '../trace/headerText';
import { count } from './format';
import { percent } from '../percent';
import type { VisitedWay } from './merge';
import type { Sender } from './mergedGraph';
import { sourceTranslation } from './visits';

/** A sender's packets and what became of them. */
export interface SentWays {
  readonly sender: Sender;
  readonly ways: readonly VisitedWay[];
}

export interface HeaderFacts {
  /** The node's name. */
  readonly node: string;
  /** `12 s ago`, `at 2026-11-21 10:00`; undefined where no dump tells. */
  readonly captured?: string | undefined;
}

/**
 * What the Service port does, in one sentence: `10.96.0.10:53/UDP kube-system/kube-dns:dns,
 * iptables mode, node-a: 2 endpoints at 50 %; pods keep their source, outside clients are
 * masqueraded; last capture 12 s ago`.
 */
export function headerOf(
  service: ServiceView,
  asked: readonly SentWays[],
  { node, captured }: HeaderFacts,
): string {
  const parts = [
    `${addressOf(service)} ${service.title}, ${service.mode} mode, ${node}: ${endpointsText(service)}`,
  ];
  const sources = sourcesText(asked);
  if (sources) parts.push(sources);
  if (captured) parts.push(`last capture ${captured}`);
  return parts.join('; ');
}

/** Where it is reached first: `10.96.0.10:53/UDP`. */
export function addressOf({ entries, protocol }: ServiceView): string {
  const first = entries.find(({ kind }) => kind === 'cluster-ip') ?? entries[0];
  const at = first?.address ? withPort(first.address, first.port) : `port ${first?.port ?? '?'}`;
  return `${at}/${protocolName(protocol).toUpperCase()}`;
}

function endpointsText({ endpoints, affinity }: ServiceView): string {
  if (endpoints.length === 0) return 'no endpoints';
  const shares = new Set(endpoints.map(({ share }) => (share === undefined ? '' : percent(share))));
  const [share] = shares;
  const each = shares.size === 1 && share ? ` at ${share}` : '';
  const sticky = affinity === undefined ? '' : `, each client stays for ${affinity} s`;
  return `${count(endpoints.length, 'endpoint')}${shares.size > 1 ? ' at different shares' : each}${sticky}`;
}

/** `pods keep their source, outside clients are masqueraded`. */
function sourcesText(asked: readonly SentWays[]): string {
  const groups: readonly [string, (sender: Sender) => boolean][] = [
    ['pods', ({ label }) => label.startsWith('Pod on')],
    ['outside clients', ({ label }) => !/^(Pod|This node|Ping)/.test(label)],
  ];
  return groups
    .flatMap(([who, isOne]) => {
      const ways = asked.filter(({ sender }) => isOne(sender)).flatMap((one) => one.ways);
      const fate = fateOf(ways);
      return fate ? [`${who} ${fate}`] : [];
    })
    .join(', ');
}

function fateOf(ways: readonly VisitedWay[]): string {
  return [...new Set(ways.map(fateOfWay))].join(' or ');
}

function fateOfWay({ way, visits }: VisitedWay): string {
  const { kind, client } = way.verdict;
  if (kind === 'UNKNOWN') return 'meet what no dump tells';
  if (kind !== 'ACCEPT') return fates[client?.sees ?? 'unknown'];
  if (!visits.some(({ node }) => node.kind === 'endpoint')) return 'reach no endpoint';
  return sourceTranslation(way) ? 'are masqueraded' : 'keep their source';
}

/** What clients see of a refusal. */
const fates = {
  refused: 'are refused',
  unreachable: 'are told that it is unreachable',
  silence: 'get no answer',
  unknown: 'are refused',
} as const;
