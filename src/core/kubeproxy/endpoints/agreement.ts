import * as l10n from '@vscode/l10n';
import type { Family } from '../../address';
import { known, type Fact } from '../../fact';
import { portEndpoints, type PortEndpoint } from '../../objects/endpoints';
import { tellEndpoints } from '../../objects/slices';
import type { ClusterObjects, NodeObject, ObjectIndex, ServiceObject } from '../../objects/types';
import { unknown, type Unknown } from '../../truth';
import { parseServiceId } from '../serviceId';
import { expectedEndpoints, type ExpectedEndpoints, type NodeIdentity } from './expected';
import type { ProgrammedEndpoints } from './programmed';

/** Which Service port, as the panels name it, and of which family. */
export interface WantedPort {
  /** `serviceId`, or with `IPv6` or `iptables mode` behind it (`drawableServices`). */
  readonly id: string;
  readonly family: Family;
}

/** The Service port of an overview, with what the objects say of it. */
export interface PortObjects {
  /** undefined without objects, or where they have no such Service. */
  readonly service: ServiceObject | undefined;
  /** undefined where no EndpointSlice is at hand. */
  readonly endpoints: readonly PortEndpoint[] | undefined;
  /** By name and address. */
  readonly nodes: Pick<ObjectIndex, 'node' | 'nodeAt'>;
  /** Why nothing is expected: `no EndpointSlices beside the dumps`. */
  readonly lacking?: string;
}

/** What objects say of a Service port. */
export function portObjects(
  objects: (ClusterObjects & ObjectIndex) | undefined,
  { id, family }: WantedPort,
): PortObjects {
  const { servicePort, protocol } = parseServiceId(id);
  const nodes = objects ?? { node: () => undefined, nodeAt: () => undefined };
  const none = (lacking: string): PortObjects => ({
    service: undefined,
    endpoints: undefined,
    nodes,
    lacking,
  });
  if (!objects || !tellEndpoints(objects)) {
    return none(l10n.t('no EndpointSlices beside the dumps'));
  }
  if (!servicePort) return none(l10n.t("the Service's name is in no dump"));
  const { namespace, name, port } = servicePort;
  const service = objects.service(namespace, name);
  if (!service) return none(l10n.t`no Service ${namespace}/${name} beside the dumps`);
  const slices = objects.slicesOf(namespace, name);
  const endpoints = portEndpoints(slices, { name: port, protocol }, family);
  return { service, endpoints, nodes };
}

/** What a node has of a Service port, to be compared with its objects. */
export interface HeldEndpoints {
  /** As the folder of its dumps names the node. */
  readonly node: string;
  /** The node's own addresses, to know its Node by. */
  readonly addresses: readonly string[];
  /** undefined where no rule of the node is about the Service port. */
  readonly endpoints: Fact<ProgrammedEndpoints | undefined>;
}

/** What a node's rules hold of a Service port against what its objects ask for. */
export interface EndpointAgreement {
  /** How many it should have. */
  readonly expected: Fact<number>;
  /** Endpoints of the EndpointSlices that its rules lack. */
  readonly missing: Fact<readonly string[]>;
  /** Endpoints of its rules that should not be there, with why: `10.244.1.9:80 (not ready)`. */
  readonly stale: Fact<readonly string[]>;
}

/** Compares what a node has with what it should have. */
export function endpointAgreement(held: HeldEndpoints, objects: PortObjects): EndpointAgreement {
  const expected = expectedOn(held, objects);
  return {
    expected: countOf(expected),
    missing: missingIn(held.endpoints, expected),
    stale: staleIn(held.endpoints, expected, objects),
  };
}

function countOf(expected: ExpectedEndpoints | Unknown): Fact<number> {
  if (!('all' in expected)) return expected;
  return expected.unknown === undefined
    ? known(expected.all.required.size)
    : unknown(expected.unknown);
}

function expectedOn(
  { node, addresses, endpoints: has }: HeldEndpoints,
  { service, endpoints, nodes, lacking }: PortObjects,
): ExpectedEndpoints | Unknown {
  if (!service || !endpoints)
    return unknown(lacking ?? l10n.t('no EndpointSlices beside the dumps'));
  const object = nodes.node(node) ?? firstOf(addresses, (address) => nodes.nodeAt(address));
  const mode = ('value' in has && has.value?.mode) || 'iptables';
  return expectedEndpoints(service, endpoints, identityOf(object), mode);
}

function identityOf(object: NodeObject | undefined): NodeIdentity {
  const zone = object && (object.metadata.labels['topology.kubernetes.io/zone'] ?? '');
  return { name: object?.metadata.name, zone };
}

function firstOf<T>(items: readonly string[], find: (item: string) => T | undefined) {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

const empty: ProgrammedEndpoints = { mode: 'iptables', all: [], local: [] };

function missingIn(
  has: HeldEndpoints['endpoints'],
  expected: ExpectedEndpoints | Unknown,
): Fact<readonly string[]> {
  if ('unknown' in has) return has;
  if (!('all' in expected)) return expected;
  if (expected.unknown !== undefined) return unknown(expected.unknown);
  const { all, local } = has.value ?? empty;
  const lacks = [...expected.all.required].filter((address) => !all.includes(address));
  const lacksLocal = [...(expected.local?.required ?? [])].filter(
    (address) => !local.includes(address) && !lacks.includes(address),
  );
  // An ipvs Service that only its ClusterIP leads to has no other virtual server.
  const only = has.value?.mode === 'ipvs' && local.length === 0 ? [] : lacksLocal;
  return known([...lacks, ...only.map((address) => l10n.t`${address} (for policy Local)`)]);
}

function staleIn(
  has: HeldEndpoints['endpoints'],
  expected: ExpectedEndpoints | Unknown,
  { endpoints = [] }: PortObjects,
): Fact<readonly string[]> {
  if ('unknown' in has) return has;
  if (!('all' in expected)) return expected;
  const { all, local, mode } = has.value ?? empty;
  const states = new Map(endpoints.map((endpoint) => [endpoint.address, endpoint]));
  // Without endpoints of its own, ipvs mode leads also policy Local to those of the cluster
  // (syncEndpoint in pkg/proxy/ipvs/proxier.go).
  const borrows = mode === 'ipvs' && expected.local?.required.size === 0;
  const found = all.flatMap((address) => {
    if (expected.all.allowed.has(address)) return [];
    if (borrows && states.get(address)?.ready) return [];
    const why = whyStale(states.get(address));
    // Which ones are the node's own is not known: only what no slice has is surely stale.
    return expected.unknown !== undefined && states.get(address)?.ready
      ? []
      : [`${address} (${why})`];
  });
  const wanted = expected.local;
  if (!wanted || expected.unknown !== undefined) return known(found);
  if (borrows) return known(found);
  const foreign = local.filter(
    (address) => !wanted.allowed.has(address) && expected.all.allowed.has(address),
  );
  return known([...found, ...foreign.map((address) => l10n.t`${address} (of another node)`)]);
}

function whyStale(endpoint: PortEndpoint | undefined): string {
  if (!endpoint) return l10n.t('in no EndpointSlice');
  if (endpoint.ready) return l10n.t('of another node');
  return endpoint.terminating ? l10n.t('terminating') : l10n.t('not ready');
}
