import * as l10n from '@vscode/l10n';
import { contains, formatAddress, parseAddress, prefixLength, sameAddress } from '../address';
import type { Address, Family, Network } from '../address';
import type { NodeObject } from '../objects/types';
import type { ExpectedInput, ProxiedNode } from './input';

/** On which of a node's addresses its node ports answer. */
export type NodePortAddresses =
  | { readonly kind: 'all' }
  | { readonly kind: 'some'; readonly addresses: readonly Address[] }
  | { readonly kind: 'unknown'; readonly reason: string };

/** What tells on which addresses node ports answer: part of what rules are worked out from. */
export interface NodePortInput extends Pick<ExpectedInput, 'settings' | 'release'> {
  readonly objects: { readonly nodes: readonly NodeObject[] };
  readonly node: Pick<ProxiedNode, 'name' | 'interfaces'>;
}

/**
 * By nodePortAddresses, whose default in nftables mode is the Node's primary address: since 1.30
 * (kubernetes#122724), before the word `primary` came with 1.31 (newProxyServer).
 */
export function nodePortAddressesOf(input: NodePortInput, family: Family): NodePortAddresses {
  const { settings, release, node } = input;
  const wanted = settings.nodePortAddresses;
  if (wanted === undefined) return unknown(l10n.t('nodePortAddresses could not be read'));
  const byDefault = wanted === 'unset' && settings.mode === 'nftables' && release >= 30;
  if (wanted === 'primary' || byDefault) {
    const primary = givenNodeIp(input, family);
    const own = input.objects.nodes.some(({ metadata }) => metadata.name === node.name);
    if (!primary && !own)
      return unknown(l10n.t`the Node object of ${node.name}, which names them, is not at hand`);
    // A node without an address of the family has nothing to tell its addresses by; loopback is none.
    const named = primary && ![loopback, loopback6].some((one) => sameAddress(one, primary));
    return named ? { kind: 'some', addresses: [primary] } : { kind: 'all' };
  }
  const networks = wanted === 'unset' ? [] : wanted.filter((one) => one.address.family === family);
  if (networks.length === 0 || networks.some((one) => prefixLength(one) === 0)) {
    return { kind: 'all' };
  }
  if (!node.interfaces)
    return unknown(l10n.t("the node's own addresses are not at hand (`ip addr`)"));
  const found = new Map<string, Address>();
  for (const { name, addresses } of node.interfaces) {
    // kube-proxy's own dummy device holds addresses of Services.
    if (name === 'kube-ipvs0') continue;
    for (const { address } of addresses) {
      if (networks.some((one) => contains(one, address)))
        found.set(formatAddress(address), address);
    }
  }
  return { kind: 'some', addresses: [...found.values()] };
}

function unknown(reason: string): NodePortAddresses {
  return { kind: 'unknown', reason };
}

/**
 * Whether one of the networks holds what kube-proxy takes for its node's own address: bindAddress; else
 * of the Node's addresses the first InternalIP of the family, else the first ExternalIP; else 127.0.0.1
 * or ::1 (detectNodeIPs).
 */
export function holdNode(
  networks: readonly Network[],
  input: ExpectedInput,
  family: Family,
): boolean {
  if (networks.length === 0) return false;
  const own = givenNodeIp(input, family) ?? (family === 4 ? loopback : loopback6);
  return networks.some((network) => contains(network, own));
}

/** undefined where neither bindAddress nor the Node names one of the family. */
function givenNodeIp(
  { objects, node, settings }: NodePortInput,
  family: Family,
): Address | undefined {
  const bound = parseAddress(settings.bindAddress ?? '');
  if (bound?.family === family && bound.words.some((word) => word !== 0)) return bound;
  const own = objects.nodes.find(({ metadata }) => metadata.name === node.name)?.addresses ?? [];
  return ['InternalIP', 'ExternalIP']
    .flatMap((type) => own.filter((one) => one.type === type))
    .map(({ address }) => parseAddress(address))
    .find((address) => address?.family === family);
}

/** Whether node ports answer on 127.0.0.1, as nodePortAddresses alone would have it. */
function holdsLoopback({ settings }: ExpectedInput): boolean {
  const wanted = settings.nodePortAddresses;
  if (wanted === 'primary' || wanted === undefined) return false;
  if (wanted === 'unset') return true;
  const four = wanted.filter((one) => one.address.family === 4);
  return four.length === 0 || four.some(isLoopback);
}

/**
 * Whether kube-proxy sets net.ipv4.conf.all.route_localnet: where node ports answer on 127.0.0.1,
 * which they do in iptables mode alone. Before 1.26 there was no switch.
 */
export function setsRouteLocalnet(input: ExpectedInput): boolean {
  const { mode, localhostNodePorts } = input.settings;
  const wanted = input.release < 26 || (localhostNodePorts ?? true);
  return mode === 'iptables' && wanted && holdsLoopback(input);
}

const loopback: Address = { family: 4, words: [0x7f000001] };
const loopback6: Address = { family: 6, words: [0, 0, 0, 1] };

function isLoopback(network: Network): boolean {
  return network.address.words[0]! >>> 24 === 127 || contains(network, loopback);
}
