import type { Endpoint } from './endpoints';

/** The endpoints that a Service port's rules on one node lead to. */
export interface EndpointChoice {
  /** With traffic policy Cluster, and for whoever is let past policy Local. */
  readonly cluster: readonly Endpoint[];
  /** With traffic policy Local. */
  readonly local: readonly Endpoint[];
  /** Of both, in order: those that get rules of their own. */
  readonly reachable: readonly Endpoint[];
  /** Whether any endpoint of the cluster could serve: else traffic is refused, not dropped. */
  readonly any: boolean;
}

/** What decides of the endpoints. */
export interface ChoiceRules {
  readonly usesCluster: boolean;
  readonly usesLocal: boolean;
  readonly node: string;
  /** The Node's label topology.kubernetes.io/zone. */
  readonly zone: string | undefined;
  /** KEP-1669, since 1.26: those that still serve while they terminate, where none is ready. */
  readonly terminating: boolean;
  /** Which topology hints the release and the Service let count (KEP-2433, KEP-3015). */
  readonly hints: { readonly zones: boolean; readonly nodes: boolean };
}

/**
 * Ready endpoints, of them the ones that hints name for this node or zone; with policy Local those
 * of the node. Hints only count for traffic policy Cluster.
 */
export function chooseEndpoints(
  endpoints: readonly Endpoint[],
  rules: ChoiceRules,
): EndpointChoice {
  const ready = endpoints.filter((one) => one.ready);
  const last = rules.terminating
    ? endpoints.filter((one) => !one.ready && one.serving && one.terminating)
    : [];
  const near = rules.usesCluster ? nearest(ready, rules) : [];
  const cluster = rules.usesCluster && near.length === 0 ? last : near;
  if (!rules.usesLocal) {
    return { cluster, local: [], reachable: cluster, any: cluster.length > 0 };
  }
  const own = ready.filter((one) => one.local);
  const local = own.length > 0 ? own : last.filter((one) => one.local);
  const any = cluster.length + ready.length + last.length > 0;
  const used = new Set([...cluster, ...local]);
  return { cluster, local, reachable: endpoints.filter((one) => used.has(one)), any };
}

/**
 * Those with a hint for the node, else for its zone, else all. Hints count only where every ready
 * endpoint has some, and one of them is for here.
 */
function nearest(
  ready: readonly Endpoint[],
  { node, zone, hints }: ChoiceRules,
): readonly Endpoint[] {
  const forHere = (kind: 'forNodes' | 'forZones', here: string | undefined) =>
    here !== undefined && ready.every((one) => one[kind].length > 0)
      ? ready.filter((one) => one[kind].includes(here))
      : [];
  const onNode = hints.nodes ? forHere('forNodes', node) : [];
  if (onNode.length > 0) return onNode;
  const inZone = hints.zones ? forHere('forZones', zone) : [];
  return inZone.length > 0 ? inZone : ready;
}
