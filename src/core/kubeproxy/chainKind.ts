import * as l10n from '@vscode/l10n';
import { splitChainName, type ServiceChainPrefix } from './names';
import { otherSoftware } from './otherChains';
import { own } from '../own';

/** Who writes a chain. */
export type ChainOwner = 'kube-proxy' | 'kubelet' | 'netfilter' | 'other';

/** What a chain's name says about it. */
export interface ChainKind {
  readonly owner: ChainOwner;
  /** The software, as a user knows it: `kube-proxy`, `Calico`, `kernel`. */
  readonly software: string;
  /** A stable name for icons, filters and semantic tokens. */
  readonly kind: ChainRole;
  /** One sentence on what it does. */
  readonly sentence: string;
}

export type ChainRole =
  | 'built-in'
  | 'services'
  | 'node-ports'
  | 'service'
  | 'external'
  | 'firewall'
  | 'endpoint'
  | 'mark'
  | 'postrouting'
  | 'forward'
  | 'canary'
  | 'filter'
  | 'other';

type Entry = readonly [kind: ChainRole, sentence: string];

const perService: Readonly<Record<ServiceChainPrefix, Entry>> = {
  'KUBE-SVC-': ['service', l10n.t('Chooses among all usable endpoints of one Service port.')],
  'KUBE-SVL-': [
    'service',
    l10n.t('Chooses among the endpoints on this node only, for a traffic policy Local.'),
  ],
  'KUBE-EXT-': [
    'external',
    l10n.t(
      'Takes traffic that reached one Service port from outside: by node port, external IP or load balancer IP (since 1.24; KUBE-XLB- before).',
    ),
  ],
  'KUBE-XLB-': [
    'external',
    l10n.t(
      'Takes traffic to the node port or load balancer IP of one Service port with externalTrafficPolicy Local (before 1.24; KUBE-EXT- since).',
    ),
  ],
  'KUBE-FW-': [
    'firewall',
    // Since 1.24 the iptables proxier makes the chain for Services with source ranges only.
    l10n.t(
      "Takes traffic to one Service port's load balancer IP and lets through its loadBalancerSourceRanges; up to 1.23 it stands without source ranges too, and lets all through.",
    ),
  ],
  'KUBE-SEP-': [
    'endpoint',
    l10n.t('Sends to one endpoint: marks its own traffic for masquerade (hairpin), then DNAT.'),
  ],
};

/** By table where two software pieces or two uses share a name; `*` is any table. */
const kubeProxy: Readonly<Record<string, Readonly<Record<string, Entry>>>> = {
  'KUBE-SERVICES': {
    nat: [
      'services',
      l10n.t('Picks the Service by destination address and port; node ports come last.'),
    ],
    '*': ['services', l10n.t('Rejects or drops traffic to ClusterIPs without usable endpoints.')],
  },
  'KUBE-NODEPORTS': {
    nat: ['node-ports', l10n.t('Picks the Service by node port.')],
    '*': ['node-ports', l10n.t('Accepts traffic to the health check node ports.')],
  },
  'KUBE-EXTERNAL-SERVICES': {
    '*': [
      'services',
      l10n.t(
        'Rejects or drops traffic to external IPs, load balancer IPs and node ports without usable endpoints.',
      ),
    ],
  },
  'KUBE-FORWARD': {
    '*': [
      'forward',
      l10n.t(
        'Drops packets of invalid conntrack state, accepts marked and established Service traffic.',
      ),
    ],
  },
  'KUBE-POSTROUTING': {
    // Clears the mark: PR 92035, in 1.19 and patches of 1.16 to 1.18.
    '*': [
      'postrouting',
      l10n.t(
        'Rewrites the source of marked packets; since 1.19, and late patches of 1.16 to 1.18, it clears the masquerade mark first.',
      ),
    ],
  },
  'KUBE-MARK-MASQ': {
    '*': ['mark', l10n.t('Marks a packet for masquerade; KUBE-POSTROUTING does it.')],
  },
  'KUBE-PROXY-CANARY': {
    '*': [
      'canary',
      l10n.t(
        'Empty on purpose: when it vanishes, kube-proxy knows that someone flushed the tables and writes all rules again.',
      ),
    ],
  },
  'KUBE-PROXY-FIREWALL': {
    '*': [
      'filter',
      l10n.t('Drops traffic to load balancer IPs from outside their loadBalancerSourceRanges.'),
    ],
  },
  'KUBE-LOAD-BALANCER': {
    '*': ['services', l10n.t('ipvs mode: marks traffic to load balancer IPs for masquerade.')],
  },
  'KUBE-NODE-PORT': {
    nat: ['node-ports', l10n.t('ipvs mode: marks traffic to node ports for masquerade.')],
    '*': ['node-ports', l10n.t('ipvs mode: accepts traffic to the health check node ports.')],
  },
  'KUBE-FIRE-WALL': {
    '*': ['filter', l10n.t('ipvs mode, old: marks traffic from outside a source range for drop.')],
  },
  'KUBE-SOURCE-RANGES-FIREWALL': {
    '*': [
      'filter',
      l10n.t('ipvs mode: lets through the source ranges of load balancers, drops the rest.'),
    ],
  },
  'KUBE-IPVS-FILTER': {
    '*': [
      'filter',
      l10n.t('ipvs mode: keeps traffic to Service addresses from other ports of the node.'),
    ],
  },
  'KUBE-IPVS-OUT-FILTER': {
    '*': [
      'filter',
      l10n.t("ipvs mode: drops the node's own traffic that source ranges do not allow."),
    ],
  },
  'KUBE-PORTALS-CONTAINER': {
    '*': [
      'services',
      l10n.t('userspace mode (gone since 1.26): redirects traffic of pods to kube-proxy.'),
    ],
  },
  'KUBE-PORTALS-HOST': {
    '*': [
      'services',
      l10n.t('userspace mode (gone since 1.26): sends traffic of the node to kube-proxy.'),
    ],
  },
  'KUBE-NODEPORT-CONTAINER': {
    '*': [
      'node-ports',
      l10n.t('userspace mode (gone since 1.26): node ports, for traffic from outside.'),
    ],
  },
  'KUBE-NODEPORT-HOST': {
    '*': [
      'node-ports',
      l10n.t('userspace mode (gone since 1.26): node ports, for traffic of the node.'),
    ],
  },
};

const kubelet: Readonly<Record<string, Entry>> = {
  // kubelet_network_linux.go; kube-proxy's copy: PR 129826.
  'KUBE-FIREWALL': [
    'filter',
    l10n.t(
      "Blocks traffic to 127.0.0.0/8 from outside the node (CVE-2020-8558); before KEP-3178 also drops kubelet's drop mark. From kubelet (IPv4), and from kube-proxy in iptables mode with localhostNodePorts.",
    ),
  ],
  'KUBE-MARK-DROP': [
    'mark',
    l10n.t('Marks a packet for drop in KUBE-FIREWALL; kubelet wrote it until KEP-3178.'),
  ],
  'KUBE-KUBELET-CANARY': [
    'canary',
    l10n.t('Empty on purpose: when it vanishes, kubelet knows that someone flushed the tables.'),
  ],
  'KUBE-IPTABLES-HINT': [
    'canary',
    l10n.t('Empty on purpose: tells other software which backend, legacy or nft, kubelet uses.'),
  ],
};

const ipvsSourceRanges: Entry = [
  'filter',
  l10n.t(
    'ipvs mode, in old releases: lets through only the loadBalancerSourceRanges of a load balancer Service.',
  ),
];

const builtIn: ReadonlyMap<string, string> = new Map([
  ['PREROUTING', l10n.t('Every packet that arrives, before the route is chosen.')],
  ['INPUT', l10n.t('Packets to the node itself, after routing.')],
  ['FORWARD', l10n.t('Packets that the node forwards, traffic of pods among it.')],
  ['OUTPUT', l10n.t('Packets that processes of the node send.')],
  ['POSTROUTING', l10n.t('Every packet that leaves, after routing.')],
]);

/** nf_nat_inet_fn asks nat's chains for the packet that begins a connection, and keeps the answer. */
const builtInNat: ReadonlyMap<string, string> = new Map([
  [
    'PREROUTING',
    l10n.t('The first packet of each connection that arrives, before the route is chosen.'),
  ],
  ['INPUT', l10n.t('The first packet of each connection to the node itself, after routing.')],
  ['OUTPUT', l10n.t('The first packet of each connection that processes of the node open.')],
  ['POSTROUTING', l10n.t('The first packet of each connection that leaves, after routing.')],
]);

/** PREROUTING, INPUT, FORWARD, OUTPUT, POSTROUTING: called by a hook, not by a rule. */
export function isBuiltIn(name: string): boolean {
  return builtIn.has(name);
}

/**
 * What kind of chain a name is. `table` tells uses of one name apart: KUBE-NODEPORTS in `nat`
 * picks Services, in `filter` it accepts health checks. undefined for a name nobody here knows.
 */
export function chainKind(name: string, table?: string): ChainKind | undefined {
  const hook = (table === 'nat' ? builtInNat.get(name) : undefined) ?? builtIn.get(name);
  if (hook) return { owner: 'netfilter', software: 'kernel', kind: 'built-in', sentence: hook };
  const hashed = splitChainName(name);
  if (hashed) return kubeProxyKind(perService[hashed.prefix]);
  const shared = Object.hasOwn(kubeProxy, name) ? kubeProxy[name] : undefined;
  if (shared) return kubeProxyKind(own(shared, table ?? 'nat') ?? shared['*']!);
  // ipset/kubeProxySets.ts: the old ipvs mode's chain of source ranges has the name of kubelet's.
  if (name === 'KUBE-FIREWALL' && table === 'nat') return kubeProxyKind(ipvsSourceRanges);
  const ofKubelet = Object.hasOwn(kubelet, name) ? kubelet[name] : undefined;
  if (ofKubelet) {
    const [kind, sentence] = ofKubelet;
    return { owner: 'kubelet', software: 'kubelet', kind, sentence };
  }
  const other = otherSoftware(name);
  return other && { owner: 'other', kind: 'other', ...other };
}

function kubeProxyKind([kind, sentence]: Entry): ChainKind {
  return { owner: 'kube-proxy', software: 'kube-proxy', kind, sentence };
}
