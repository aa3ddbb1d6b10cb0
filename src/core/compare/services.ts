import * as l10n from '@vscode/l10n';
import { formatAddress, withPort } from '../address';
import { list } from '../list';
import type { Programmed, ProgrammedPort } from '../kubeproxy/programmed';
import { protocolName } from '../protocol';
import type { SourceRange } from '../source';
import { mapInPieces, type Work } from '../work';
import type { Difference } from './difference';
import { haveSameTexts } from './sameTexts';
import type { Named } from './named';

/** A way into a Service port, as any mode has it. */
interface Way {
  readonly title: string;
  readonly port: ProgrammedPort;
  /** Its endpoints are compared; those of other ways in may be each node's own. */
  readonly isClusterIp: boolean;
  readonly range: SourceRange;
}

/**
 * The Services of two nodes, whatever their modes: by address and port, since a chain's hash, the
 * order of rules and a virtual server's row say nothing of what a packet meets.
 */
export function* compareServices(left: Named, right: Named): Work<readonly Difference[]> {
  const [ours, theirs] = [yield* waysOf(left.what), yield* waysOf(right.what)];
  yield;
  const found = [
    ...lacking(ours, theirs, left.name, right.name, 'left'),
    ...lacking(theirs, ours, right.name, left.name, 'right'),
  ];
  for (const [key, way] of ours) {
    yield;
    const other = theirs.get(key);
    if (!other || haveSameTexts(way.port, other.port)) continue;
    found.push(...(yield* unlike(key, way, other, left.name, right.name)));
  }
  return found;
}

function* waysOf({ ports }: Programmed): Work<ReadonlyMap<string, Way>> {
  const found = new Map<string, Way>();
  yield* mapInPieces(ports, (port) => {
    const { service } = port;
    for (const { kind, address, port: number, range } of service.entries) {
      const suffix = `${number}/${protocolName(service.protocol)}`;
      // In ipvs mode a node port stands at each address of the node.
      const isNodePort = kind === 'node-port';
      const key =
        isNodePort || !address ? `NodePort ${suffix}` : `${formatAddress(address)}:${suffix}`;
      if (found.has(key)) continue;
      found.set(key, { title: service.title, port, isClusterIp: kind === 'cluster-ip', range });
    }
  });
  return found;
}

/** internalTrafficPolicy Local: each node has its own endpoints. */
function isLocal({ service }: ProgrammedPort): boolean {
  return service.chains[0]?.startsWith('KUBE-SVL-') === true;
}

/** `10.244.1.5:8080`; undefined where each node has its own by right. */
export function* endpointTexts(port: ProgrammedPort): Work<ReadonlySet<string> | undefined> {
  if (isLocal(port)) return undefined;
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

function* unlike(
  key: string,
  ours: Way,
  theirs: Way,
  left: string,
  right: string,
): Work<Difference[]> {
  const places = { left: ours.range, right: theirs.range };
  const found: Difference[] = [];
  const own = ours.isClusterIp ? yield* endpointTexts(ours.port) : undefined;
  const others = theirs.isClusterIp ? yield* endpointTexts(theirs.port) : undefined;
  if (own && others) {
    const here = minus(own, others);
    const there = minus(others, own);
    const parts = [
      ...(here.length > 0 ? [l10n.t`only ${left} leads to ${list(here)}`] : []),
      ...(there.length > 0 ? [l10n.t`only ${right} leads to ${list(there)}`] : []),
    ];
    if (parts.length > 0) {
      const message = l10n.t`${ours.title} at ${key}: ${parts.join(l10n.t(', '))}.`;
      found.push({ severity: 'warning', message, ...places });
    }
  }
  const [here, there] = [ours.port.service.affinity, theirs.port.service.affinity];
  if (here !== there) {
    const words = (seconds: number | undefined) =>
      seconds === undefined ? l10n.t('not at all') : l10n.t`for ${seconds} s`;
    const message = l10n.t`${ours.title} at ${key}: ${left} keeps a client at its endpoint ${words(here)}, ${right} ${words(there)}.`;
    found.push({ severity: 'warning', message, ...places });
  }
  return found;
}

function minus(left: ReadonlySet<string>, right: ReadonlySet<string>): string[] {
  return [...left].filter((one) => !right.has(one)).slice(0, 5);
}
