import * as l10n from '@vscode/l10n';
import type { Extension } from './matchOptions';

const mark = (which: string) => ({
  '--set-xmark': l10n.t`VALUE/MASK: clears the bits of MASK, then xors VALUE into the ${which}.`,
  '--set-mark': l10n.t`VALUE/MASK: clears the bits of MASK, then ors VALUE into the ${which}.`,
  '--and-mark': l10n.t`Keeps only these bits of the ${which}.`,
  '--or-mark': l10n.t`Sets these bits of the ${which}.`,
  '--xor-mark': l10n.t`Flips these bits of the ${which}.`,
});

// The man page has --random wrong for DNAT; --random-fully: kubernetes#56903.
const nat = {
  '--random': l10n.t(
    'Chooses the port at random: the source port for SNAT and MASQUERADE, the destination port for DNAT and REDIRECT.',
  ),
  '--random-fully': l10n.t(
    'Chooses the source port fully at random, so that two connections of one node do not pick the same port at once.',
  ),
  '--persistent': l10n.t('Gives one client the same address for every connection.'),
};

const none: Extension['options'] = {};

/** Verdicts and targets, by the name behind `-j`. */
export const targetExtensions: Readonly<Record<string, Extension>> = {
  ACCEPT: {
    sentence: l10n.t('Lets the packet through this table; later tables and hooks are still asked.'),
    options: none,
  },
  DROP: { sentence: l10n.t('Discards the packet; its sender hears nothing.'), options: none },
  RETURN: {
    sentence: l10n.t('Goes back to the calling chain; in a built-in chain the policy decides.'),
    options: none,
  },
  QUEUE: { sentence: l10n.t('Hands the packet to a program in user space.'), options: none },
  AUDIT: {
    sentence: l10n.t('Writes an audit record.'),
    options: { '--type': l10n.t('What the record says: accept, drop or reject.') },
  },
  CHECKSUM: {
    sentence: l10n.t('Fills in the checksum.'),
    options: { '--checksum-fill': l10n.t('Computes a checksum that is missing.') },
  },
  CLASSIFY: {
    sentence: l10n.t('Sets the traffic control class.'),
    options: { '--set-class': l10n.t('MAJOR:MINOR of the class.') },
  },
  CONNMARK: {
    sentence: l10n.t('Sets or copies the mark of the connection.'),
    options: {
      ...mark(l10n.t('connection mark')),
      '--save-mark': l10n.t('ctmark = (ctmark & ~CTMASK) ^ (mark & NFMASK).'),
      '--restore-mark': l10n.t('mark = (mark & ~NFMASK) ^ (ctmark & CTMASK).'),
      '--nfmask': l10n.t('The bits of the packet mark; all by default.'),
      '--ctmask': l10n.t('The bits of the connection mark; all by default.'),
      '--mask': l10n.t('Both masks at once.'),
    },
  },
  CT: {
    sentence: l10n.t('Tells connection tracking how to treat the packet (table raw).'),
    options: {
      '--notrack': l10n.t('Not tracked: no NAT, and conntrack state UNTRACKED.'),
      '--helper': l10n.t('The helper to use.'),
      '--zone': l10n.t('The conntrack zone, for both directions.'),
      '--zone-orig': l10n.t('The conntrack zone of the original direction.'),
      '--zone-reply': l10n.t('The conntrack zone of the reply direction.'),
      '--timeout': l10n.t('The timeout policy to use.'),
      '--ctevents': l10n.t('The events to report.'),
      '--expevents': l10n.t('The expectation events to report.'),
    },
  },
  DNAT: {
    sentence: l10n.t(
      'Rewrites the destination, of this packet and all later ones of the connection; ends the nat table.',
    ),
    options: {
      '--to-destination': l10n.t('ADDRESS or a range, then :PORT or a range; in [ ] for IPv6.'),
      ...nat,
    },
  },
  DSCP: {
    sentence: l10n.t('Sets the DSCP in the IP header.'),
    options: {
      '--set-dscp': l10n.t('The value.'),
      '--set-dscp-class': l10n.t('The class by name.'),
    },
  },
  HL: {
    sentence: l10n.t('Changes the hop limit (IPv6).'),
    options: {
      '--hl-set': l10n.t('To this value.'),
      '--hl-dec': l10n.t('Less by this.'),
      '--hl-inc': l10n.t('More by this.'),
    },
  },
  LOG: {
    sentence: l10n.t('Writes a line to the kernel log; the packet goes on.'),
    options: {
      '--log-prefix': l10n.t('What the line begins with, up to 29 characters.'),
      '--log-level': l10n.t('The level of the line.'),
      '--log-tcp-sequence': l10n.t('Logs TCP sequence numbers.'),
      '--log-tcp-options': l10n.t('Logs TCP options.'),
      '--log-ip-options': l10n.t('Logs IP options.'),
      '--log-uid': l10n.t('Logs the user id of the sending process.'),
    },
  },
  MARK: {
    sentence: l10n.t('Changes the packet mark, mark = (mark & ~MASK) ^ VALUE; the packet goes on.'),
    options: mark(l10n.t('packet mark')),
  },
  MASQUERADE: {
    sentence: l10n.t('Rewrites the source to the address of the device that the packet leaves by.'),
    options: { '--to-ports': l10n.t('The source ports to use.'), ...nat },
  },
  NETMAP: {
    sentence: l10n.t('Replaces the network part of the address, keeps the host part.'),
    options: { '--to': l10n.t('The new network.') },
  },
  NFLOG: {
    sentence: l10n.t('Sends a copy to a logging program; the packet goes on.'),
    options: {
      '--nflog-group': l10n.t('The netlink group.'),
      '--nflog-prefix': l10n.t('What the log message begins with.'),
      '--nflog-size': l10n.t('How many bytes are copied.'),
      '--nflog-threshold': l10n.t('How many packets are sent at once.'),
    },
  },
  NFQUEUE: {
    sentence: l10n.t('Hands the packet to a program in user space, which decides.'),
    options: {
      '--queue-num': l10n.t('The queue.'),
      '--queue-balance': l10n.t('Several queues.'),
      '--queue-bypass': l10n.t(
        'Where no program listens, the packet goes on instead of being dropped.',
      ),
      '--queue-cpu-fanout': l10n.t('One queue per CPU.'),
    },
  },
  REDIRECT: {
    sentence: l10n.t('Sends the packet to this node itself.'),
    options: { '--to-ports': l10n.t('The destination port, or a range.'), ...nat },
  },
  REJECT: {
    sentence: l10n.t('Discards the packet and tells its sender (table filter).'),
    options: {
      '--reject-with': l10n.t(
        'What the sender is told; icmp-port-unreachable by default, icmp6-port-unreachable for IPv6.',
      ),
    },
  },
  SET: {
    sentence: l10n.t('Adds to, or deletes from, an ipset; the packet goes on.'),
    options: {
      '--add-set': l10n.t('The set to add to, and which sides of the packet.'),
      '--del-set': l10n.t('The set to delete from, and which sides of the packet.'),
      '--map-set': l10n.t('The set whose extensions give mark, priority or queue.'),
      '--exist': l10n.t('Renews an element that is there already.'),
      '--timeout': l10n.t('Seconds until the element expires.'),
    },
  },
  SNAT: {
    sentence: l10n.t(
      'Rewrites the source, of this packet and all later ones of the connection; ends the nat table.',
    ),
    options: { '--to-source': l10n.t('ADDRESS or a range, then :PORT or a range.'), ...nat },
  },
  TCPMSS: {
    sentence: l10n.t('Changes the maximum segment size of TCP.'),
    options: {
      '--set-mss': l10n.t('To this value.'),
      '--clamp-mss-to-pmtu': l10n.t('To what the path carries (path MTU less 40, or 60 for IPv6).'),
    },
  },
  TOS: {
    sentence: l10n.t('Sets the TOS byte of the IP header.'),
    options: {
      '--set-tos': l10n.t('VALUE/MASK: clears the bits of MASK, then xors VALUE.'),
      '--and-tos': l10n.t('Keeps only these bits.'),
      '--or-tos': l10n.t('Sets these bits.'),
      '--xor-tos': l10n.t('Flips these bits.'),
    },
  },
  TPROXY: {
    sentence: l10n.t('Hands the packet to a local socket without changing it, and marks it.'),
    options: {
      '--on-port': l10n.t('The port; 0 is the destination port of the packet.'),
      '--on-ip': l10n.t('The address; by default that of the incoming device.'),
      '--tproxy-mark': 'VALUE/MASK, as MARK --set-xmark.',
    },
  },
  TRACE: {
    sentence: l10n.t(
      'Lets the kernel report every rule that the packet meets from here on (table raw).',
    ),
    options: none,
  },
  TTL: {
    sentence: l10n.t('Changes the time to live (IPv4).'),
    options: {
      '--ttl-set': l10n.t('To this value.'),
      '--ttl-dec': l10n.t('Less by this.'),
      '--ttl-inc': l10n.t('More by this.'),
    },
  },
};
