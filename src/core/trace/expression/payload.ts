import { l10n } from '../../l10n';
import { icmpTypeOf, protocolNumbers, tcpFlagBits } from '../../packet';
import type { Packet } from '../../packet';
import type { PayloadExpression } from '../../rules/expression';
import type { Interval } from '../../rules/optionValue';
import type { StatementContext } from '../match/context';
import { hasLinkAddress } from '../match/packet';
import { extensionsOf, headerBytes, lengthOf } from '../extensions';
import { setSourcePorts } from '../nat/ports';
import type { State } from '../state';
import { notOfTrace } from '../undecided';
import { fails, number, text, unsure } from './computed';
import { hasExtension } from './extension';
import type { Chance, Computed } from './computed';
import { own } from '../../own';

const { icmp, icmp6, tcp, udp, udplite, sctp } = protocolNumbers;
const dccp = 33;

const transports: Readonly<Record<string, number>> = {
  tcp,
  udp,
  udplite,
  sctp,
  dccp,
  icmp,
  icmpv6: icmp6,
};

/**
 * A field of the packet's head as it is now. The tests that nft puts before it and does not list (the
 * family, the protocol) are made here: without that header the rule fails.
 */
export function payloadValue(expression: PayloadExpression, context: StatementContext): Computed {
  const { protocol } = expression;
  const { header } = context.state;
  switch (protocol) {
    case 'ip':
      return header.destination.family === 4 ? networkField(expression, context.state) : fails;
    case 'ip6':
      return header.destination.family === 6 ? networkField(expression, context.state) : fails;
    case 'ether':
      return frameField(expression, context);
    case 'vlan':
    case 'arp':
      return fails;
    case 'th':
      return transportField(expression, context.state);
    default: {
      const wanted = own(transports, protocol);
      if (wanted === undefined) {
        // `frag more-fragments 1`: without that header the rule fails.
        if (hasExtension(protocol, context.state) === false) return fails;
        return unsure(`${protocol} ${expression.field}`, l10n.t`${protocol} is not modelled`);
      }
      return header.protocol === wanted ? transportField(expression, context.state) : fails;
    }
  }
}

function notKnown({ protocol, field }: PayloadExpression): Computed {
  return unsure(`${protocol} ${field}`, notOfTrace(`${protocol} ${field}`));
}

function networkField(
  expression: PayloadExpression,
  { header, packet, tos, ttl }: State,
): Computed {
  switch (expression.field) {
    case 'saddr':
      return { kind: 'values', values: [{ kind: 'address', address: header.source }] };
    case 'daddr':
      return { kind: 'values', values: [{ kind: 'address', address: header.destination }] };
    case 'protocol':
    case 'nexthdr':
      return number(header.protocol);
    case 'hdrlength':
      // In words of 4 bytes: the packets that are traced have no options of IPv4.
      return number(5);
    case 'version':
      return number(header.destination.family);
    case 'ttl':
    case 'hoplimit':
      return ttl === undefined ? notKnown(expression) : number(ttl);
    case 'dscp':
      return tos === undefined ? notKnown(expression) : number(tos >> 2);
    case 'ecn':
      return tos === undefined ? notKnown(expression) : number(tos & 3);
    case 'length': {
      if (packet.length === undefined) return notKnown(expression);
      return number(header.destination.family === 4 ? packet.length : packet.length - 40);
    }
    default:
      return notKnown(expression);
  }
}

/** nft_payload_eval: only what came in by a device with link addresses has them. */
function frameField(expression: PayloadExpression, { node, state }: StatementContext): Computed {
  const { packet, looped, header } = state;
  if (looped || !hasLinkAddress(node, packet)) return fails;
  switch (expression.field) {
    case 'saddr':
      return packet.sourceMac === undefined ? notKnown(expression) : text(packet.sourceMac);
    case 'type':
      return number(header.destination.family === 4 ? 0x0800 : 0x86dd);
    default:
      return notKnown(expression);
  }
}

/** A later fragment has no transport header; `th` reads the bytes of whatever protocol it is. */
function transportField(expression: PayloadExpression, state: State): Computed {
  const { header, packet } = state;
  if (isLaterFragment(packet)) return fails;
  const { field } = expression;
  switch (header.protocol) {
    case icmp:
    case icmp6:
      return icmpField(expression, state);
    case tcp:
    case udp:
    case udplite:
    case sctp:
    case dccp:
      if (field === 'sport') return sourcePort(state);
      if (field === 'dport') {
        return header.destinationPort === undefined
          ? notKnown(expression)
          : number(header.destinationPort);
      }
      if (field === 'flags' && header.protocol === tcp) {
        return number(packet.flags ?? tcpFlagBits.SYN);
      }
      if (field === 'length' && header.protocol === udp) return udpLength(expression, state);
      return notKnown(expression);
    default:
      return notKnown(expression);
  }
}

/** What the network header and what stands behind it leave of the packet. */
function udpLength(expression: PayloadExpression, { header, packet }: State): Computed {
  const length = lengthOf(packet);
  if (length === undefined) return notKnown(expression);
  if (header.destination.family === 4) return number(length - 20);
  const extensions = extensionsOf({ packet }).reduce((sum, one) => sum + headerBytes(one), 0);
  return number(length - 40 - extensions);
}

/** The first two bytes are type and code, where others have the source port. */
function icmpField(expression: PayloadExpression, { header, packet }: State): Computed {
  const type = icmpTypeOf(packet);
  const code = packet.icmpCode ?? 0;
  switch (expression.field) {
    case 'type':
      return number(type);
    case 'code':
      return number(code);
    case 'sport':
      return number(type * 256 + code);
    case 'id':
      return header.sourcePort === undefined ? notKnown(expression) : number(header.sourcePort);
    default:
      return notKnown(expression);
  }
}

function sourcePort({ header }: State): Computed {
  const { sourcePort: port, sourcePorts } = header;
  if (port !== undefined) return number(port);
  if (!sourcePorts) return unsure(l10n.t`the source port`, l10n.t`the source port is not known`);
  return randomPort(sourcePorts);
}

/** A source port that the kernel chose at random. */
export function randomPort(among: readonly Interval[]): Chance {
  return {
    kind: 'chance',
    what: l10n.t`the random source port`,
    among,
    even: true,
    of: number,
    settle: setSourcePorts,
  };
}

function isLaterFragment({ fragment, extensions }: Packet): boolean {
  return (
    fragment === true || extensions?.some((e) => e.kind === 'fragment' && e.offset > 0) === true
  );
}
