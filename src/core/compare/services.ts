import * as l10n from '@vscode/l10n';
import { withPort } from '../address';
import { list } from '../list';
import type { Programmed, ProgrammedPort } from '../kubeproxy/programmed';
import { protocolName } from '../protocol';
import type { ServiceEntry } from '../service';
import type { SourceRange } from '../source';
import { mapInPieces, type Work } from '../work';
import type { Difference } from './difference';
import { haveSameTexts } from './sameTexts';
import type { Named } from './named';
import { hasOwnEndpoints, type PolicyObjects } from './ownEndpoints';

/** A way into a Service port, as any mode has it. */
interface Way {
  readonly title: string;
  readonly port: ProgrammedPort;
  /** Its endpoints are compared; those of other ways in may be each node's own. */
  readonly isClusterIp: boolean;
  readonly range: SourceRange;
}

interface ServiceDifferences {
  readonly differences: readonly Difference[];
  /** Titles of Service ports of which each node has other endpoints by right. */
  readonly own: readonly string[];
}

/**
 * The Services of two nodes, whatever their modes: by address and port, since a chain's hash, the
 * order of rules and a virtual server's row say nothing of what a packet meets.
 */
export function* compareServices(
  left: Named,
  right: Named,
  objects?: PolicyObjects,
): Work<ServiceDifferences> {
  const [ours, theirs] = [yield* waysOf(left.what), yield* waysOf(right.what)];
  yield;
  const found = [
    ...lacking(ours, theirs, left.name, right.name, 'left'),
    ...lacking(theirs, ours, right.name, left.name, 'right'),
  ];
  const own = new Set<string>();
  for (const [key, way] of ours) {
    yield;
    const other = theirs.get(key);
    if (!other || haveSameTexts(way.port, other.port)) continue;
    const asked = { key, ours: way, theirs: other, left: left.name, right: right.name };
    if (way.isClusterIp && other.isClusterIp) {
      const unlike = yield* unlikeEndpoints(asked, objects);
      if (unlike === 'own') own.add(way.title);
      else found.push(...unlike);
    }
    found.push(...unlikeAffinity(asked));
  }
  return { differences: found, own: [...own] };
}

function* waysOf({ ports }: Programmed): Work<ReadonlyMap<string, Way>> {
  const found = new Map<string, Way>();
  yield* mapInPieces(ports, (port) => {
    const { service } = port;
    for (const entry of service.entries) {
      const key = wayKey(entry, service.protocol);
      if (found.has(key)) continue;
      const isClusterIp = entry.kind === 'cluster-ip';
      found.set(key, { title: service.title, port, isClusterIp, range: entry.range });
    }
  });
  return found;
}

/**
 * `10.96.0.8:80/tcp`, `[fd00::8]:80/tcp`, `NodePort 30089/tcp`: what two nodes have in common of a way in. A node port is
 * named by its number, since each node has its own addresses; in ipvs mode it stands at each of them.
 */
export function wayKey({ kind, address, port }: ServiceEntry, protocol: number): string {
  const at = kind === 'node-port' || !address ? `NodePort ${port}` : withPort(address, port);
  return `${at}/${protocolName(protocol)}`;
}

/** `10.244.1.5:8080`. */
export function* endpointTexts(port: ProgrammedPort): Work<ReadonlySet<string>> {
  const endpoints = yield* port.service.readEndpoints();
  return new Set(endpoints.map(({ address, port }) => withPort(address, port)));
}

function lacking(
  has: ReadonlyMap<string, Way>,
  other: ReadonlyMap<string, Way>,
  name: string,
  otherName: string,
  side: 'left' | 'right',
): Difference[] {
  return [...has].flatMap(([key, { title, range }]) =>
    other.has(key)
      ? []
      : [
          {
            severity: 'warning' as const,
            message: l10n.t`${otherName} has no rule for ${key}${title.startsWith(key) ? '' : ` (${title})`}, ${name} has: connections to it end nowhere there.`,
            [side]: range,
          },
        ],
  );
}

/** The same way in on both nodes. */
interface Pair {
  readonly key: string;
  readonly ours: Way;
  readonly theirs: Way;
  readonly left: string;
  readonly right: string;
}

/** `own` where each node has its own by right. */
function* unlikeEndpoints(
  { key, ours, theirs, left, right }: Pair,
  objects: PolicyObjects | undefined,
): Work<readonly Difference[] | 'own'> {
  const [own, others] = [yield* endpointTexts(ours.port), yield* endpointTexts(theirs.port)];
  const [here, there] = [minus(own, others), minus(others, own)];
  if (here.length + there.length === 0) return [];
  const rights = [ours, theirs].map(({ port }) => hasOwnEndpoints(port, objects));
  if (rights.includes(true)) return 'own';
  const parts = [
    ...(here.length > 0 ? [l10n.t`only ${left} leads to ${list(here)}`] : []),
    ...(there.length > 0 ? [l10n.t`only ${right} leads to ${list(there)}`] : []),
  ];
  const message = l10n.t`${ours.title} at ${key}: ${parts.join(l10n.t(', '))}.`;
  const places = { left: ours.range, right: theirs.range };
  if (!rights.includes(undefined)) return [{ severity: 'warning', message, ...places }];
  const detail = l10n.t(
    "That is right where traffic policy Local or topology hints give each node its own: the Service's object, which tells, is not at hand.",
  );
  return [{ severity: 'warning', message, detail, ...places }];
}

function unlikeAffinity({ key, ours, theirs, left, right }: Pair): Difference[] {
  const [here, there] = [ours.port.service.affinity, theirs.port.service.affinity];
  if (here === there) return [];
  const words = (seconds: number | undefined) =>
    seconds === undefined ? l10n.t('not at all') : l10n.t`for ${seconds} s`;
  const message = l10n.t`${ours.title} at ${key}: ${left} keeps a client at its endpoint ${words(here)}, ${right} ${words(there)}.`;
  return [{ severity: 'warning', message, left: ours.range, right: theirs.range }];
}

function minus(left: ReadonlySet<string>, right: ReadonlySet<string>): string[] {
  return [...left].filter((one) => !right.has(one)).slice(0, 5);
}
