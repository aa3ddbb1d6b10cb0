import type { Extension } from './matchOptions';

const mark = (which: string) => ({
  '--set-xmark': `VALUE/MASK: clears the bits of MASK, then xors VALUE into the ${which}.`,
  '--set-mark': `VALUE/MASK: clears the bits of MASK, then ors VALUE into the ${which}.`,
  '--and-mark': `Keeps only these bits of the ${which}.`,
  '--or-mark': `Sets these bits of the ${which}.`,
  '--xor-mark': `Flips these bits of the ${which}.`,
});

// The man page has --random wrong for DNAT; --random-fully: kubernetes#56903.
const nat = {
  '--random':
    'Chooses the port at random: the source port for SNAT and MASQUERADE, the destination port for DNAT and REDIRECT.',
  '--random-fully':
    'Chooses the source port fully at random, so that two connections of one node do not pick the same port at once.',
  '--persistent': 'Gives one client the same address for every connection.',
};

const none: Extension['options'] = {};

/** Verdicts and targets, by the name behind `-j`. */
export const targetExtensions: Readonly<Record<string, Extension>> = {
  ACCEPT: {
    sentence: 'Lets the packet through this table; later tables and hooks are still asked.',
    options: none,
  },
  DROP: { sentence: 'Discards the packet; its sender hears nothing.', options: none },
  RETURN: {
    sentence: 'Goes back to the calling chain; in a built-in chain the policy decides.',
    options: none,
  },
  QUEUE: { sentence: 'Hands the packet to a program in user space.', options: none },
  AUDIT: {
    sentence: 'Writes an audit record.',
    options: { '--type': 'What the record says: accept, drop or reject.' },
  },
  CHECKSUM: {
    sentence: 'Fills in the checksum.',
    options: { '--checksum-fill': 'Computes a checksum that is missing.' },
  },
  CLASSIFY: {
    sentence: 'Sets the traffic control class.',
    options: { '--set-class': 'MAJOR:MINOR of the class.' },
  },
  CONNMARK: {
    sentence: 'Sets or copies the mark of the connection.',
    options: {
      ...mark('connection mark'),
      '--save-mark': 'ctmark = (ctmark & ~CTMASK) ^ (mark & NFMASK).',
      '--restore-mark': 'mark = (mark & ~NFMASK) ^ (ctmark & CTMASK).',
      '--nfmask': 'The bits of the packet mark; all by default.',
      '--ctmask': 'The bits of the connection mark; all by default.',
      '--mask': 'Both masks at once.',
    },
  },
  CT: {
    sentence: 'Tells connection tracking how to treat the packet (table raw).',
    options: {
      '--notrack': 'Not tracked: no NAT, and conntrack state UNTRACKED.',
      '--helper': 'The helper to use.',
      '--zone': 'The conntrack zone, for both directions.',
      '--zone-orig': 'The conntrack zone of the original direction.',
      '--zone-reply': 'The conntrack zone of the reply direction.',
      '--timeout': 'The timeout policy to use.',
      '--ctevents': 'The events to report.',
      '--expevents': 'The expectation events to report.',
    },
  },
  DNAT: {
    sentence:
      'Rewrites the destination, of this packet and all later ones of the connection; ends the nat table.',
    options: {
      '--to-destination': 'ADDRESS or a range, then :PORT or a range; in [ ] for IPv6.',
      ...nat,
    },
  },
  DSCP: {
    sentence: 'Sets the DSCP in the IP header.',
    options: { '--set-dscp': 'The value.', '--set-dscp-class': 'The class by name.' },
  },
  HL: {
    sentence: 'Changes the hop limit (IPv6).',
    options: {
      '--hl-set': 'To this value.',
      '--hl-dec': 'Less by this.',
      '--hl-inc': 'More by this.',
    },
  },
  LOG: {
    sentence: 'Writes a line to the kernel log; the packet goes on.',
    options: {
      '--log-prefix': 'What the line begins with, up to 29 characters.',
      '--log-level': 'The level of the line.',
      '--log-tcp-sequence': 'Logs TCP sequence numbers.',
      '--log-tcp-options': 'Logs TCP options.',
      '--log-ip-options': 'Logs IP options.',
      '--log-uid': 'Logs the user id of the sending process.',
    },
  },
  MARK: {
    sentence: 'Changes the packet mark, mark = (mark & ~MASK) ^ VALUE; the packet goes on.',
    options: mark('packet mark'),
  },
  MASQUERADE: {
    sentence: 'Rewrites the source to the address of the device that the packet leaves by.',
    options: { '--to-ports': 'The source ports to use.', ...nat },
  },
  NETMAP: {
    sentence: 'Replaces the network part of the address, keeps the host part.',
    options: { '--to': 'The new network.' },
  },
  NFLOG: {
    sentence: 'Sends a copy to a logging program; the packet goes on.',
    options: {
      '--nflog-group': 'The netlink group.',
      '--nflog-prefix': 'What the log message begins with.',
      '--nflog-size': 'How many bytes are copied.',
      '--nflog-threshold': 'How many packets are sent at once.',
    },
  },
  NFQUEUE: {
    sentence: 'Hands the packet to a program in user space, which decides.',
    options: {
      '--queue-num': 'The queue.',
      '--queue-balance': 'Several queues.',
      '--queue-bypass': 'Where no program listens, the packet goes on instead of being dropped.',
      '--queue-cpu-fanout': 'One queue per CPU.',
    },
  },
  REDIRECT: {
    sentence: 'Sends the packet to this node itself.',
    options: { '--to-ports': 'The destination port, or a range.', ...nat },
  },
  REJECT: {
    sentence: 'Discards the packet and tells its sender (table filter).',
    options: {
      '--reject-with':
        'What the sender is told; icmp-port-unreachable by default, icmp6-port-unreachable for IPv6.',
    },
  },
  SET: {
    sentence: 'Adds to, or deletes from, an ipset; the packet goes on.',
    options: {
      '--add-set': 'The set to add to, and which sides of the packet.',
      '--del-set': 'The set to delete from, and which sides of the packet.',
      '--map-set': 'The set whose extensions give mark, priority or queue.',
      '--exist': 'Renews an element that is there already.',
      '--timeout': 'Seconds until the element expires.',
    },
  },
  SNAT: {
    sentence:
      'Rewrites the source, of this packet and all later ones of the connection; ends the nat table.',
    options: { '--to-source': 'ADDRESS or a range, then :PORT or a range.', ...nat },
  },
  TCPMSS: {
    sentence: 'Changes the maximum segment size of TCP.',
    options: {
      '--set-mss': 'To this value.',
      '--clamp-mss-to-pmtu': 'To what the path carries (path MTU less 40, or 60 for IPv6).',
    },
  },
  TOS: {
    sentence: 'Sets the TOS byte of the IP header.',
    options: {
      '--set-tos': 'VALUE/MASK: clears the bits of MASK, then xors VALUE.',
      '--and-tos': 'Keeps only these bits.',
      '--or-tos': 'Sets these bits.',
      '--xor-tos': 'Flips these bits.',
    },
  },
  TPROXY: {
    sentence: 'Hands the packet to a local socket without changing it, and marks it.',
    options: {
      '--on-port': 'The port; 0 is the destination port of the packet.',
      '--on-ip': 'The address; by default that of the incoming device.',
      '--tproxy-mark': 'VALUE/MASK, as MARK --set-xmark.',
    },
  },
  TRACE: {
    sentence: 'Lets the kernel report every rule that the packet meets from here on (table raw).',
    options: none,
  },
  TTL: {
    sentence: 'Changes the time to live (IPv4).',
    options: {
      '--ttl-set': 'To this value.',
      '--ttl-dec': 'Less by this.',
      '--ttl-inc': 'More by this.',
    },
  },
};
