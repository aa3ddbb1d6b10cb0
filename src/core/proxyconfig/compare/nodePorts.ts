import { list } from '../../describe/words';
import { contains, formatAddress, parseAddress, type Family, type Network } from '../../address';
import type { NodeState } from '../../node';
import { virtualNodePorts } from '../../kubeproxy/ipvs/nodePorts';
import { nodePortsSeen, type NodePortAddressesSeen } from '../../kubeproxy/nodePortAddresses';
import type { ProxyNode } from '../node';
import type { ProxySettings } from '../settings';
import { applied, differs, unknown, unused, type Compare, type Outcome } from './comparison';
import { otherRules } from './otherRules';

/** The addresses that node ports answer on, against those of the node's in nodePortAddresses. */
export const compareNodePortAddresses: Compare = (settings, node) => {
  const { mode, nodePortAddresses } = settings;
  if (mode === undefined || nodePortAddresses === undefined) return undefined;
  const other = otherRules(mode, node);
  if (other) return other;
  if (mode === 'ipvs') return ofVirtualServers(settings, node);
  const seen = nodePortsSeen(node.state, mode, 4);
  if (!seen) return unknown('The dumps show no jump to the node ports.');
  return ofRules(settings, node, seen);
};

function ofRules(
  { mode, nodePortAddresses }: ProxySettings,
  node: ProxyNode,
  { addresses, range }: NodePortAddressesSeen,
): Outcome {
  const now =
    addresses === 'all'
      ? 'Node ports answer on all addresses of the node'
      : `Node ports answer on ${list(addresses) || 'no address'}`;
  const wanted = wantedAddresses(nodePortAddresses!, mode, node, 4);
  if (typeof wanted === 'string' && wanted !== 'all') return unknown(`${now}; ${wanted}.`, range);
  if (wanted === 'all' || addresses === 'all') {
    return wanted === addresses
      ? applied(`${now}.`, range)
      : differs(`${now}, not ${inWords(wanted)}.`, range);
  }
  return same(wanted, addresses)
    ? applied(`${now}.`, range)
    : differs(`${now}, not ${inWords(wanted)}.`, range);
}

function inWords(addresses: 'all' | readonly string[]): string {
  if (addresses === 'all') return 'on all';
  return addresses.length === 0 ? 'on none' : `on ${list(addresses)}`;
}

/** @returns why it is not known, where it is not */
function wantedAddresses(
  wanted: NonNullable<ProxySettings['nodePortAddresses']>,
  mode: ProxySettings['mode'],
  { state, objects, version }: ProxyNode,
  family: Family,
): readonly string[] | string {
  // The default of mode nftables since 1.31 (platformApplyDefaults).
  const byDefault = wanted === 'unset' && mode === 'nftables' && (version?.minor ?? 31) >= 31;
  if (wanted === 'primary' || byDefault) {
    const node = objects?.node(state.name);
    if (!node)
      return `the Node object of ${state.name} is not at hand, which names the primary one`;
    // GetNodeHostIPs in component-helpers/node/util: InternalIPs come before ExternalIPs.
    const own = ['InternalIP', 'ExternalIP'].flatMap((type) =>
      node.addresses.filter((one) => one.type === type),
    );
    const ofFamily = own.filter(({ address }) => parseAddress(address)?.family === family);
    return ofFamily.slice(0, 1).map(({ address }) => address);
  }
  const networks =
    wanted === 'unset' ? [] : wanted.filter(({ address }) => address.family === family);
  if (networks.length === 0 || networks.some(isAll)) return 'all';
  if (!state.interfaces) return "the node's own addresses are not at hand (ip addr)";
  return addressesIn(state, networks);
}

function isAll({ mask }: Network): boolean {
  return mask.every((word) => word === 0);
}

function addressesIn({ interfaces = [] }: NodeState, networks: readonly Network[]): string[] {
  return interfaces
    .flatMap(({ addresses }) => addresses)
    .filter(({ address }) => networks.some((network) => contains(network, address)))
    .map(({ address }) => formatAddress(address));
}

function same(left: readonly string[], right: readonly string[]): boolean {
  return [...new Set(left)].sort().join() === [...new Set(right)].sort().join();
}

/** Loopback addresses are not compared: 1.20 has virtual servers on them, 1.36 has none. */
function ofVirtualServers({ nodePortAddresses, mode }: ProxySettings, node: ProxyNode): Outcome {
  const { state } = node;
  const seen = virtualNodePorts(state);
  if (seen === 'no-servers') {
    return unknown('No dump of the virtual servers is at hand (/proc/net/ip_vs).');
  }
  if (seen === 'no-ports') {
    return unknown('The dumps name no node port (ipset KUBE-NODE-PORT-TCP).');
  }
  const addresses = seen.addresses.filter((address) => !address.startsWith('127.'));
  const evidence = seen.range;
  const now = `Node ports have virtual servers on ${list(addresses) || 'no address'}`;
  const wanted = wantedAddresses(nodePortAddresses!, mode, node, 4);
  if (typeof wanted === 'string' && wanted !== 'all')
    return unknown(`${now}; ${wanted}.`, evidence);
  const named = typeof wanted === 'string' ? ownAddresses(state) : wanted;
  const expected = named?.filter((address) => !address.startsWith('127.'));
  if (!expected) return unknown(`${now}; the node's own addresses are not at hand.`, evidence);
  return same(expected, addresses)
    ? applied(`${now}.`, evidence)
    : differs(`${now}, not ${inWords(expected)}.`, evidence);
}

/** Of all addresses, ipvs mode leaves out those of kube-ipvs0. */
function ownAddresses({ interfaces }: NodeState): readonly string[] | undefined {
  return interfaces
    ?.filter(({ name, flags }) => name !== 'kube-ipvs0' && !flags.includes('LOOPBACK'))
    .flatMap(({ addresses }) => addresses)
    .filter(({ address }) => address.family === 4)
    .map(({ address }) => formatAddress(address));
}

/** 127.0.0.0/8 in the jump to KUBE-NODEPORTS, and route_localnet where the sysctls are known. */
export const compareLocalhostNodePorts: Compare = (settings, node) => {
  const { mode, localhostNodePorts } = settings;
  if (mode === undefined || localhostNodePorts === undefined) return undefined;
  if (mode !== 'iptables') return unused(`Mode ${mode} never has node ports on 127.0.0.1.`);
  const other = otherRules(mode, node);
  if (other) return other;
  const seen = nodePortsSeen(node.state, mode, 4);
  if (!seen) return unknown('The dumps show no jump to the node ports.');
  const { addresses, butLoopback, range } = seen;
  const localnet = node.state.sysctls?.get('net.ipv4.conf.all.route_localnet');
  const sysctl = localnet === undefined ? '' : ` route_localnet is ${localnet}.`;
  if (addresses !== 'all') {
    const has = addresses.some((address) => address.startsWith('127.'));
    if (has) {
      const text = `Node ports answer on 127.0.0.1.${sysctl}`;
      return localhostNodePorts ? applied(text, range) : differs(text, range);
    }
    const text = `The jumps to the node ports name no loopback address.${sysctl}`;
    return unknown(`${text} nodePortAddresses without one has the same effect as false.`, range);
  }
  const text = butLoopback
    ? `The jump to the node ports leaves out 127.0.0.0/8.${sysctl}`
    : `The jump to the node ports takes 127.0.0.0/8 too.${sysctl}`;
  return butLoopback === localhostNodePorts ? differs(text, range) : applied(text, range);
};
