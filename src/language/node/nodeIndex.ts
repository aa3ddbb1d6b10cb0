import * as l10n from '@vscode/l10n';
import { addressKey, type Address, type AddressKey, withPort } from '../../core/address';
import type { VirtualServer } from '../../core/ipvs/state';
import { ipvsServicesOf } from '../../core/kubeproxy/programmed';
import type { IpSetEntry } from '../../core/ipset/types';
import type { NodeState } from '../../core/node';
import type { IndexedObjects } from '../../core/objects/types';
import { protocolName } from '../../core/protocol';
import type { ServiceView } from '../../core/service';
import type { SourceRange } from '../../core/source';
import { append } from '../../core/append';

/** One place of a node's dumps that names an address. */
export interface Named {
  readonly kind: 'device' | 'virtual' | 'real' | 'set';
  /** `virtual server 10.96.0.1:443/tcp`, `KUBE-CLUSTER-IP 10.96.0.1,tcp:443`. */
  readonly text: string;
  readonly port?: number;
  readonly protocol?: string;
  readonly range: SourceRange;
}

/** Where the dumps of a node, but for its rules, name an address, and its Services in ipvs mode. */
export interface NodeIndex {
  named(address: Address): readonly Named[];
  readonly services: readonly ServiceView[];
}

/** Reads the index; it may be left at every `yield`, as sets may hold 50,000 elements. */
export function* readNodeIndex(
  node: NodeState,
  objects: IndexedObjects | undefined,
): Generator<undefined, NodeIndex> {
  const { ipvs, sets, interfaces, someInterfaces } = node;
  const places = new Map<AddressKey, Named[]>();
  const add = (address: Address, named: Named) => {
    const key = addressKey(address);
    append(places, key, named);
  };
  for (const { name, addresses } of interfaces ?? someInterfaces ?? []) {
    for (const { address, range } of addresses) {
      add(address, { kind: 'device', text: l10n.t`address of ${name}`, range });
      yield;
    }
  }
  for (const server of ipvs?.virtualServers ?? []) {
    const name = nameOfVirtualServer(server);
    const protocol = server.protocol === undefined ? undefined : protocolName(server.protocol);
    const { address, port, range } = server;
    if (address) {
      add(address, {
        kind: 'virtual',
        text: l10n.t`virtual server ${name}`,
        port,
        protocol,
        range,
      });
    }
    for (const real of server.realServers) {
      const text = l10n.t`real server of ${name}`;
      add(real.address, { kind: 'real', text, port: real.port, protocol, range: real.range });
      yield;
    }
  }
  for (const { name, entries } of sets?.values() ?? []) {
    for (const entry of entries) {
      for (const address of addressesOf(entry)) add(address, namedByEntry(name, entry));
      yield;
    }
  }
  const services = yield* ipvsServicesOf(node, objects?.services);
  return { named: (address) => places.get(addressKey(address)) ?? [], services };
}

/** `10.96.0.1:443/tcp`, `firewall mark 1`. */
export function nameOfVirtualServer(server: VirtualServer): string {
  const { address, port, protocol, firewallMark } = server;
  if (!address) return l10n.t`firewall mark ${firewallMark ?? l10n.t('not known')}`;
  const endpoint = withPort(address, port ?? 0);
  return `${endpoint}/${protocolName(protocol ?? 0)}`;
}

/** The single addresses of an element: each once, networks left out. */
function addressesOf({ parts }: IpSetEntry): Address[] {
  const found = new Map<AddressKey, Address>();
  for (const part of parts) {
    if (part.kind !== 'network') continue;
    const { address, mask } = part.network;
    if (mask.every((word) => word === 0xffffffff)) found.set(addressKey(address), address);
  }
  return [...found.values()];
}

function namedByEntry(set: string, { text, parts, range }: IpSetEntry): Named {
  const port = parts.find((part) => part.kind === 'port');
  const protocol = port?.protocol;
  return {
    kind: 'set',
    text: `${set} ${text}`,
    ...(port && port.from === port.to ? { port: port.from } : {}),
    ...(protocol === undefined ? {} : { protocol: protocolName(protocol) }),
    range,
  };
}
