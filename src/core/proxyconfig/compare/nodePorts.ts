import * as l10n from '@vscode/l10n';
import { list } from '../../list';
import { formatAddress } from '../../address';
import { nodePortAddressesOf, type NodePortAddresses } from '../../expected/nodePorts';
import type { NodeState } from '../../node';
import { missing } from '../../missing';
import { virtualNodePorts } from '../../kubeproxy/ipvs/nodePorts';
import { nodePortsSeen } from '../../kubeproxy/nodePortAddresses';
import type { NodePortAddressesSeen } from '../../kubeproxy/seen';
import type { ProxyNode } from '../node';
import type { ProxySettings } from '../settings';
import { newestMinor } from '../version';
import { applied, differs, lacks, unknown, unused, type Compare, type Outcome } from './comparison';
import { otherRules } from './otherRules';

/** The addresses that node ports answer on, against those of the node's in nodePortAddresses. */
export const compareNodePortAddresses: Compare = (settings, node) => {
  const { mode, nodePortAddresses } = settings;
  if (mode === undefined || nodePortAddresses === undefined) return undefined;
  const other = otherRules(mode, node);
  if (other) return other;
  if (mode === 'ipvs') return ofVirtualServers(settings, node);
  const seen = nodePortsSeen(node.state, mode, 4);
  if (!seen) return unknown(l10n.t('The dumps hold no jump to the node ports.'));
  return ofRules(settings, node, seen);
};

function ofRules(
  settings: ProxySettings,
  node: ProxyNode,
  { addresses, range }: NodePortAddressesSeen,
): Outcome {
  const now =
    addresses === 'all'
      ? l10n.t('Node ports answer on all addresses of the node')
      : l10n.t`Node ports answer on ${list(addresses) || l10n.t('no address')}`;
  const asked = wantedAddresses(settings, node);
  if (asked.kind === 'unknown') return unknown(l10n.t`${now}; ${asked.reason}.`, range);
  const wanted = asked.kind === 'all' ? 'all' : asked.addresses.map(formatAddress);
  const alike =
    wanted === 'all' || addresses === 'all' ? wanted === addresses : same(wanted, addresses);
  return alike
    ? applied(l10n.t`${now}.`, range)
    : differs(l10n.t`${now}, not ${inWords(wanted)}.`, range);
}

function inWords(addresses: 'all' | readonly string[]): string {
  if (addresses === 'all') return l10n.t('on all');
  return addresses.length === 0 ? l10n.t('on none') : l10n.t`on ${list(addresses)}`;
}

/** The addresses that the key asks for, by what the rules are worked out from. */
function wantedAddresses(
  settings: ProxySettings,
  { state, objects, version }: ProxyNode,
): NodePortAddresses {
  const release = version?.minor ?? newestMinor;
  const input = { settings, release, node: state, objects: { nodes: objects?.nodes ?? [] } };
  return nodePortAddressesOf(input, 4);
}

function same(left: readonly string[], right: readonly string[]): boolean {
  return [...new Set(left)].sort().join() === [...new Set(right)].sort().join();
}

/** Loopback addresses are not compared: 1.20 has virtual servers on them, 1.36 has none. */
function ofVirtualServers(settings: ProxySettings, node: ProxyNode): Outcome {
  const { state } = node;
  const seen = virtualNodePorts(state);
  if (seen === 'no-servers') {
    return lacks('ipvsadm -Ln');
  }
  if (seen === 'no-ports') {
    return unknown(l10n.t('The dumps name no node port (ipset KUBE-NODE-PORT-TCP).'));
  }
  const addresses = seen.addresses.filter((address) => !address.startsWith('127.'));
  const evidence = seen.range;
  const now = l10n.t`Node ports have virtual servers on ${list(addresses) || l10n.t('no address')}`;
  const wanted = wantedAddresses(settings, node);
  if (wanted.kind === 'unknown') return unknown(l10n.t`${now}; ${wanted.reason}.`, evidence);
  const named = wanted.kind === 'all' ? ownAddresses(state) : wanted.addresses.map(formatAddress);
  const expected = named?.filter((address) => !address.startsWith('127.'));
  if (!expected) return unknown(l10n.t`${now}; ${missing('ip addr')}.`, evidence);
  return same(expected, addresses)
    ? applied(l10n.t`${now}.`, evidence)
    : differs(l10n.t`${now}, not ${inWords(expected)}.`, evidence);
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
  if (mode !== 'iptables') return unused(l10n.t`Mode ${mode} never has node ports on 127.0.0.1.`);
  const other = otherRules(mode, node);
  if (other) return other;
  const seen = nodePortsSeen(node.state, mode, 4);
  if (!seen) return unknown(l10n.t('The dumps hold no jump to the node ports.'));
  const { addresses, butLoopback, range } = seen;
  const localnet = node.state.sysctls?.get('net.ipv4.conf.all.route_localnet');
  const sysctl = localnet === undefined ? '' : l10n.t` route_localnet is ${localnet}.`;
  if (addresses !== 'all') {
    const has = addresses.some((address) => address.startsWith('127.'));
    if (has) {
      const text = l10n.t`Node ports answer on 127.0.0.1.${sysctl}`;
      return localhostNodePorts ? applied(text, range) : differs(text, range);
    }
    const text = l10n.t`The jumps to the node ports name no loopback address.${sysctl} nodePortAddresses without one has the same effect as false.`;
    return unknown(text, range);
  }
  const text = butLoopback
    ? l10n.t`The jump to the node ports leaves out 127.0.0.0/8.${sysctl}`
    : l10n.t`The jump to the node ports takes 127.0.0.0/8 too.${sysctl}`;
  return butLoopback === localhostNodePorts ? differs(text, range) : applied(text, range);
};
