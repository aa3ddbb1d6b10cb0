import * as l10n from '@vscode/l10n';
import type { Family } from '../address';
import { isProxied } from '../kubeproxy/proxied';
import type { EndpointSliceObject, NodeObject, ServiceObject } from '../objects/types';
import { newestMinor } from '../proxyconfig/version';
import type { ServiceView } from '../service';
import { endpointsOf, type Endpoint } from './endpoints';
import { realServersOf } from './ipvs/realServers';
import { hintsThatCount, isExternal, servicePortsOn, type ServicePort } from './servicePorts';

/** Minor releases that kube-proxy may be of, both inclusive: 36 of 1.36. */
export interface PossibleReleases {
  readonly since: number;
  readonly until: number;
}

/** Where nothing tells the release: older ones than these show it in their rules. */
const anyRelease: PossibleReleases = { since: 24, until: newestMinor };

/** The first releases that choose endpoints in another way than those before. */
const turns = [19, 22, 24, 26, 30, 31, 34];

/** What is known of the kube-proxy whose rules are judged. */
export interface PossibleSetup {
  /** undefined where no Node is this one: then no endpoint is known to be local. */
  readonly node: NodeObject | undefined;
  readonly mode: ServiceView['mode'];
  readonly releases?: PossibleReleases | undefined;
  /** As `ProxiedNode.zoneMissing`. */
  readonly zoneMissing?: boolean;
}

/** A port of a Service, in one family. */
export interface NamedPort {
  /** Empty for the only, unnamed port. */
  readonly name: string;
  /** `TCP`. */
  readonly protocol: string;
  readonly family: Family;
}

/** Endpoints that chains or virtual servers should hold, as `10.244.1.5:8080`. */
export interface Wanted {
  /** Their lack is a fault: every release that it may be asks for them. */
  readonly required: ReadonlySet<string>;
  /** Their presence is none: some release asks for them. */
  readonly allowed: ReadonlySet<string>;
}

/** What kube-proxy should program of one Service port on one node. */
export interface ExpectedEndpoints {
  readonly all: Wanted;
  /** For KUBE-SVL- (until 1.23 KUBE-XLB-) and nft's `local-`; in ipvs mode the external entries. */
  readonly local: Wanted | undefined;
  /** Why `required` may lack some. */
  readonly unknown?: string;
}

/**
 * Which endpoints a Service port's rules should hold, under every setup that the node's may be: what
 * the whole rules are worked out from (`servicePortsOn`) is asked for each.
 */
export function expectedEndpoints(
  service: ServiceObject,
  slices: readonly EndpointSliceObject[],
  { name, protocol, family }: NamedPort,
  setup: PossibleSetup,
): ExpectedEndpoints {
  const { node, mode, releases = anyRelease, zoneMissing = false } = setup;
  const where = { object: node, name: node?.metadata.name ?? '', zoneMissing };
  // The same ones for every release, which only chooses among them.
  const listed = endpointsOf(slices, { name, protocol }, family, where.name);
  const asked: Asked[] = [];
  if (isProxied(service)) {
    const own = service.spec.ports.filter(
      (one) => one.name === name && one.protocol.toLowerCase() === protocol.toLowerCase(),
    );
    for (const release of [releases.since, ...turns.filter((turn) => isWithin(turn, releases))]) {
      const [port] = servicePortsOn(service, () => listed, { ...where, release }, family, own);
      if (port) asked.push({ port, release, ...listsOf(port, mode, release) });
    }
  }
  const locals = asked.flatMap(({ local }) => (local ? [local] : []));
  const unknown = node ? undefined : lackOfNode(asked);
  return {
    all: merged(
      asked.map(({ all }) => all),
      listed,
    ),
    local: locals.length > 0 && locals.length === asked.length ? merged(locals, listed) : undefined,
    ...(unknown !== undefined && { unknown }),
  };
}

interface Lists {
  readonly all: readonly Endpoint[];
  readonly local: readonly Endpoint[] | undefined;
}

interface Asked extends Lists {
  readonly port: ServicePort;
  readonly release: number;
}

function isWithin(release: number, { since, until }: PossibleReleases): boolean {
  return release > since && release <= until;
}

/** What a mode's rules of the Service port hold on a node, put together. */
function listsOf(port: ServicePort, mode: ServiceView['mode'], release: number): Lists {
  const { choice, internalLocal } = port;
  const externalLocal = port.externalLocal && isExternal(port);
  if (mode === 'ipvs') {
    const internal = realServersOf(port, internalLocal, release);
    if (!isExternal(port)) return { all: internal, local: undefined };
    const external = realServersOf(port, externalLocal, release);
    return { all: [...internal, ...external], local: externalLocal ? external : undefined };
  }
  if (release < 24) {
    const all = internalLocal ? choice.local : choice.cluster;
    return externalLocal
      ? { all: [...all, ...choice.local], local: choice.local }
      : { all, local: undefined };
  }
  const usesLocal = internalLocal || externalLocal;
  return { all: choice.reachable, local: usesLocal ? choice.local : undefined };
}

/** @param listed in the order in which they are told */
function merged(lists: readonly (readonly Endpoint[])[], listed: readonly Endpoint[]): Wanted {
  const sets = lists.map((list) => new Set(list));
  const isIn = (endpoint: Endpoint) => (set: ReadonlySet<Endpoint>) => set.has(endpoint);
  const allowed = listed.filter((endpoint) => sets.some(isIn(endpoint)));
  const required = allowed.filter((endpoint) => sets.every(isIn(endpoint)));
  return { required: textsOf(required), allowed: textsOf(allowed) };
}

function textsOf(endpoints: readonly Endpoint[]): ReadonlySet<string> {
  return new Set(endpoints.map(({ text }) => text));
}

/** Of a node that no object is, its own endpoints are not known, nor those that hints give it. */
function lackOfNode(asked: readonly Asked[]): string | undefined {
  if (asked.some(({ local }) => local !== undefined)) {
    return l10n.t('no Node object is this node, so its own endpoints are not known');
  }
  const hinted = asked.some(({ port, release }) => {
    const ready = port.endpoints.filter((endpoint) => endpoint.ready);
    const counts = hintsThatCount(port.service, release);
    const all = (kind: 'forZones' | 'forNodes') =>
      ready.length > 0 && ready.every((endpoint) => endpoint[kind].length > 0);
    return (counts.zones && all('forZones')) || (counts.nodes && all('forNodes'));
  });
  return hinted ? l10n.t('no Node object is this node, so hints for it are not known') : undefined;
}
