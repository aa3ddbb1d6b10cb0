import type { Cluster, NodeDumps } from '../../cluster/cluster';
import { formatAddress, parseAddress } from '../../core/address';
import { modeOf } from '../../core/kubeproxy/mode/judge';
import { list } from '../../core/list';
import { addressesOfService, type ServiceObject } from '../../core/objects/types';
import { protocolName } from '../../core/protocol';
import type { NodeStates } from '../../workspace/clusters/nodeStates';

/** Nodes whose dumps are looked at: they hardly ever differ. */
const mostNodes = 3;

/** What a node's dumps say of kube-proxy. */
interface ProxyDumps {
  readonly mode: string | undefined;
  /** By address, port and protocol. */
  readonly schedulers: ReadonlyMap<string, string>;
}

const known = new WeakMap<NodeDumps, Promise<ProxyDumps>>();

/**
 * kube-proxy's mode, in ipvs mode with the Service's schedulers: `iptables`, `ipvs rr`. From the dumps
 * that are held, and from a snapshot's files; nothing is fetched for it. undefined where none tell.
 */
export async function proxyFacts(
  cluster: Cluster,
  service: ServiceObject,
  states: NodeStates,
): Promise<string | undefined> {
  const names = cluster.offline
    ? (await cluster.list('nodes')).items.map(({ metadata }) => metadata.name)
    : cluster.heldNodes();
  const found = new Set<string>();
  let nodes = 0;
  for (const name of [...names].sort()) {
    const dumps = await withoutFetching(cluster, name);
    if (!dumps || dumps.dumps.length === 0) continue;
    if (++nodes > mostNodes) break;
    const reading = known.get(dumps) ?? read(dumps, states);
    known.set(dumps, reading);
    const { mode, schedulers } = await reading;
    if (mode === undefined) continue;
    found.add([mode, ...(mode === 'ipvs' ? schedulersOf(service, schedulers) : [])].join(' '));
  }
  return found.size === 0 ? undefined : list(found, 'row');
}

/** A snapshot may lack the dumps of some of its nodes. */
async function withoutFetching(cluster: Cluster, node: string): Promise<NodeDumps | undefined> {
  const held = cluster.heldDumps(node);
  if (held || !cluster.offline) return held;
  return cluster.dumps(node).catch(() => undefined);
}

function schedulersOf(
  service: ServiceObject,
  schedulers: ReadonlyMap<string, string>,
): readonly string[] {
  const found = addressesOfService(service).flatMap((address) =>
    service.spec.ports.flatMap(({ port, protocol }) => {
      const parsed = parseAddress(address);
      return parsed ? (schedulers.get(keyOf(formatAddress(parsed), port, protocol)) ?? []) : [];
    }),
  );
  return [...new Set(found)];
}

function keyOf(address: string, port: number, protocol: string): string {
  return `${address} ${port} ${protocol.toLowerCase()}`;
}

async function read(dumps: NodeDumps, states: NodeStates): Promise<ProxyDumps> {
  const state = await states(dumps);
  const { mode } = modeOf(state);
  const schedulers = new Map<string, string>();
  for (const server of state.ipvs?.virtualServers ?? []) {
    const { address, port, protocol, scheduler } = server;
    if (!address || port === undefined || scheduler === undefined) continue;
    schedulers.set(keyOf(formatAddress(address), port, protocolName(protocol ?? 0)), scheduler);
  }
  return { mode, schedulers };
}
