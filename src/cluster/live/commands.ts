/** One command that is run on a node, and the dump it fills. */
export interface DumpCommand {
  /** As in a snapshot's node folder. */
  readonly dump: string;
  readonly argv: readonly string[];
  /** Run only when none of these dumps could be had. */
  readonly insteadOf?: readonly string[];
  /** Its output counts although the exit code is not 0: some files of /proc/sys can't be read. */
  readonly lenient?: boolean;
  /** Few answers need it: where it can't be had, nothing is said of it. */
  readonly quiet?: boolean;
  /** Milliseconds, where it may take longer than the setting allows other commands. */
  readonly timeout?: number;
}

const one = (dump: string, ...argv: string[]): DumpCommand => ({ dump, argv });

const instead = (insteadOf: readonly string[], dump: string, ...argv: string[]): DumpCommand => ({
  dump,
  argv,
  insteadOf,
});

const quiet = (command: DumpCommand): DumpCommand => ({ ...command, quiet: true });

/** Both backends can hold rules at once, so both are asked; plain `-save` is one of the two. */
function iptables(program: 'iptables' | 'ip6tables'): DumpCommand[] {
  const nft = `${program}-nft-save.txt`;
  const legacy = `${program}-legacy-save.txt`;
  return [
    one(nft, `${program}-nft-save`, '-c'),
    one(legacy, `${program}-legacy-save`, '-c'),
    instead([nft, legacy], `${program}-save.txt`, `${program}-save`, '-c'),
  ];
}

const proxyUrl = 'http://127.0.0.1:10249';

/** What kube-proxy says of itself, by whichever client the image has. */
const ofProxy = (dump: string, path: string): readonly DumpCommand[] => [
  one(dump, 'curl', '-sS', '--max-time', '5', `${proxyUrl}/${path}`),
  instead([dump], dump, 'wget', '-q', '-T', '5', '-O', '-', `${proxyUrl}/${path}`),
];

/** What is asked of every node, in the order in which the dumps are wanted. All of it only reads. */
export const dumpCommands: readonly DumpCommand[] = [
  ...iptables('iptables'),
  ...iptables('ip6tables'),
  one('ipset-save.txt', 'ipset', 'save'),
  // kube-proxy's image has no ipvsadm.
  one('ip_vs.txt', 'cat', '/proc/net/ip_vs'),
  one('ipvsadm-Sn.txt', 'ipvsadm', '-Sn'),
  // On a big cluster nft takes 40 s and more to list its sets.
  { ...one('nft-list-ruleset.txt', 'nft', 'list', 'ruleset'), timeout: 180_000 },
  one('ip-addr.txt', 'ip', 'addr'),
  one('ip-route.txt', 'ip', 'route', 'show', 'table', 'all'),
  one('ip-6-route.txt', 'ip', '-6', 'route', 'show', 'table', 'all'),
  one('ip-rule.txt', 'ip', 'rule'),
  one('ip-6-rule.txt', 'ip', '-6', 'rule'),
  // Which pod is behind which port of a bridge, and whether that port sends back (hairpin).
  quiet(one('ip-d-link.txt', 'ip', '-d', 'link')),
  quiet(one('bridge-fdb.txt', 'bridge', 'fdb', 'show')),
  quiet(one('ip-neigh.txt', 'ip', 'neigh')),
  quiet(instead(['ip-neigh.txt'], 'arp.txt', 'cat', '/proc/net/arp')),
  quiet(one('igmp.txt', 'cat', '/proc/net/igmp')),
  quiet(one('igmp6.txt', 'cat', '/proc/net/igmp6')),
  instead(['ip-addr.txt'], 'fib_trie.txt', 'cat', '/proc/net/fib_trie'),
  instead(['ip-addr.txt'], 'if_inet6.txt', 'cat', '/proc/net/if_inet6'),
  instead(['ip-route.txt'], 'proc-net-route.txt', 'cat', '/proc/net/route'),
  instead(['ip-6-route.txt'], 'proc-net-ipv6_route.txt', 'cat', '/proc/net/ipv6_route'),
  // Not sysctl -a: the image has no sysctl, and most of it does not matter here.
  {
    dump: 'sysctl.txt',
    argv: [
      ...['grep', '-r', '.', '/proc/sys/net/ipv4/ip_forward', '/proc/sys/net/ipv4/conf'],
      '/proc/sys/net/ipv4/fwmark_reflect',
      '/proc/sys/net/ipv4/icmp_errors_use_inbound_ifaddr',
      '/proc/sys/net/ipv4/ip_unprivileged_port_start',
      '/proc/sys/net/ipv6/conf/all/forwarding',
      '/proc/sys/net/ipv6/fwmark_reflect',
      '/proc/sys/net/netfilter/nf_conntrack_tcp_be_liberal',
      '/proc/sys/net/netfilter/nf_conntrack_tcp_loose',
      '/proc/sys/net/bridge/bridge-nf-call-iptables',
      '/proc/sys/net/bridge/bridge-nf-call-ip6tables',
    ],
    lenient: true,
  },
  // Of some fifty files for each device the one that is asked (ipv6_dev_get_saddr).
  quiet({
    dump: 'sysctl-ipv6.txt',
    argv: ['grep', '-r', '--include=use_oif_addrs_only', '.', '/proc/sys/net/ipv6/conf'],
    lenient: true,
  }),
  { dump: 'sysctl-ipvs.txt', argv: ['grep', '-r', '.', '/proc/sys/net/ipv4/vs'], lenient: true },
  ...ofProxy('proxyMode.txt', 'proxyMode'),
  ...ofProxy('configz.json', 'configz'),
];
