import { contains, parseNetwork, sameAddress } from '../../address';
import type { Address } from '../../address';
import type { InterfaceAddress, NodeState } from '../../node';
import { addressKind6, scopeRank } from './addressKind6';
import { isSameDomain } from './vrf';

interface Candidate {
  readonly own: InterfaceAddress;
  readonly device: string;
}

/**
 * The source that the kernel takes for a destination (ipv6_dev_get_saddr, net/ipv6/addrconf.c; RFC
 * 6724), which MASQUERADE of IPv6 asks too: by the destination, not by the next hop.
 *
 * @param device the one it goes out by; undefined for any
 * @returns undefined when there is none; 'unknown' when no dump tells the addresses
 */
export function sourceAddress6(
  node: NodeState,
  device: string | undefined,
  destination: Address,
): Address | undefined | 'unknown' {
  const { interfaces, sysctls } = node;
  if (!interfaces) return 'unknown';
  const { multicast, scope } = addressKind6(destination);
  // Link-local and multicast destinations, or by its sysctl: only addresses of the outgoing device.
  const ownOnly = Number(sysctls?.get(`net.ipv6.conf.${device}.use_oif_addrs_only`) ?? 0) !== 0;
  const narrow = multicast || scopeRank(scope) <= scopeRank('link');
  const bound = device !== undefined && (narrow || ownOnly);
  let best: Candidate | undefined;
  for (const { name, addresses } of interfaces) {
    if (bound && name !== device) continue;
    if (!isSameDomain(node, name, device)) continue;
    for (const own of addresses) {
      if (own.address.family !== 6 || own.tentative || !isUsable(own.address)) continue;
      const candidate = { own, device: name };
      if (!best || compare(candidate, best, destination, device) > 0) best = candidate;
    }
  }
  return best?.own.address;
}

function isUsable(address: Address): boolean {
  return !addressKind6(address).multicast && address.words.some((word) => word !== 0);
}

type Score = (candidate: Candidate, destination: Address, device: string | undefined) => number;

/** ipv6_get_saddr_eval: the first rule that tells two addresses apart decides, the larger wins. */
const rules: readonly Score[] = [
  ({ own }, destination) => Number(sameAddress(own.address, destination)),
  ({ own }, destination) => scopeScore(own.address, destination),
  ({ own }) => Number(own.deprecated !== true),
  (candidate, _, device) => Number(device === undefined || candidate.device === device),
  ({ own }, destination) => Number(label(own.address) === label(destination)),
  ({ own }) => Number(own.temporary !== true),
  ({ own }, destination) => Number(isOrchid(own.address) === isOrchid(destination)),
  ({ own }, destination) => Math.min(common(own.address, destination), own.prefixLength),
];

function compare(
  left: Candidate,
  right: Candidate,
  destination: Address,
  device: string | undefined,
): number {
  for (const rule of rules) {
    const difference = rule(left, destination, device) - rule(right, destination, device);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The narrowest scope that is no narrower than the destination's; else the widest. */
function scopeScore(own: Address, destination: Address): number {
  const rank = scopeRank(addressKind6(own).scope);
  const asked = scopeRank(addressKind6(destination).scope);
  return rank >= asked ? -rank : rank - 128;
}

/** The policy table of the kernel (net/ipv6/addrlabel.c), the longest prefix first. */
const labels = [
  ['::1/128', 0],
  ['::ffff:0:0/96', 4],
  ['::/96', 3],
  ['2001::/32', 6],
  ['2001:10::/28', 7],
  ['3ffe::/16', 12],
  ['2002::/16', 2],
  ['fec0::/10', 11],
  ['fc00::/7', 5],
].map(([text, number]) => ({ network: parseNetwork(String(text))!, number: Number(number) }));

function label(address: Address): number {
  return labels.find(({ network }) => contains(network, address))?.number ?? 1;
}

const orchid = parseNetwork('2001:10::/28')!;

function isOrchid(address: Address): boolean {
  return contains(orchid, address);
}

/** ipv6_addr_diff: how many leading bits are the same. */
function common(left: Address, right: Address): number {
  for (let i = 0; i < left.words.length; i++) {
    const different = (left.words[i]! ^ right.words[i]!) >>> 0;
    if (different !== 0) return 32 * i + Math.clz32(different);
  }
  return 32 * left.words.length;
}
