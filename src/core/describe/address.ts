import * as l10n from '@vscode/l10n';
import {
  contains,
  formatAddress,
  formatNetwork,
  parseNetwork,
  prefixMask,
  sameAddress,
  type Address,
  type Network,
  withPort,
} from '../address';
import type { NodeState } from '../node';
import type { ClusterObjects, ObjectIndex } from '../objects/types';
import { protocolName } from '../protocol';
import type { ServiceEntryKind, ServiceView } from '../service';
import type { SourceRange } from '../source';
import type { Work } from '../work';

/** Something that is known of an address, and where that stands. */
export interface AddressFact {
  /** A clause: `ClusterIP of default/whoami, port 3000/tcp`, `an address of eth0 of this node`. */
  readonly text: string;
  readonly range?: SourceRange;
  /** Where the address is one of a Service's entries: which one. */
  readonly entry?: {
    readonly kind: ServiceEntryKind;
    readonly port: number | undefined;
    /** `tcp`. */
    readonly protocol: string;
  };
}

/** How a user calls an entry. */
export const entryNames: Readonly<Record<ServiceEntryKind, string>> = {
  'cluster-ip': 'ClusterIP',
  'node-port': l10n.t`NodePort address`,
  'external-ip': l10n.t`external IP`,
  'load-balancer-ip': l10n.t('load balancer IP'),
  external: l10n.t('external address'),
  virtual: l10n.t('virtual server'),
};

/** What the Services of a dump say of an address: whose ClusterIP, external IP, ... it is. */
export function servicesAt(services: readonly ServiceView[], address: Address): AddressFact[] {
  return services.flatMap(({ title, protocol, entries }) =>
    entries
      .filter((entry) => entry.address && sameAddress(entry.address, address))
      .map(({ kind, port, range }) => ({
        text: l10n.t`${entryNames[kind]} of ${title}, port ${port}/${protocolName(protocol)}`,
        range,
        entry: { kind, port, protocol: protocolName(protocol) },
      })),
  );
}

/** Whose endpoint an address and port is; reads the endpoints of every Service. */
export function* endpointsAt(
  services: readonly ServiceView[],
  address: Address,
  port?: number,
): Work<AddressFact[]> {
  const found: AddressFact[] = [];
  for (const service of services) {
    for (const each of yield* service.readEndpoints()) {
      if (!sameAddress(each.address, address) || (port ?? each.port) !== each.port) continue;
      const at = withPort(address, each.port);
      found.push({ text: l10n.t`endpoint ${at} of ${service.title}`, range: each.range });
    }
    yield;
  }
  return found;
}

/** What the node's own devices say: an address of a device, or one in a connected network. */
export function nodeFactsAt({ interfaces, name }: NodeState, address: Address): AddressFact[] {
  const own: AddressFact[] = [];
  const near: AddressFact[] = [];
  for (const device of interfaces ?? []) {
    for (const each of device.addresses) {
      if (each.address.family !== address.family) continue;
      if (sameAddress(each.address, address)) {
        const dummy =
          device.name === 'kube-ipvs0' ? l10n.t(' (ipvs mode: holds every Service address)') : '';
        own.push({
          text: l10n.t`an address of ${device.name} of ${name}${dummy}`,
          range: each.range,
        });
      } else if (each.prefixLength > 0 && inNetwork(each, address)) {
        near.push({
          text: l10n.t`in the network of ${device.name} of ${name}, ${networkText(each)}`,
          range: each.range,
        });
      }
    }
  }
  return own.length > 0 ? own : near;
}

interface Prefixed {
  readonly address: Address;
  readonly prefixLength: number;
}

function inNetwork({ address: own, prefixLength }: Prefixed, address: Address): boolean {
  const mask = prefixMask(own.family, prefixLength);
  const words = own.words.map((word, i) => (word & mask[i]!) >>> 0);
  return contains({ address: { family: own.family, words }, mask }, address);
}

function networkText({ address, prefixLength }: Prefixed): string {
  const mask = prefixMask(address.family, prefixLength);
  const words = address.words.map((word, i) => (word & mask[i]!) >>> 0);
  return `${formatAddress({ family: address.family, words })}/${prefixLength}`;
}

const special: readonly (readonly [test: (address: Address) => boolean, text: string])[] = [
  [
    ({ family, words }) => family === 4 && words[0]! >>> 24 === 127,
    l10n.t('loopback: this node itself'),
  ],
  [(address) => formatAddress(address) === '::1', l10n.t('loopback: this node itself')],
  [({ family, words }) => family === 4 && words[0] === 0, l10n.t('any address')],
  [
    ({ family, words }) => family === 4 && words[0]! >>> 16 === 0xa9fe,
    l10n.t('link-local (169.254.0.0/16): metadata services, node-local DNS'),
  ],
  [({ family, words }) => family === 6 && words[0]! >>> 22 === 0x3fa, 'link-local (fe80::/10)'],
  [({ family, words }) => family === 4 && words[0]! >>> 28 === 14, 'multicast'],
  [({ family, words }) => family === 6 && words[0]! >>> 24 === 255, 'multicast'],
];

/** What an address is by itself, whatever the dump: loopback, link-local, multicast. */
export function specialAddress(address: Address): string | undefined {
  return special.find(([test]) => test(address))?.[1];
}

/** What Kubernetes objects say: Services not shown by the dump, pods, nodes. */
export function objectFactsAt(objects: ObjectIndex, address: Address): AddressFact[] {
  const text = formatAddress(address);
  const services = objects.servicesAt(text).map(({ metadata, range }) => ({
    text: l10n.t`an address of Service ${metadata.namespace}/${metadata.name}`,
    range,
  }));
  const node = objects.nodeAt(text);
  const pods = objects.podsAt(text).map(({ metadata, nodeName, hostNetwork, range }) => {
    const where = nodeName === undefined ? '' : l10n.t` on ${nodeName}`;
    const network = hostNetwork ? l10n.t(', in the network of the host') : '';
    return { text: l10n.t`pod ${metadata.namespace}/${metadata.name}${where}${network}`, range };
  });
  const nodes = node ? [{ text: l10n.t`node ${node.metadata.name}`, range: node.range }] : [];
  return [...services, ...nodes, ...pods];
}

/** `10.244.0.0/16`: the pod CIDR of a node, or the network that the pod CIDRs of all are in. */
export function objectFactsOfNetwork(
  { nodes }: Pick<ClusterObjects, 'nodes'>,
  network: Network,
): AddressFact[] {
  return nodes.flatMap(({ metadata, podCIDRs, range }) =>
    podCIDRs.flatMap((text) => {
      const own = parseNetwork(text);
      if (own?.address.family !== network.address.family) return [];
      if (!contains(network, own.address)) return [];
      const same = formatNetwork(own) === formatNetwork(network);
      const relation = same ? l10n.t('the') : l10n.t`holds ${text}, the`;
      return [{ text: l10n.t`${relation} pod CIDR of node ${metadata.name}`, range }];
    }),
  );
}
