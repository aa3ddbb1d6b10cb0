import { l10n } from '../../l10n';
import { sameAddress } from '../../address';
import type { Address } from '../../address';
import { isIcmpError, protocolNumbers, tcpFlagBits } from '../../packet';
import type { Packet } from '../../packet';
import { isLimitedBroadcast, isMulticast, isZero } from '../../specialAddresses';
import type { NodeState } from '../../node';
import type { Environment } from '../environment';
import { lookUp } from '../route/fib';
import { masqueradeAddress } from '../route/deviceAddress';
import { socketSource } from '../route/socketSource';
import { sourceAddress6 } from '../route/sourceAddress6';
import { startState } from '../startState';
import type { State } from '../state';
import { unfollowed, vrfOf } from '../route/vrf';
import { icmpErrorOf } from './refusal';

/** The packet that the node sends back, ready to go; or why it sends none, or nobody knows which. */
export type Answering =
  | { readonly kind: 'sends'; readonly state: State }
  | { readonly kind: 'silent'; readonly reason: string }
  | { readonly kind: 'open'; readonly reason: string };

/** What the node answers to a packet that it refuses, with `reply`: `tcp-reset`, `icmp-port-unreachable`. */
export function answerTo(environment: Environment, refused: State, reply: string): Answering {
  const { header, packet, route } = refused;
  // To IPv6 an address of any of several is one like others (ipv6_chk_acast_addr_src, nf_send_reset6).
  const single = header.destination.family === 6 ? ['local', 'anycast'] : ['local'];
  const cast = route?.kind === 'local' && !single.includes(route.type);
  if (cast || isMulticast(header.destination) || isLimitedBroadcast(header.destination)) {
    return silent(l10n.t`nothing is answered to a packet for many`);
  }
  const vrf = vrfOf(environment.node, refused.inDevice);
  if (vrf) return { kind: 'open', reason: unfollowed(vrf, refused.inDevice) };
  if (packet.fragment === true) return silent(l10n.t`nothing is answered to a later fragment`);
  return reply === 'tcp-reset'
    ? resetOf(environment, refused)
    : errorOf(environment, refused, reply);
}

/** nf_send_reset: from where the packet went to; no rule answers another protocol so. */
function resetOf(environment: Environment, refused: State): Answering {
  const { header, packet } = refused;
  const { RST, ACK, SYN } = tcpFlagBits;
  const flags = packet.flags ?? SYN;
  if ((flags & RST) !== 0) return silent(l10n.t`a RST is not answered by one`);
  const reset: Packet = {
    protocol: protocolNumbers.tcp,
    source: header.destination,
    sourcePort: header.destinationPort,
    destination: header.source,
    destinationPort: header.sourcePort,
    flags: (flags & ACK) !== 0 ? RST : RST | ACK,
    length: 40,
    ttl: 64,
    answers: 'from its own source',
  };
  return sends(environment, refused, reset);
}

/** __icmp_send (net/ipv4/icmp.c), icmp6_send: from the address that was asked where that is the node's. */
function errorOf(environment: Environment, refused: State, reply: string): Answering {
  const error = icmpErrorOf(reply);
  const { header, packet, route } = refused;
  if (!error) return silent(l10n.t`${reply} is no answer that is known here`);
  if (isIcmpError(packet)) return silent(l10n.t`an ICMP error is not answered by one`);
  if (isZero(header.source) || isMulticast(header.source)) {
    return silent(l10n.t`its source can be sent nothing`);
  }
  const own = route?.kind === 'local' ? header.destination : sourceOfDevice(environment, refused);
  const source = own ?? socketSource(environment.node, header.source);
  if (!source) return unsent(environment.node, header.source);
  const { protocol, type, code } = error;
  return sends(environment, refused, {
    protocol,
    icmpType: type,
    icmpCode: code,
    source,
    destination: header.source,
    inner: header,
    // The quoted packet's head and 8 bytes of it at the least.
    length: 28 + Math.min(packet.length ?? 28, 548),
    ttl: 64,
    tos:
      protocol === protocolNumbers.icmp ? ((refused.tos ?? 0) & 0x1e) | internetControl : undefined,
    answers: own ? 'from its own source' : 'from the route',
  });
}

/** Without routes at hand, or without the address of the one that is taken, it may be sent all the same. */
function unsent(node: NodeState, to: Address): Answering {
  const found = node.routes && lookUp(node, { destination: to, mark: 0 });
  if (found?.kind === 'none') return silent(l10n.t`no route leads back to its source`);
  return { kind: 'open', reason: l10n.t`the route back to its source is not known` };
}

/**
 * icmp6_send takes an address by the device that the packet came in by, __icmp_send where a sysctl asks
 * for it (net.ipv4.icmp_errors_use_inbound_ifaddr).
 */
function sourceOfDevice({ node }: Environment, { header, inDevice }: State): Address | undefined {
  if (inDevice === undefined || inDevice === '') return undefined;
  if (header.source.family === 6) return known(sourceAddress6(node, inDevice, header.source));
  const asked = node.sysctls?.get('net.ipv4.icmp_errors_use_inbound_ifaddr') === '1';
  return asked ? known(masqueradeAddress(node, inDevice, header.source)) : undefined;
}

function known(address: Address | 'unknown' | undefined): Address | undefined {
  return address === 'unknown' ? undefined : address;
}

/** nf_ct_attach: the answer belongs to the refused packet's connection, even one not confirmed yet. */
function sends(environment: Environment, refused: State, answer: Packet): Answering {
  const { connections } = environment;
  const { ipvs, ipvsTemplates, lists, written, counters, facts, connection, tracking } = refused;
  const memory = { connections, ipvs, ipvsTemplates, lists, written, counters, facts };
  const state = startState(answer, { memory, mark: reflectedMark(environment, refused) });
  if (tracking === 'tracked' && connection) {
    state.tracking = 'tracked';
    state.connection = connection;
    state.ctState = 'RELATED';
    state.reply = !refused.reply;
  }
  return { kind: 'sends', state };
}

/** IP4_REPLY_MARK, IP6_REPLY_MARK: the mark of the packet that is answered, where a sysctl says so. */
function reflectedMark({ node }: Environment, { mark, header }: State): number {
  const name = `net.ipv${header.destination.family}.fwmark_reflect`;
  return node.sysctls?.get(name) === '1' ? mark : 0;
}

/** IPTOS_PREC_INTERNETCONTROL, which __icmp_send adds to the TOS of what it answers. */
const internetControl = 0xc0;

function silent(reason: string): Answering {
  return { kind: 'silent', reason };
}

/** Whether an error that reaches the client names what the client sent: else its socket takes no notice. */
export function namesClient(sent: Packet, got: State['header']): boolean {
  const about = got.inner ?? {
    source: got.destination,
    sourcePort: got.destinationPort,
    destination: got.source,
    destinationPort: got.sourcePort,
  };
  return (
    sameAddress(about.source, sent.source) &&
    sameAddress(about.destination, sent.destination) &&
    about.sourcePort === sent.sourcePort &&
    about.destinationPort === sent.destinationPort
  );
}
