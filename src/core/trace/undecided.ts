import { l10n } from '../l10n';
import { notRead } from '../missing';
import { own } from '../own';

/** Why a field is not known that a trace does not ask for: `tcp window`. */
export function notOfTrace(what: string): string {
  return l10n.t`the packet’s ${what} is not known; \`tcpdump -nevvx\` shows it`;
}

/**
 * Why a part of iptables-nft is not known of which nft prints the name (`xt match "physdev"`) or words
 * of its own (`# match-set A dst`); undefined of other texts.
 */
export function notPrinted(text: string): string | undefined {
  if (!/^(?:xt |#)/.test(text)) return undefined;
  return l10n.t`nft does not print it in full; \`iptables-save\` would`;
}

/** Why a part of a rule is not known, and what would decide it: `ct label`, `connlimit`. */
export function undecided(what: keyof typeof reasons): string;
export function undecided(what: string): string | undefined;
export function undecided(what: string): string | undefined {
  return own<() => string>(reasons, what)?.();
}

const connectionCount = () =>
  l10n.t`how many connections there are is not counted; \`conntrack -L\` shows them`;
const carried = () =>
  l10n.t`what the connection has carried before is not known; \`conntrack -L\` shows it where nf_conntrack_acct is on`;
const labels = () => notRead('conntrack -L -o labels');
const realms = () => l10n.t`routes with realms are not modelled; \`ip route\` shows them`;
const ipsec = () =>
  l10n.t`\`ip xfrm policy\` and \`ip xfrm state\` would tell whether IPsec takes it; they are not read`;
const arrivalTime = () => l10n.t`the node’s clock decides, when the packet comes`;
const sockets = () => l10n.t`the open sockets are not known; \`ss -tuanp\` shows them`;

/** By the words of nft, then by the names of iptables' matches. */
const reasons = {
  'ct label': labels,
  'ct count': connectionCount,
  'ct expiration': () =>
    l10n.t`when the connection expires is not known; \`conntrack -L\` shows it`,
  'ct id': () => notRead('conntrack -L -o id'),
  'ct packets': carried,
  'ct bytes': carried,
  'ct avgpkt': carried,
  'ct helper': () =>
    l10n.t`which connection expected this one is not known; \`conntrack -L expect\` shows it`,
  'meta priority': () =>
    l10n.t`the sender’s socket or tc sets it; \`tc filter show\` would tell of tc, it is not read`,
  'meta rtclassid': realms,
  'meta time': arrivalTime,
  'meta day': arrivalTime,
  'meta hour': arrivalTime,
  'meta cpu': () => l10n.t`the processor that takes the packet decides`,
  'meta cgroup': () => l10n.t`the cgroup of the sending process decides`,
  'meta secpath': ipsec,
  'meta ipsec': ipsec,
  'rt ipsec': ipsec,
  'rt classid': realms,
  ipsec,
  socket: sockets,
  osf: () => l10n.t`the sender’s SYN decides (window, options); \`tcpdump -nevvx\` shows it`,
  connlabel: labels,
  connlimit: connectionCount,
  policy: ipsec,
  time: arrivalTime,
};
