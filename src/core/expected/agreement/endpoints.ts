import * as l10n from '@vscode/l10n';
import type { Family } from '../../address';
import { known, type Fact } from '../../fact';
import type { ProgrammedEndpoints } from '../../kubeproxy/endpointsIn';
import { parseServiceId } from '../../kubeproxy/serviceId';
import type { NodeState } from '../../node';
import { portEndpoints, type PortEndpoint } from '../../objects/endpoints';
import { tellEndpoints } from '../../objects/slices';
import type {
  ClusterObjects,
  EndpointSliceObject,
  NodeObject,
  ObjectIndex,
  ServiceObject,
  IndexedObjects,
} from '../../objects/types';
import { unknown, type Unknown } from '../../truth';
import type { Work } from '../../work';
import { expectedEndpoints, type ExpectedEndpoints, type NamedPort } from '../possible';
import { releasesOf, type NodeReleases } from '../releases';
import { isOfKubeProxy } from '../slices';
import { isNewer } from './age';

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
  readonly port: NamedPort;
  /** The Service's, without those for other proxies; undefined where no EndpointSlice is at hand. */
  readonly slices: readonly EndpointSliceObject[] | undefined;
  /** By name and address. */
  readonly nodes: Pick<ObjectIndex, 'node' | 'nodeAt'>;
  /** Why nothing is expected: `no EndpointSlices beside the dumps`. */
  readonly lacking?: string;
}

/** What objects say of a Service port. */
export function portObjects(
  objects: IndexedObjects | undefined,
  { id, family }: WantedPort,
): PortObjects {
  const { servicePort, protocol } = parseServiceId(id);
  const nodes = objects ?? { node: () => undefined, nodeAt: () => undefined };
  const asked = { name: servicePort?.port ?? '', protocol, family };
  const none = (lacking: string): PortObjects => ({
    service: undefined,
    port: asked,
    slices: undefined,
    nodes,
    lacking,
  });
  if (!objects || !tellEndpoints(objects)) {
    return none(l10n.t('no EndpointSlices beside the dumps'));
  }
  if (!servicePort) return none(l10n.t("the Service's name is not in the dumps"));
  const { namespace, name } = servicePort;
  const service = objects.service(namespace, name);
  if (!service) return none(l10n.t`no Service ${namespace}/${name} beside the dumps`);
  const slices = objects.slicesOf(namespace, name).filter(isOfKubeProxy);
  return { service, port: asked, slices, nodes };
}

/** What a node's dumps tell beside its rules, to judge endpoints by. */
export interface HeldSetup {
  /** undefined where nothing tells. */
  readonly releases: NodeReleases | undefined;
  /** As `ProxyLog.zoneMissing`. */
  readonly zoneMissing: boolean;
  /** As `NodeState.captured`. */
  readonly captured: string | undefined;
}

/** @param addresses the node's own, to know its Node by */
export function* heldSetupOf(
  state: NodeState,
  objects: (ClusterObjects & Pick<ObjectIndex, 'node' | 'nodeAt'>) | undefined,
  addresses: readonly string[] = [],
): Work<HeldSetup> {
  const own = objects && nodeOf(state.name, addresses, objects);
  return {
    releases: yield* releasesOf(state, objects, own?.metadata.name),
    zoneMissing: state.proxyLog?.zoneMissing ?? false,
    captured: state.captured,
  };
}

/** What a node has of a Service port, to be compared with its objects. */
export interface HeldEndpoints {
  /** As the folder of its dumps names the node. */
  readonly node: string;
  /** The node's own addresses, to know its Node by. */
  readonly addresses: readonly string[];
  readonly setup: HeldSetup;
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

/**
 * Compares what a node has with what it should have. Where they differ and the objects are newer than
 * the dump, neither is known.
 */
export function endpointAgreement(held: HeldEndpoints, objects: PortObjects): EndpointAgreement {
  const expected = expectedOn(held, objects);
  const found = {
    expected: countOf(expected),
    missing: missingIn(held.endpoints, expected),
    stale: staleIn(held.endpoints, expected, objects),
  };
  const { service, slices = [] } = objects;
  const differs = [found.missing, found.stale].some(
    (fact) => 'value' in fact && fact.value.length > 0,
  );
  if (!differs || !service || !isNewer(service, slices, held.setup.captured)) return found;
  const newer = unknown(l10n.t('its objects are newer than the dump'));
  return { expected: found.expected, missing: newer, stale: newer };
}

function expectedOn(
  { node, addresses, setup, endpoints: has }: HeldEndpoints,
  { service, port, slices, nodes, lacking }: PortObjects,
): ExpectedEndpoints | Unknown {
  if (!service || !slices) {
    return unknown(lacking ?? l10n.t('no EndpointSlices beside the dumps'));
  }
  const mode = ('value' in has && has.value?.mode) || 'iptables';
  const { releases, zoneMissing } = setup;
  const on = { node: nodeOf(node, addresses, nodes), mode, releases, zoneMissing };
  return expectedEndpoints(service, slices, port, on);
}

/** By name, else by one of its addresses. */
function nodeOf(
  name: string,
  addresses: readonly string[],
  nodes: PortObjects['nodes'],
): NodeObject | undefined {
  return nodes.node(name) ?? firstOf(addresses, (address) => nodes.nodeAt(address));
}

function countOf(expected: ExpectedEndpoints | Unknown): Fact<number> {
  if (!('all' in expected)) return expected;
  return expected.unknown === undefined
    ? known(expected.all.required.size)
    : unknown(expected.unknown);
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
  const { mode, all, local } = has.value ?? empty;
  const [held, heldLocal] = [new Set(all), new Set(local)];
  const lacks = new Set([...expected.all.required].filter((address) => !held.has(address)));
  const lacksLocal = [...(expected.local?.required ?? [])].filter(
    (address) => !heldLocal.has(address) && !lacks.has(address),
  );
  // An ipvs Service that only its ClusterIP leads to has no other virtual server.
  const only = mode === 'ipvs' && local.length === 0 ? [] : lacksLocal;
  return known([...lacks, ...only.map((address) => l10n.t`${address} (for policy Local)`)]);
}

function staleIn(
  has: HeldEndpoints['endpoints'],
  expected: ExpectedEndpoints | Unknown,
  { port, slices = [] }: PortObjects,
): Fact<readonly string[]> {
  if ('unknown' in has) return has;
  if (!('all' in expected)) return expected;
  const { all, local } = has.value ?? empty;
  const strange = all.filter((address) => !expected.all.allowed.has(address));
  const asked = strange.length > 0 ? portEndpoints(slices, port, port.family) : [];
  const states = new Map(asked.map((endpoint) => [endpoint.address, endpoint]));
  const found = strange.flatMap((address) => {
    const endpoint = states.get(address);
    // Which ones are the node's own is not known: only what no slice has is surely stale.
    if (expected.unknown !== undefined && endpoint?.ready) return [];
    return [`${address} (${whyStale(endpoint, expected.local === undefined)})`];
  });
  const wanted = expected.local;
  if (!wanted || expected.unknown !== undefined) return known(found);
  const foreign = local.filter(
    (address) => !wanted.allowed.has(address) && expected.all.allowed.has(address),
  );
  return known([...found, ...foreign.map((address) => l10n.t`${address} (of another node)`)]);
}

function whyStale(endpoint: PortEndpoint | undefined, isCluster: boolean): string {
  if (!endpoint) return l10n.t('in no EndpointSlice');
  const hinted = endpoint.forZones.length + endpoint.forNodes.length > 0;
  if (endpoint.ready && isCluster && hinted) return l10n.t('left to others by topology hints');
  if (endpoint.ready) return l10n.t('of another node');
  return endpoint.terminating ? l10n.t('terminating') : l10n.t('not ready');
}
