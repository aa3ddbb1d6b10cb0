import { withPort } from '../address';
import { l10n } from '../l10n';
import type { NodeState } from '../node';
import type { PodObject } from '../objects/types';
import { protocolName } from '../protocol';
import type { Work } from '../work';
import { nodePlaceOf, surroundingsOf } from './places';
import type { DrawableService } from './services';

/** One end of a packet to choose: `10.96.0.10:53/udp`, `default/whoami`. */
export interface Suggestion {
  readonly text: string;
  readonly what: string;
}

/**
 * Where packets may come from on a node: a pod on it and elsewhere, the node itself, and the pods
 * that the cluster's objects name. `what` is English, for the caller to show as it is.
 */
export function* suggestSources(
  node: NodeState,
  services: readonly DrawableService[],
  pods: readonly PodObject[] = [],
): Work<readonly Suggestion[]> {
  const found = new Map<string, string>();
  const add = (text: string, what: string) => {
    if (!found.has(text)) found.set(text, what);
  };
  for (const { metadata, podIPs, nodeName, hostNetwork } of pods) {
    if (hostNetwork) continue;
    const on = nodeName === undefined ? '' : l10n.t` on ${nodeName}`;
    for (const ip of podIPs) add(ip, l10n.t`pod ${metadata.namespace}/${metadata.name}${on}`);
  }
  const seen = new Set<number>();
  for (const service of services) {
    if (seen.has(service.family)) continue;
    seen.add(service.family);
    const around = yield* surroundingsOf(node, service);
    if (around.pod) add(withPort(around.pod.source, undefined), l10n.t`a pod on this node`);
    if (around.podElsewhere) {
      add(withPort(around.podElsewhere.source, undefined), l10n.t`a pod on another node`);
    }
    if (!around.nodeUnknown) add(withPort(around.node, undefined), l10n.t`this node`);
  }
  return [...found].map(([text, what]) => ({ text, what }));
}

/** Every address and port at which the node's Services are reached. */
export function* suggestTargets(
  node: NodeState,
  services: readonly DrawableService[],
): Work<readonly Suggestion[]> {
  const found = new Map<string, string>();
  for (const drawable of services) {
    yield;
    const { service } = drawable;
    const place = nodePlaceOf(node, drawable);
    for (const { kind, address, port } of service.entries) {
      const to = address ?? (place.nodeUnknown ? undefined : place.node);
      if (!to) continue;
      const text = `${withPort(to, port)}/${protocolName(service.protocol)}`;
      const what = kind === 'cluster-ip' ? service.title : `${service.title}, ${kinds[kind]}`;
      if (!found.has(text)) found.set(text, what);
    }
  }
  return [...found].map(([text, what]) => ({ text, what }));
}

const kinds = {
  'node-port': 'NodePort',
  'external-ip': l10n.t`external IP`,
  'load-balancer-ip': l10n.t`load balancer IP`,
  external: l10n.t`external IP`,
  virtual: l10n.t`virtual server`,
} as const;
