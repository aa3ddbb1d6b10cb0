import * as l10n from '@vscode/l10n';
import { formatAddress } from '../address';
import type { Packet } from '../packet';
import { protocolNumbers } from '../packet';
import { protocolName } from '../protocol';

/** Commands to see a packet on a live node; each ends by taking its own rules away again. */
export interface WatchCommands {
  readonly title: string;
  readonly lines: readonly string[];
}

/**
 * Which TRACE and nftrace rules show a packet's way. They are for a person to run: nothing here changes
 * a node. Only the first packet of a connection passes nat.
 */
export function watchCommands(packet: Packet): readonly WatchCommands[] {
  const own = packet.inInterface === undefined;
  const { family } = packet.destination;
  const iptables = family === 4 ? 'iptables' : 'ip6tables';
  const rule = `${own ? 'OUTPUT' : 'PREROUTING'} ${iptablesMatches(packet)} -j TRACE`;
  const hook = own ? 'output' : 'prerouting';
  return [
    {
      title: 'iptables (nf_tables)',
      lines: [
        `${iptables} -t raw -I ${rule}`,
        'xtables-monitor --trace',
        `${iptables} -t raw -D ${rule}`,
      ],
    },
    {
      title: l10n.t('iptables (legacy): lines in the kernel log'),
      lines: [
        `modprobe ${family === 4 ? 'nf_log_ipv4' : 'nf_log_ipv6'} || modprobe nf_log_syslog`,
        `${iptables}-legacy -t raw -I ${rule}`,
        "dmesg --follow | grep 'TRACE: '",
        `${iptables}-legacy -t raw -D ${rule}`,
      ],
    },
    {
      title: 'nft',
      lines: [
        'nft add table inet watch_packet',
        `nft 'add chain inet watch_packet ${hook} { type filter hook ${hook} priority -310; }'`,
        `nft 'add rule inet watch_packet ${hook} ${nftMatches(packet)} meta nftrace set 1'`,
        'nft monitor trace',
        'nft delete table inet watch_packet',
      ],
    },
  ];
}

function iptablesMatches(packet: Packet): string {
  const { protocol, source, destination, destinationPort, inInterface } = packet;
  const words = [
    ...(inInterface === undefined ? [] : ['-i', inInterface]),
    '-s',
    formatAddress(source),
    '-d',
    formatAddress(destination),
    '-p',
    protocolName(protocol),
    ...(hasPorts(protocol) && destinationPort !== undefined
      ? ['--dport', String(destinationPort)]
      : []),
  ];
  return words.join(' ');
}

function nftMatches({ protocol, source, destination, destinationPort }: Packet): string {
  const ip = destination.family === 4 ? 'ip' : 'ip6';
  const name = protocolName(protocol);
  const transport =
    hasPorts(protocol) && destinationPort !== undefined
      ? `${name} dport ${destinationPort}`
      : `meta l4proto ${name}`;
  return `${ip} saddr ${formatAddress(source)} ${ip} daddr ${formatAddress(destination)} ${transport}`;
}

function hasPorts(protocol: number): boolean {
  const { tcp, udp, sctp } = protocolNumbers;
  return [tcp, udp, sctp].includes(protocol as 6);
}
