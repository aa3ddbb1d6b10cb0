import * as l10n from '@vscode/l10n';
import type { IpvsToken, IpvsTokenKind } from '../ipvs/state';

/** What a scheduler does (net/netfilter/ipvs/ip_vs_NAME.c); undefined for one that is not known. */
export function describeScheduler(name: string): string | undefined {
  return schedulers.get(name);
}

/** What a scheduler's or a virtual server's flag does. */
function describeFlag(flag: string): string | undefined {
  return flags.get(flag);
}

/** One word of an IPVS listing in plain sentences; undefined where there is nothing to say. */
export function describeIpvsToken({ kind, value }: IpvsToken): string | undefined {
  switch (kind) {
    case 'scheduler':
      return describeScheduler(value);
    case 'flag':
      return value
        .split(',')
        .map((flag) => `${flag}: ${describeFlag(flag) ?? l10n.t('not known.')}`)
        .join('\n');
    case 'forward':
      return forwardMethods.get(value);
    case 'weight':
      return describeWeight(Number(value));
    case 'persistent':
      return describePersistence(Number(value));
    case 'state':
      return states.get(value);
    default:
      return columns[kind];
  }
}

/** A column of ipvsadm by its heading: `InActConn`, `CPS`, `Uthreshold`. */
export function describeColumn(heading: string): string | undefined {
  const kind = headings.get(heading);
  return kind && columns[kind];
}

export function describeWeight(weight: number): string {
  return weight === 0
    ? l10n.t(
        'Weight 0, draining: no new connections, open ones go on. kube-proxy sets it when an endpoint ends and removes the real server when its last connection ends; of UDP at once (PR 77802).',
      )
    : l10n.t`Weight ${weight}. kube-proxy gives every endpoint weight 1.`;
}

/** @param seconds the persistence timeout */
export function describePersistence(seconds: number): string {
  return l10n.t`A client's further connections go to the same real server until ${duration(seconds)} have passed since the last one. kube-proxy sets it for sessionAffinity ClientIP, to its timeoutSeconds (10800 by default).`;
}

/** 10800 -> `10800 s (3 h)`; without brackets where there is nothing to round. */
export function duration(seconds: number): string {
  const hours = seconds / 3600;
  const minutes = seconds / 60;
  if (Number.isInteger(hours) && hours > 0) return `${seconds} s (${hours} h)`;
  if (Number.isInteger(minutes) && minutes > 0) return l10n.t`${seconds} s (${minutes} min)`;
  return `${seconds} s`;
}

const newestFirst = l10n.t('starting with the server that was added last');

const schedulers: ReadonlyMap<string, string> = new Map([
  [
    'rr',
    l10n.t`Round robin: each real server in turn, ${newestFirst}; weights count only as 0 or not 0. kube-proxy's default.`,
  ],
  [
    'wrr',
    l10n.t(
      'Weighted round robin: each real server in turn, as often as its weight, the heaviest first and the turns mixed.',
    ),
  ],
  [
    'lc',
    l10n.t(
      'Least connections: the real server with the smallest 256 * ActiveConn + InActConn; of equals the one that was added last. Weights count only as 0 or not 0.',
    ),
  ],
  [
    'wlc',
    l10n.t(
      'Weighted least connections: the smallest (256 * ActiveConn + InActConn) / weight; of equals the one that was added last. ipvsadm’s default.',
    ),
  ],
  [
    'sed',
    l10n.t(
      'Shortest expected delay: the smallest (ActiveConn + 1) / weight; inactive connections do not count.',
    ),
  ],
  [
    'nq',
    l10n.t(
      'Never queue: a real server without active connections if there is one, otherwise as sed.',
    ),
  ],
  [
    'sh',
    l10n.t(
      'Source hash: the client’s address (with sh-port its port too) decides by 256 buckets, dealt out by weight. A new or removed server moves most clients; without sh-fallback, one of weight 0 refuses.',
    ),
  ],
  [
    'dh',
    l10n.t(
      'Destination hash: the virtual address decides, so that one virtual server always uses one real server. For caches with routing; of little use with kube-proxy.',
    ),
  ],
  [
    'mh',
    l10n.t(
      'Maglev hash: the client’s address (with mh-port, as kube-proxy sets, its port too) decides by a table of 4093 places. Another server moves few clients; without mh-fallback, one of weight 0 refuses.',
    ),
  ],
  ['fo', l10n.t('Weighted failover: all connections to the real server with the highest weight.')],
  [
    'ovf',
    l10n.t(
      'Weighted overflow: all connections to the real server with the highest weight until it has more active connections than its weight, then to the next.',
    ),
  ],
  [
    'lblc',
    l10n.t(
      'Locality-based least connections: one real server per destination address, another when it is overloaded. For caches.',
    ),
  ],
  [
    'lblcr',
    l10n.t(
      'Locality-based least connections with replication: a set of real servers per destination address. For caches.',
    ),
  ],
  [
    'twos',
    l10n.t(
      'Power of two choices: two real servers at random by weight, then the one with fewer connections for its weight.',
    ),
  ],
]);

const flags: ReadonlyMap<string, string> = new Map([
  [
    'sh-fallback',
    l10n.t('a client whose real server has weight 0 goes to the next usable bucket.'),
  ],
  [
    'sh-port',
    l10n.t('the client’s port is hashed too, so one client spreads over several real servers.'),
  ],
  ['mh-fallback', l10n.t('a client whose real server has weight 0 goes to the next usable place.')],
  [
    'mh-port',
    l10n.t('the client’s port is hashed too, so one client spreads over several real servers.'),
  ],
  // ipvsadm before 1.31 does not know mh's flags by name.
  ['flag-1', l10n.t('the scheduler’s first flag (mh: mh-fallback).')],
  ['flag-2', l10n.t('the scheduler’s second flag (mh: mh-port).')],
  ['flag-3', l10n.t('the scheduler’s third flag.')],
  [
    'ops',
    l10n.t(
      'one-packet scheduling: every UDP packet is scheduled for itself, no connection is kept.',
    ),
  ],
]);

const forwardMethods: ReadonlyMap<string, string> = new Map([
  [
    'Masq',
    l10n.t(
      'Masquerading: rewrites the destination to the real server, and replies back on this node. The client’s address stays, unless iptables masquerades it. kube-proxy uses no other method.',
    ),
  ],
  [
    'Route',
    l10n.t(
      'Direct routing: the packet goes to the real server’s MAC address unchanged; the real server must hold the virtual address and answers the client itself. Ports can’t be rewritten.',
    ),
  ],
  [
    'Tunnel',
    l10n.t(
      'Tunnelling: the packet is wrapped (IP in IP, GUE or GRE) and sent to the real server, which answers the client itself.',
    ),
  ],
  ['Local', l10n.t('The real server is this node: the packet is delivered without any rewriting.')],
  [
    'Bypass',
    l10n.t('The packet goes to its own destination past the real servers (cache_bypass).'),
  ],
]);

const columns: Readonly<Partial<Record<IpvsTokenKind, string>>> = {
  protocol: l10n.t('The virtual server’s protocol; FWM is a firewall mark in place of an address.'),
  'firewall-mark': l10n.t(
    'Packets with this mark belong to the virtual server, whatever their destination.',
  ),
  'active-connections': l10n.t(
    'Connections in the states ESTABLISHED, SYN_SENT, SYN_RECV or SYNACK (TCP) or ESTABLISHED (SCTP); always 0 for UDP.',
  ),
  'inactive-connections': l10n.t(
    'Connections in other states, such as TIME_WAIT and FIN_WAIT, and all of UDP. Those of UDP carry traffic all the same; all count for lc and wlc.',
  ),
  'persistent-connections': l10n.t(
    'Clients that are bound to this real server (templates); a binding lasts at least as long as one of its connections is open.',
  ),
  'upper-threshold': l10n.t(
    'At so many connections the real server counts as overloaded and gets no new ones; 0 is no limit.',
  ),
  'lower-threshold': l10n.t(
    'Below so many connections an overloaded real server gets new ones again; 0 is three quarters of the upper threshold.',
  ),
  connections: l10n.t(
    'Connections scheduled (Conns: since the row was made or zeroed; CPS: per second).',
  ),
  'in-packets': l10n.t(
    'Packets from clients (InPkts: since the row was made or zeroed; InPPS: per second).',
  ),
  'out-packets': l10n.t('Packets back to clients through this node (OutPkts, OutPPS per second).'),
  'in-bytes': l10n.t('Bytes from clients (InBytes, InBPS per second).'),
  'out-bytes': l10n.t('Bytes back to clients through this node (OutBytes, OutBPS per second).'),
  mask: l10n.t('Clients alike under this mask count as one for persistence.'),
  engine: l10n.t('Persistence engine: what of the packet makes a client (sip: the Call-ID).'),
  expires: l10n.t('Time until the connection is forgotten if no packet comes.'),
  weight: l10n.t('How much of the new connections a real server gets; 0 is none (draining).'),
};

const headings: ReadonlyMap<string, IpvsTokenKind> = new Map([
  ['Weight', 'weight'],
  ['ActiveConn', 'active-connections'],
  ['InActConn', 'inactive-connections'],
  ['PersistConn', 'persistent-connections'],
  ['Uthreshold', 'upper-threshold'],
  ['Lthreshold', 'lower-threshold'],
  ['Conns', 'connections'],
  ['CPS', 'connections'],
  ['InPkts', 'in-packets'],
  ['InPPS', 'in-packets'],
  ['OutPkts', 'out-packets'],
  ['OutPPS', 'out-packets'],
  ['InBytes', 'in-bytes'],
  ['InBPS', 'in-bytes'],
  ['OutBytes', 'out-bytes'],
  ['OutBPS', 'out-bytes'],
  ['expire', 'expires'],
  ['Expires', 'expires'],
]);

/** net/netfilter/ipvs/ip_vs_proto_tcp.c, ip_vs_conn.c. */
const states: ReadonlyMap<string, string> = new Map([
  ['NONE', l10n.t('No state yet, or the template of a persistent client.')],
  ['LISTEN', l10n.t('TCP: waits for the data connection of FTP.')],
  [
    'SYNACK',
    l10n.t('TCP, with secure_tcp: the client’s SYN was answered; its handshake is not over.'),
  ],
  ['SYN_RECV', l10n.t('The client’s SYN went to the real server; its handshake is not over.')],
  ['SYN_SENT', l10n.t('The real server opened the connection.')],
  ['ESTABLISHED', l10n.t('Open in both directions.')],
  ['FIN_WAIT', l10n.t('One side has closed.')],
  ['TIME_WAIT', l10n.t('Both sides have closed; kept for late packets.')],
  ['CLOSE', 'Reset.'],
  ['CLOSE_WAIT', l10n.t('The client has closed.')],
  ['LAST_ACK', l10n.t('Waits for the last acknowledgement.')],
  ['UDP', l10n.t('A UDP exchange; it ends by time only.')],
  [
    'ASSURED',
    l10n.t('The template of a persistent client: it binds the client to the real server.'),
  ],
]);
