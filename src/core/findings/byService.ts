import type { Finding } from '../finding';
import type { ProgrammedPort } from '../kubeproxy/programmed';
import { serviceName } from '../kubeproxy/serviceId';
import { lineKey } from '../source';
import type { Work } from '../work';
import { checkOf } from './all';
import { append } from '../append';

/** What is wrong with a node, by whom it is about. */
export interface FindingsByService {
  /** By `namespace/name`, or a port's title where no name is known. */
  readonly services: ReadonlyMap<string, readonly Finding[]>;
  /** What is about no single Service. */
  readonly node: readonly Finding[];
}

/**
 * Which Service each finding is about: by its own word, else by the rule or row that it stands at.
 *
 * @param ports what the same node's dumps program
 */
export function* findingsByService(
  findings: readonly Finding[],
  ports: readonly ProgrammedPort[],
): Work<FindingsByService> {
  const services = new Map<string, Finding[]>();
  const node: Finding[] = [];
  const places = findings.length > 0 ? yield* placesOf(ports) : undefined;
  for (const finding of findings) {
    const name = finding.service ?? placeName(finding, places);
    if (name === undefined) {
      node.push(finding);
      continue;
    }
    append(services, name, finding);
  }
  return { services, node };
}

/**
 * Checks of rules say themselves whom they are about: they may stand at any Service's rule. What is to be
 * seen to before an upgrade is about the node, though a row of IPVS may show it.
 */
function placeName(
  { code, range, related = [] }: Finding,
  places: ReadonlyMap<string, NamedPlace> | undefined,
): string | undefined {
  const place = places?.get(lineKey(range));
  const check = checkOf(code);
  const isIts = place?.isRow ? check?.group === undefined : !check;
  if (!place || !isIts) return undefined;
  // One that names rows of several Services is the node's.
  const isShared = related.some((other) => {
    const theirs = places?.get(lineKey(other.range))?.name;
    return theirs !== undefined && theirs !== place.name;
  });
  return isShared ? undefined : place.name;
}

interface NamedPlace {
  readonly name: string;
  /** Of IPVS. */
  readonly isRow: boolean;
}

/** Of ipvs mode also the real servers' rows; endpoints of rules are only read when asked for. */
function* placesOf(ports: readonly ProgrammedPort[]): Work<ReadonlyMap<string, NamedPlace>> {
  const places = new Map<string, NamedPlace>();
  for (const { service } of ports) {
    yield undefined;
    const isRow = service.mode === 'ipvs';
    const place = { name: serviceName(service), isRow };
    places.set(lineKey(service.range), place);
    for (const { range } of service.entries) places.set(lineKey(range), place);
    if (!isRow) continue;
    for (const { range } of yield* service.readEndpoints()) places.set(lineKey(range), place);
  }
  return places;
}
