import * as l10n from '@vscode/l10n';
import { isProxied } from '../proxied';
import type { ServiceObject } from '../../objects/types';
import type { ServiceView } from '../../service';
import type { PortEndpoint } from '../../objects/endpoints';

/** The Node that a node's dumps are of, as far as its objects tell. */
export interface NodeIdentity {
  /** Of the Node; undefined where no Node is this one: then no endpoint is known to be local. */
  readonly name: string | undefined;
  /** Its label topology.kubernetes.io/zone, empty without one. */
  readonly zone: string | undefined;
}

/** Endpoints that chains should hold. */
export interface Wanted {
  /** Their lack is a fault. */
  readonly required: ReadonlySet<string>;
  /** Their presence is none: `required`, and what some releases of kube-proxy program as well. */
  readonly allowed: ReadonlySet<string>;
}

/** What kube-proxy should program of one Service port on one node. */
export interface ExpectedEndpoints {
  readonly all: Wanted;
  /** For KUBE-SVL- (until 1.23 KUBE-XLB-): where a traffic policy is Local. */
  readonly local: Wanted | undefined;
  /** Why `required` may lack some. */
  readonly unknown?: string;
}

/**
 * As CategorizeEndpoints in kube-proxy's pkg/proxy/topology.go: ready endpoints, of those the ones
 * that topology hints give this node or zone; where none is ready, those that serve while they
 * terminate (KEP-1669, since 1.26, so these are allowed and not required); with policy Local only
 * the node's own.
 */
export function expectedEndpoints(
  service: ServiceObject,
  endpoints: readonly PortEndpoint[],
  node: NodeIdentity,
  mode: ServiceView['mode'],
): ExpectedEndpoints {
  if (!isProxied(service)) return { all: nothing, local: undefined };
  const { spec, status } = service;
  const external =
    spec.type === 'NodePort' ||
    spec.type === 'LoadBalancer' ||
    spec.externalIPs.length > 0 ||
    status.loadBalancer.ingress.length > 0;
  const internalLocal = spec.internalTrafficPolicy === 'Local';
  const externalLocal = external && spec.externalTrafficPolicy === 'Local';
  // Also with policy Local a pod's packets to an external address go to any endpoint, but not in
  // ipvs mode, which has one list of real servers for all who ask.
  const usesCluster = !internalLocal || (external && !(externalLocal && mode === 'ipvs'));
  const usesLocal = internalLocal || externalLocal;

  const ready = endpoints.filter((one) => one.ready);
  const near = usesCluster ? nearest(ready, node) : { endpoints: [] };
  const cluster = usesCluster ? wanted(near.endpoints, ready, endpoints) : nothing;
  const own = endpoints.filter(({ nodeName }) => nodeName !== undefined && nodeName === node.name);
  const ownReady = own.filter((one) => one.ready);
  const local = usesLocal ? wanted(ownReady, ownReady, own) : undefined;
  const noName =
    usesLocal && node.name === undefined
      ? l10n.t('no Node object is this node, so its own endpoints are not known')
      : undefined;
  return {
    all: local ? join(cluster, local) : cluster,
    local,
    unknown: noName ?? near.unknown,
  };
}

const nothing: Wanted = { required: new Set(), allowed: new Set() };

function wanted(
  required: readonly PortEndpoint[],
  ready: readonly PortEndpoint[],
  all: readonly PortEndpoint[],
): Wanted {
  const last = all.filter(({ serving, terminating }) => serving && terminating);
  return {
    required: addresses(required),
    allowed: addresses(ready.length > 0 ? ready : last),
  };
}

function join(left: Wanted, right: Wanted): Wanted {
  return {
    required: new Set([...left.required, ...right.required]),
    allowed: new Set([...left.allowed, ...right.allowed]),
  };
}

function addresses(endpoints: readonly PortEndpoint[]): ReadonlySet<string> {
  return new Set(endpoints.map(({ address }) => address));
}

/**
 * Those that hints name for the node, else for its zone, else all. Hints count only where every
 * ready endpoint has some, and one of them is for here (topologyModeFromHints).
 */
function nearest(
  ready: readonly PortEndpoint[],
  { name, zone }: NodeIdentity,
): { readonly endpoints: readonly PortEndpoint[]; readonly unknown?: string } {
  const hinted = (hints: 'forNodes' | 'forZones') =>
    ready.length > 0 && ready.every((endpoint) => endpoint[hints].length > 0);
  const forHere = (hints: 'forNodes' | 'forZones', here: string | undefined) =>
    ready.filter((endpoint) => here !== undefined && endpoint[hints].includes(here));
  const hintsCount = hinted('forNodes') || hinted('forZones');
  if (hintsCount && (name === undefined || zone === undefined)) {
    return {
      endpoints: [],
      unknown: l10n.t('no Node object is this node, so hints for it are not known'),
    };
  }
  const onNode = hinted('forNodes') ? forHere('forNodes', name) : [];
  if (onNode.length > 0) return { endpoints: onNode };
  const inZone = hinted('forZones') ? forHere('forZones', zone) : [];
  return { endpoints: inZone.length > 0 ? inZone : ready };
}
