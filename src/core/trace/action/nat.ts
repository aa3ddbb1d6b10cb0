import { l10n } from '../../l10n';
import { inNetwork, withPort } from '../../address';
import type { Address } from '../../address';
import type { NatTarget, NetmapTarget } from '../../rules/target';
import { bind } from '../nat/binding';
import type { NatRange } from '../nat/binding';
import { masqueradeAddress, redirectAddress } from '../route/deviceAddress';
import { sideOf } from '../nat/nat';
import { withPorts } from '../nat/ports';
import { sourceAddress6 } from '../route/sourceAddress6';
import type { StatementContext } from '../match/context';
import type { State } from '../state';
import type { Hook } from '../trace';
import type { Effect } from './effect';

/** DNAT, SNAT, MASQUERADE and REDIRECT of a connection's first packet: the end of nat. */
export function natTarget(target: NatTarget, context: StatementContext): Effect {
  const { state, run } = context;
  const { connection } = state;
  // nft_nat_inet_eval: in a table of both families the other one's packets go on with the rule.
  if (target.family !== undefined && target.family !== state.header.destination.family) {
    return { kind: 'continue', text: l10n.t`${target.kind}: of the other family, no change` };
  }
  if (!connection)
    return { kind: 'accept', text: l10n.t`${target.kind}: no connection, no change` };
  const addresses = addressesOf(target, context);
  if (addresses === 'unknown') {
    const reason = l10n.t`${target.kind}: the address that it takes is not known`;
    return { kind: 'end', ending: { kind: 'UNKNOWN', reason }, text: reason };
  }
  if (addresses === 'none') {
    const reason = l10n.t`${target.kind}: no address on ${deviceOf(target, context) ?? l10n.t`the device`}`;
    return { kind: 'end', ending: { kind: 'LOST', reason }, text: reason };
  }
  if (addresses === 'kept')
    return { kind: 'accept', text: l10n.t`${target.kind}: source 0.0.0.0, kept` };
  if (target.kind === 'MASQUERADE') {
    state.connection = { ...connection, masqueradedBy: context.run.outDevice };
  }
  const random = target.random || target.fullyRandom;
  const { ports, portBase, persistent } = target;
  const range: NatRange = { addresses, ports, portBase, random, persistent };
  return isAnyPort(state, range, run.hook)
    ? anyPort(target.kind, range, context)
    : translate(state, target.kind, range, context);
}

/** nf_nat_l4proto_unique_tuple: --random takes any port of the range, of a destination too. */
function isAnyPort({ header }: State, { ports, portBase, random }: NatRange, hook: Hook): boolean {
  if (sideOf(hook) === 'source' || !random || portBase !== undefined) return false;
  return ports !== undefined && ports.from < ports.to && withPorts.includes(header.protocol);
}

/** A branch for each port, as far as they can be listed. */
function anyPort(name: string, range: NatRange, context: StatementContext): Effect {
  const { from, to } = range.ports!;
  const size = to - from + 1;
  const text = l10n.t`${name} to a random port of ${from}-${to}`;
  if (size > mostPorts) return { kind: 'end', ending: { kind: 'UNKNOWN', reason: text }, text };
  const options = Array.from({ length: size }, (_, i) => ({
    condition: l10n.t`the random port is ${from + i}`,
    probability: 1 / size,
    go: 'accept' as const,
    change: (state: State) => {
      const ports = { from: from + i, to: from + i };
      translate(state, name, { ...range, ports, random: false }, context);
    },
  }));
  return { kind: 'fork', text, options };
}

const mostPorts = 64;

/** xt_NETMAP.c: the network part from the target, the host part from the packet. */
export function netmapTarget(target: NetmapTarget, context: StatementContext): Effect {
  const { state, run } = context;
  if (!state.connection) return { kind: 'accept', text: l10n.t`NETMAP: no connection, no change` };
  const mapped = inNetwork(state.header[sideOf(run.hook)], target);
  return translate(state, 'NETMAP', { addresses: only(mapped), random: false }, context);
}

function translate(
  state: State,
  name: string,
  range: NatRange,
  { run, connections }: StatementContext,
): Effect {
  const side = sideOf(run.hook);
  const connection = bind(state.connection!, side, range, connections);
  state.connection = connection;
  const { reply } = connection;
  const address = side === 'source' ? reply.destination : reply.source;
  const port = side === 'source' ? reply.destinationPort : reply.sourcePort;
  const random = side === 'source' && reply.destinationPorts ? l10n.t`, a random port` : '';
  return { kind: 'accept', text: l10n.t`${name} to ${withPort(address, port)}${random}` };
}

function addressesOf(
  target: NatTarget,
  { node, state, run }: StatementContext,
): NatRange['addresses'] | 'unknown' | 'none' | 'kept' {
  const { destination } = state.header;
  const { family } = destination;
  if (target.kind === 'MASQUERADE' && family === 6) {
    if (run.outDevice === undefined) return 'unknown';
    return onlyOr(sourceAddress6(node, run.outDevice, destination));
  }
  if (target.kind === 'MASQUERADE') {
    if (state.connection!.original.source.words.every((word) => word === 0)) return 'kept';
    const next = state.route?.kind === 'unicast' ? state.route.via : undefined;
    const via = next?.family === family ? next : destination;
    return onlyOr(masqueradeAddress(node, run.outDevice, via));
  }
  if (target.kind === 'REDIRECT') {
    if (run.hook === 'output') return only(loopback(family));
    return onlyOr(redirectAddress(node, run.inDevice, destination));
  }
  const { addresses, prefix } = target;
  if (!addresses || !prefix) return addresses;
  return only(inPrefix(state.header[sideOf(run.hook)], addresses.from, addresses.to));
}

function only(address: Address): NatRange['addresses'] {
  return { from: address, to: address };
}

function onlyOr(
  address: Address | 'unknown' | undefined,
): NatRange['addresses'] | 'unknown' | 'none' {
  if (address === undefined) return 'none';
  return address === 'unknown' ? address : only(address);
}

/** nft_nat_setup_netmap: `dnat prefix to`; the bits in which both ends are alike are the network part. */
function inPrefix(own: Address, from: Address, to: Address): Address {
  const mask = from.words.map((word, i) => ~(word ^ to.words[i]!));
  return inNetwork(own, { address: from, mask });
}

function deviceOf({ kind }: NatTarget, { run }: StatementContext): string | undefined {
  return kind === 'REDIRECT' ? run.inDevice : run.outDevice;
}

function loopback(family: 4 | 6): Address {
  return family === 4 ? { family, words: [0x7f000001] } : { family, words: [0, 0, 0, 1] };
}
