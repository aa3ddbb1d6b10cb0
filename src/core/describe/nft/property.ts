import * as l10n from '@vscode/l10n';
import { own } from '../../own';

type Words = Readonly<Record<string, (value: string) => string>>;

/** nft(8), "Sets", "Set specifications". */
const ofSet: Words = {
  timeout: (value) =>
    l10n.t`An element without a timeout of its own lives for ${value} after it was added.`,
  'gc-interval': (value) =>
    l10n.t`Elements whose time is over are removed every ${value}; no rule finds them meanwhile.`,
  size: (value) =>
    l10n.t`It holds up to ${value} elements; a rule that adds one to a full set ends there.`,
  policy: (value) =>
    value === 'memory'
      ? l10n.t('The kernel keeps the elements so that they take little memory.')
      : l10n.t('The kernel keeps the elements so that they are found fast.'),
  'auto-merge': () =>
    l10n.t(
      'nft joins ranges that overlap or touch, so one of these may stand for several that were added.',
    ),
  // nft_set_elem_update_expr (include/net/netfilter/nf_tables.h) runs them whenever an element is found.
  counter: () => l10n.t('Each element counts what it was found for.'),
  last: () => l10n.t('Each element remembers when it was last found.'),
  quota: (value) => eachAsks(`quota ${value}`),
  limit: (value) => eachAsks(`limit ${value}`),
  ct: (value) => eachAsks(`ct ${value}`),
};

function eachAsks(condition: string): string {
  return l10n.t`Each element has a condition of its own: ${condition}. Where it does not hold, the rule that found the element does not match.`;
}

/** nft(8), "Chains". */
const ofChain: Words = {
  policy: (value) =>
    value === 'drop'
      ? l10n.t('What no rule decides is dropped.')
      : l10n.t('What no rule decides is accepted.'),
};

/** nft(8), "Stateful objects": of ct helper, ct timeout and ct expectation. */
const ofConntrack: Words = {
  type: (value) =>
    l10n.t`The connection's helper (${value}): it reads which connections the two sides agree on, so that those are related.`,
  l3proto: (value) => l10n.t`Only for connections of ${value}.`,
  protocol: (value) => l10n.t`Only for connections over ${value}.`,
  policy: (value) => l10n.t`Seconds that conntrack keeps a connection in each state: ${value}.`,
  dport: (value) => l10n.t`The connection that is expected goes to port ${value}.`,
  timeout: (value) => l10n.t`The connection is expected for ${value}.`,
  size: (value) => l10n.t`At most ${value} connections are expected at a time.`,
};

/** nft(8), "Flowtables". */
const ofFlowtable: Words = {
  hook: () =>
    l10n.t('Packets of its connections leave the usual way here and meet no later rules.'),
  devices: (value) => l10n.t`The devices between which it forwards: ${value}.`,
  flags: () => l10n.t('The network card forwards its connections, where it can.'),
  counter: () => l10n.t('conntrack counts what its connections forward.'),
};

/** nft(8), "Synproxy". */
const ofSynproxy: Words = {
  mss: (value) => l10n.t`The maximum segment size that clients are told: ${value}.`,
  wscale: (value) => l10n.t`The window scale that clients are told: ${value}.`,
  timestamp: (value) => passedOn(`timestamp ${value}`.trim()),
  'sack-perm': () => passedOn('sack-perm'),
};

function passedOn(options: string): string {
  return l10n.t`TCP options of clients that are passed on: ${options}.`;
}

const byBlock: Readonly<Record<string, Words>> = {
  set: ofSet,
  map: ofSet,
  chain: ofChain,
  'ct helper': ofConntrack,
  'ct timeout': ofConntrack,
  'ct expectation': ofConntrack,
  flowtable: ofFlowtable,
  synproxy: ofSynproxy,
};

/**
 * A property of a chain, set, map or object in a sentence; undefined for one that is told by what was read
 * of it, or that is not known.
 *
 * @param block `set`, `chain`, `ct helper`
 * @param name the property's first word, `size`
 * @param value what stands behind it
 */
export function propertyInWords(block: string, name: string, value: string): string | undefined {
  if (name === 'comment') return l10n.t`Comment: ${value.replace(/^"|"$/g, '')}`;
  const words = own(byBlock, block);
  return words && own(words, name)?.(value);
}

const flags: Readonly<Record<string, string>> = {
  constant: l10n.t('nothing is added or removed while a rule uses it'),
  dynamic: l10n.t('rules add and renew elements'),
  interval: l10n.t('elements may be prefixes and ranges'),
  timeout: l10n.t('elements may have a time to live'),
  dormant: l10n.t('netfilter calls none of its chains'),
  owner: l10n.t('one program owns it, and nobody else changes it'),
  persist: l10n.t('it stays when the program that owns it ends'),
};

/** What a flag of a table, set or map means. */
export function flagInWords(flag: string): string | undefined {
  return own(flags, flag);
}

const types: Readonly<Record<string, string>> = {
  ipv4_addr: l10n.t('an IPv4 address'),
  ipv6_addr: l10n.t('an IPv6 address'),
  ether_addr: l10n.t('a MAC address'),
  inet_proto: l10n.t('a transport protocol'),
  inet_service: l10n.t('a port'),
  ifname: l10n.t('the name of a device'),
  iface_index: l10n.t('a device'),
  mark: l10n.t('a mark'),
  ct_state: l10n.t("a connection's state"),
  verdict: l10n.t('what to do with the packet'),
  counter: l10n.t('a counter of the table'),
  quota: l10n.t('a quota of the table'),
  limit: l10n.t('a limit of the table'),
  synproxy: l10n.t('a synproxy of the table'),
};

/** What values of a type of nft are: `an IPv4 address` of ipv4_addr. */
export function typeInWords(type: string): string | undefined {
  return own(types, type);
}
