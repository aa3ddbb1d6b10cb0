import * as l10n from '@vscode/l10n';
import { own } from '../own';

/** What single values of an option mean, by option. */
const values: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '--ctstate': {
    NEW: l10n.t('NEW: a first packet, or one of a connection that had no answer yet.'),
    ESTABLISHED: l10n.t('ESTABLISHED: packets were seen in both directions.'),
    RELATED: l10n.t(
      'RELATED: a new connection that belongs to an existing one, or an ICMP error about it.',
    ),
    INVALID: l10n.t('INVALID: belongs to no known connection.'),
    UNTRACKED: l10n.t('UNTRACKED: left out of connection tracking (CT --notrack).'),
    SNAT: l10n.t('SNAT: virtual; the source was rewritten.'),
    DNAT: l10n.t('DNAT: virtual; the destination was rewritten.'),
  },
  '--ctstatus': {
    NONE: l10n.t('NONE: none of the others.'),
    EXPECTED: l10n.t('EXPECTED: a helper expected it.'),
    SEEN_REPLY: l10n.t('SEEN_REPLY: packets were seen in both directions.'),
    ASSURED: l10n.t('ASSURED: never removed early.'),
    CONFIRMED: l10n.t('CONFIRMED: its first packet has left the node.'),
  },
  '--dst-type': {
    LOCAL: l10n.t('LOCAL: an address of this node, on any device (kube-ipvs0 too).'),
    UNICAST: l10n.t('UNICAST: reached by a route.'),
    BROADCAST: l10n.t('BROADCAST: a broadcast address of a device.'),
    MULTICAST: l10n.t('MULTICAST: a multicast address.'),
    ANYCAST: l10n.t('ANYCAST: an anycast address.'),
    UNSPEC: 'UNSPEC: 0.0.0.0.',
    BLACKHOLE: l10n.t('BLACKHOLE: a blackhole route.'),
    UNREACHABLE: l10n.t('UNREACHABLE: an unreachable route.'),
    PROHIBIT: l10n.t('PROHIBIT: a prohibit route.'),
  },
  '--reject-with': {
    'icmp-port-unreachable': l10n.t(
      'icmp-port-unreachable: the sender sees "Connection refused" (ICMP errors are rate limited).',
    ),
    'icmp-net-unreachable': l10n.t(
      'icmp-net-unreachable: the sender sees "Network is unreachable".',
    ),
    'icmp-host-unreachable': l10n.t('icmp-host-unreachable: the sender sees "No route to host".'),
    'icmp-proto-unreachable': l10n.t(
      'icmp-proto-unreachable: the sender sees "Protocol not available".',
    ),
    'icmp-net-prohibited': l10n.t(
      'icmp-net-prohibited: the network is administratively prohibited.',
    ),
    'icmp-host-prohibited': l10n.t(
      'icmp-host-prohibited: the host is administratively prohibited.',
    ),
    'icmp-admin-prohibited': l10n.t('icmp-admin-prohibited: communication is prohibited.'),
    'icmp6-port-unreachable': l10n.t(
      'icmp6-port-unreachable: the sender sees "Connection refused".',
    ),
    'icmp6-adm-prohibited': l10n.t('icmp6-adm-prohibited: communication is prohibited.'),
    'icmp6-no-route': l10n.t('icmp6-no-route: the sender sees "Network is unreachable".'),
    'icmp6-policy-fail': l10n.t('icmp6-policy-fail: a policy refuses the source address.'),
    'icmp6-reject-route': l10n.t('icmp6-reject-route: a route refuses the destination.'),
    'icmp6-addr-unreachable': l10n.t('icmp6-addr-unreachable: the address is unreachable.'),
    'tcp-reset': l10n.t('tcp-reset: a TCP RST; the sender sees "Connection refused".'),
  },
  '--icmp-type': {
    '0': l10n.t('0: echo reply.'),
    '3': l10n.t('3: destination unreachable.'),
    '3/4': l10n.t('3/4: fragmentation needed; path MTU discovery relies on it.'),
    '8': l10n.t('8: echo request, a ping.'),
    '11': l10n.t('11: time exceeded.'),
    any: l10n.t('any: every type.'),
  },
  '--icmpv6-type': {
    '1': l10n.t('1: destination unreachable.'),
    '2': l10n.t('2: packet too big; path MTU discovery relies on it.'),
    '128': l10n.t('128: echo request, a ping.'),
    '129': l10n.t('129: echo reply.'),
    '133': l10n.t('133: router solicitation.'),
    '134': l10n.t('134: router advertisement.'),
    '135': l10n.t('135: neighbour solicitation.'),
    '136': l10n.t('136: neighbour advertisement.'),
  },
  '--mode': {
    random: l10n.t('random: by --probability.'),
    nth: l10n.t('nth: by --every and --packet; the counter is shared by all packets.'),
  },
  '-p': {
    all: l10n.t('all: every protocol.'),
    '0': l10n.t('0: every protocol.'),
  },
};

const aliases: Readonly<Record<string, string>> = {
  '--state': '--ctstate',
  '--src-type': '--dst-type',
};

/** `NEW,RELATED` of `--ctstate` gives a sentence for each part that means something. */
export function describeValue(option: string, value: string): string[] {
  const known = own(values, own(aliases, option) ?? option);
  if (!known) return [];
  return value.split(',').flatMap((part) => own(known, part) ?? []);
}
