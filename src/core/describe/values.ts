import { own } from '../own';

/** What single values of an option mean, by option. */
const values: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '--ctstate': {
    NEW: 'NEW: a first packet, or one of a connection that had no answer yet.',
    ESTABLISHED: 'ESTABLISHED: packets were seen in both directions.',
    RELATED:
      'RELATED: a new connection that belongs to an existing one, or an ICMP error about it.',
    INVALID: 'INVALID: belongs to no known connection.',
    UNTRACKED: 'UNTRACKED: left out of connection tracking (CT --notrack).',
    SNAT: 'SNAT: virtual; the source was rewritten.',
    DNAT: 'DNAT: virtual; the destination was rewritten.',
  },
  '--ctstatus': {
    NONE: 'NONE: none of the others.',
    EXPECTED: 'EXPECTED: a helper expected it.',
    SEEN_REPLY: 'SEEN_REPLY: packets were seen in both directions.',
    ASSURED: 'ASSURED: never removed early.',
    CONFIRMED: 'CONFIRMED: its first packet has left the node.',
  },
  '--dst-type': {
    LOCAL: 'LOCAL: an address of this node, on any device (kube-ipvs0 too).',
    UNICAST: 'UNICAST: reached by a route.',
    BROADCAST: 'BROADCAST: a broadcast address of a device.',
    MULTICAST: 'MULTICAST: a multicast address.',
    ANYCAST: 'ANYCAST: an anycast address.',
    UNSPEC: 'UNSPEC: 0.0.0.0.',
    BLACKHOLE: 'BLACKHOLE: a blackhole route.',
    UNREACHABLE: 'UNREACHABLE: an unreachable route.',
    PROHIBIT: 'PROHIBIT: a prohibit route.',
  },
  '--reject-with': {
    'icmp-port-unreachable':
      'icmp-port-unreachable: the sender sees "Connection refused" (ICMP errors are rate limited).',
    'icmp-net-unreachable': 'icmp-net-unreachable: the sender sees "Network is unreachable".',
    'icmp-host-unreachable': 'icmp-host-unreachable: the sender sees "No route to host".',
    'icmp-proto-unreachable': 'icmp-proto-unreachable: the sender sees "Protocol not available".',
    'icmp-net-prohibited': 'icmp-net-prohibited: the network is administratively prohibited.',
    'icmp-host-prohibited': 'icmp-host-prohibited: the host is administratively prohibited.',
    'icmp-admin-prohibited': 'icmp-admin-prohibited: communication is prohibited.',
    'icmp6-port-unreachable': 'icmp6-port-unreachable: the sender sees "Connection refused".',
    'icmp6-adm-prohibited': 'icmp6-adm-prohibited: communication is prohibited.',
    'icmp6-no-route': 'icmp6-no-route: the sender sees "Network is unreachable".',
    'icmp6-policy-fail': 'icmp6-policy-fail: a policy refuses the source address.',
    'icmp6-reject-route': 'icmp6-reject-route: a route refuses the destination.',
    'icmp6-addr-unreachable': 'icmp6-addr-unreachable: the address is unreachable.',
    'tcp-reset': 'tcp-reset: a TCP RST; the sender sees "Connection refused".',
  },
  '--icmp-type': {
    '0': '0: echo reply.',
    '3': '3: destination unreachable.',
    '3/4': '3/4: fragmentation needed; path MTU discovery relies on it.',
    '8': '8: echo request, a ping.',
    '11': '11: time exceeded.',
    any: 'any: every type.',
  },
  '--icmpv6-type': {
    '1': '1: destination unreachable.',
    '2': '2: packet too big; path MTU discovery relies on it.',
    '128': '128: echo request, a ping.',
    '129': '129: echo reply.',
    '133': '133: router solicitation.',
    '134': '134: router advertisement.',
    '135': '135: neighbour solicitation.',
    '136': '136: neighbour advertisement.',
  },
  '--mode': {
    random: 'random: by --probability.',
    nth: 'nth: by --every and --packet; the counter is shared by all packets.',
  },
  '-p': {
    all: 'all: every protocol.',
    '0': '0: every protocol.',
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
