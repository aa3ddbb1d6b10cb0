import { expectedRules } from '../../../src/core/expected';
import {
  usualKernel,
  type ExpectedInput,
  type KernelFacts,
} from '../../../src/core/expected/input';
import type { ExpectedRuleset } from '../../../src/core/expected/rules';
import type { Family } from '../../../src/core/address';
import { sortObjects } from '../../../src/core/objects/types';
import { configValueOf } from '../../../src/core/proxyconfig/flags';
import { readSettings } from '../../../src/core/proxyconfig/settings';
import { finish } from '../../../src/core/work';
import { ipAddressParser } from '../../../src/syntax/ip/address';
import { parseLines } from '../../../src/syntax/lines';
import { readObject } from '../../../src/syntax/objects/readObject';

export type Mode = 'iptables' | 'ipvs' | 'nftables';

type Json = Readonly<Record<string, unknown>>;

/** A small cluster as written by hand: one Service, `shop/web`, unless `objects` has more. */
export interface Cluster {
  readonly spec?: Json;
  readonly annotations?: Json;
  readonly status?: Json;
  /** EndpointSlices of shop/web: what differs from one of IPv4 with the port http, 8080. */
  readonly slices?: readonly Json[];
  readonly objects?: readonly Json[];
  readonly config?: Json;
  readonly nodeAddresses?: readonly string[];
  readonly kernel?: Partial<KernelFacts>;
  /** `ip addr` of the node. */
  readonly ipAddr?: string | undefined;
}

const http = { name: 'http', port: 80, protocol: 'TCP' };

export function endpoint(address: string, more: Json = {}): Json {
  return { addresses: [address], nodeName: 'node-b', conditions: { ready: true }, ...more };
}

export const own = { nodeName: 'node-a' };
export const drained = { conditions: { ready: false, serving: true, terminating: true } };

export function slice(endpoints: readonly Json[], more: Json = {}): Json {
  return { endpoints, ...more };
}

/** What the rules of a cluster on node-a follow from. */
export function inputOf(cluster: Cluster, mode: Mode, release = 36): ExpectedInput {
  const meta = { namespace: 'shop', name: 'web' };
  const { spec, annotations, status, slices = [slice([endpoint('10.244.1.5')])] } = cluster;
  const service = {
    kind: 'Service',
    metadata: { ...meta, annotations },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.0.5',
      clusterIPs: ['10.96.0.5'],
      ports: [http],
      ...spec,
    },
    status: { loadBalancer: { ingress: [] }, ...status },
  };
  const addresses = cluster.nodeAddresses ?? ['192.0.2.1'];
  const node = {
    kind: 'Node',
    metadata: { name: 'node-a', labels: { 'topology.kubernetes.io/zone': 'east' } },
    spec: { podCIDRs: ['10.244.0.0/24'] },
    status: { addresses: addresses.map((address) => ({ type: 'InternalIP', address })) },
  };
  const ofService = { namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } };
  const made = slices.map((more, i) => ({
    kind: 'EndpointSlice',
    metadata: { ...ofService, name: `web-${i}` },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    ...more,
  }));
  const all = [service, node, ...made, ...(cluster.objects ?? [])];
  const objects = sortObjects(all.flatMap((value) => readObject(value) ?? []));
  const settings = readSettings(
    configValueOf({ mode, clusterCIDR: '10.244.0.0/16', ...cluster.config }),
  );
  const kernel = { ...usualKernel, ...cluster.kernel };
  const interfaces =
    cluster.ipAddr === undefined
      ? undefined
      : parseLines(cluster.ipAddr, ipAddressParser('byHand')).value;
  const own = { name: 'node-a', kernel, ...(interfaces && { interfaces }) };
  return { objects, settings, release, node: own };
}

/** What kube-proxy should write of it. */
export function rulesetOf(
  cluster: Cluster,
  mode: Mode,
  release = 36,
  family: Family = 4,
): ExpectedRuleset {
  return finish(expectedRules(inputOf(cluster, mode, release), family))!;
}

/**
 * The rules that kube-proxy should write of a cluster on node-a: `nat KUBE-SERVICES: ...`.
 *
 * @param wanted of the Service ports, which it is by default, or of every node
 */
export function written(
  cluster: Cluster,
  mode: Mode,
  release = 36,
  family: Family = 4,
  wanted: 'of Services' | 'of the node' = 'of Services',
): readonly string[] {
  const { tables } = rulesetOf(cluster, mode, release, family);
  return [...tables.values()].flatMap(({ name, chains, sets }) => [
    ...[...chains.values()].flatMap((chain) =>
      chain.rules
        .filter(({ servicePort }) => (servicePort !== undefined) === (wanted === 'of Services'))
        .map(({ text }) => `${name} ${chain.name}: ${text}`),
    ),
    ...[...sets.values()].flatMap((set) =>
      set.elements.map(({ text }) => `${name} @${set.name}: ${text}`),
    ),
  ]);
}

/** The rules of the chain whose name begins so, without hashes; undefined where it is not there. */
export function chainOf(
  cluster: Cluster,
  [mode, release, table = 'nat', family = 4]: readonly [Mode, number, string?, Family?],
  prefix: string,
): readonly string[] | undefined {
  const { chains } = rulesetOf(cluster, mode, release, family).tables.get(table)!;
  const found = [...chains.values()].find(({ name }) => withoutHash(name).startsWith(prefix));
  return found?.rules.map(({ text }) => withoutHash(text));
}

function withoutHash(text: string): string {
  return text.replace(/(KUBE-[A-Z]+-)[A-Z2-7]{16}|(?<=[a-z]-)[A-Z2-7]{8}(?=-)/g, '$1H');
}
