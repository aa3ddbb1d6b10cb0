import { ofPacket } from '../facts';
import { l10n } from '../../l10n';
import { contains, isBetween } from '../../address';
import { icmpTypeOf, protocolNumbers, tcpFlagBits } from '../../packet';
import type {
  AddressMatch,
  AddressRangeMatch,
  IcmpMatch,
  InterfaceMatch,
  InterfacePattern,
  MultiportMatch,
  PortMatch,
  ProtocolMatch,
} from '../../rules/match';
import type { Interval, Negatable } from '../../rules/optionValue';
import { both, negate } from '../answer';
import type { Answer } from '../answer';
import { list } from '../../list';
import { outside, portChance, setSourcePorts, without } from '../nat/ports';
import type { State } from '../state';
import type { Device } from '../device';
import type { StatementContext } from './context';

const { tcp, udp, udplite, sctp, icmp, icmp6 } = protocolNumbers;
const dccp = 33;

/** iptables-nft does not look behind an authentication header (nft_set_pktinfo_ipv6). */
function protocolOf({ header, packet, walk }: State): number {
  if (!walk?.base.nft) return header.protocol;
  const hidden = packet.extensions?.some(({ kind }) => kind === 'authentication');
  return hidden ? protocolNumbers.ah : header.protocol;
}

/** ip_packet_match: 0 is all. */
export function protocolMatch(match: ProtocolMatch, { state }: StatementContext): Answer {
  const same = match.protocol === 0 || match.protocol === protocolOf(state);
  return same !== match.negated;
}

export function addressMatch(match: AddressMatch, { state }: StatementContext): Answer {
  const { source, destination } = state.header;
  return contains(match.network, match.kind === 'source' ? source : destination) !== match.negated;
}

export function interfaceMatch(match: InterfaceMatch, { run }: StatementContext): Answer {
  const device = match.kind === 'in-interface' ? run.inDevice : run.outDevice;
  return negate(deviceFits(device, match.pattern, match.kind), match.negated);
}

/** A hook without a device of that kind has the name ''. */
export function deviceFits(device: Device, pattern: InterfacePattern, what: string): Answer {
  const text = pattern.name + (pattern.wildcard ? '+' : '');
  if (device === undefined) {
    if (pattern.wildcard && pattern.name === '') return true;
    return {
      condition: l10n.t`the ${what} is ${text}`,
      otherwise: l10n.t`the ${what} is not ${text}`,
      unknown: l10n.t`the device is not known`,
      key: ofPacket(`${what} ${text}`),
    };
  }
  return pattern.wildcard ? device.startsWith(pattern.name) : device === pattern.name;
}

const portProtocols: Readonly<Record<PortMatch['kind'], number>> = {
  tcp,
  udp,
  udplite,
  sctp,
  dccp,
};

/** xt_tcpudp.c; a fragment has no ports and does not match. */
export function portMatch(match: PortMatch, { state }: StatementContext): Answer {
  const { packet } = state;
  if (protocolOf(state) !== portProtocols[match.kind] || packet.fragment) return false;
  let answer = both(sourcePort(state, match.sport), destinationPort(state, match.dport));
  if (match.flags) {
    const { mask, set } = match.flags.value;
    const flags = packet.flags ?? tcpFlagBits.SYN;
    answer = both(answer, ((flags & mask) === set) !== match.flags.negated);
  }
  if (match.unmodelled !== undefined) {
    answer = both(answer, {
      condition: l10n.t`${match.unmodelled} holds`,
      otherwise: l10n.t`${match.unmodelled} does not hold`,
      unknown:
        match.kind === 'tcp'
          ? l10n.t`a traced packet has no TCP options given`
          : l10n.t`${match.unmodelled} is not modelled`,
      key: ofPacket(`option ${match.unmodelled}`),
    });
  }
  return answer;
}

function sourcePort(state: State, port: Negatable<Interval> | undefined): Answer {
  return port ? negate(sourcePortIn(state, [port.value]), port.negated) : true;
}

function destinationPort(state: State, port: Negatable<Interval> | undefined): Answer {
  if (!port) return true;
  const { from, to } = port.value;
  const value = state.header.destinationPort ?? 0;
  return (value >= from && value <= to) !== port.negated;
}

/** A source port that the kernel chose at random lies in one of the intervals with a known chance. */
function sourcePortIn({ header }: State, intervals: readonly Interval[]): Answer {
  const { sourcePort: port, sourcePorts: ports } = header;
  const chance = portChance(port, ports, intervals);
  if (chance === 1) return true;
  if (chance === 0) return false;
  const text = list(
    intervals.map(({ from, to }) => l10n.t`${from} to ${to}`),
    'row',
  );
  return {
    condition: l10n.t`the random source port is in ${text}`,
    otherwise: l10n.t`the random source port is not in ${text}`,
    probability: chance,
    apply: (state, holds) => narrow(state, intervals, holds),
  };
}

function narrow(state: State, intervals: readonly Interval[], holds: boolean): void {
  const ports = state.header.sourcePorts!;
  const others = intervals.reduce(without, ports);
  setSourcePorts(state, holds ? outside(ports, others) : others);
}

/** xt_multiport.c: the rule asks for a protocol with ports, or else does not match. */
export function multiportMatch(match: MultiportMatch, { state }: StatementContext): Answer {
  if (state.packet.fragment) return false;
  const { side, ports, negated } = match;
  const value = state.header.destinationPort ?? 0;
  const there = ports.some(({ from, to }) => value >= from && value <= to);
  if (side !== 'source' && there) return !negated;
  return negate(side === 'destination' ? false : sourcePortIn(state, ports), negated);
}

/** icmp_match: type 255 is any. */
export function icmpMatch(match: IcmpMatch, { state }: StatementContext): Answer {
  const { header, packet } = state;
  const protocol = match.kind === 'icmp' ? icmp : icmp6;
  if (header.protocol !== protocol || packet.fragment) return false;
  const type = icmpTypeOf(packet);
  const code = packet.icmpCode ?? 0;
  const { from, to } = match.codes;
  const any = match.type === 255 && match.kind === 'icmp';
  return (any || (type === match.type && code >= from && code <= to)) !== match.negated;
}

export function addressRangeMatch(match: AddressRangeMatch, { state }: StatementContext): Answer {
  const { source, destination } = state.header;
  const first = match.source;
  const second = match.destination;
  if (first && isBetween(source, first.value) === first.negated) return false;
  return !second || isBetween(destination, second.value) !== second.negated;
}
