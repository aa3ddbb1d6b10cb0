import type { LinkFacts } from '../../core/links';

/**
 * The kinds of links that iproute2 names first in the line of details (ip/ip link types) and that
 * may have ports or slaves, or be one.
 */
const kinds: ReadonlySet<string> = new Set(
  'bridge bond team vrf veth vlan vxlan ipip sit gre gretap ip6gre ip6tnl dummy macvlan ipvlan tun wireguard geneve'.split(
    ' ',
  ),
);

/**
 * What an indented line of `ip -d link`, `ip -d addr` or `bridge -d link` tells:
 * `bridge_slave state forwarding priority 32 cost 2 hairpin on guard off`, `vrf table 10`,
 * `hairpin off guard off root_block off`.
 *
 * @returns undefined where it tells nothing that is asked for
 */
export function linkDetails(
  line: string,
): Pick<LinkFacts, 'kind' | 'hairpin' | 'vrfTable'> | undefined {
  const first = /^\s+([a-z]\w*)(?:\s|$)/.exec(line)?.[1];
  if (first === undefined) return undefined;
  if (first === 'bridge_slave' || first === 'hairpin') {
    const mode = /\bhairpin (on|off)\b/.exec(line)?.[1];
    return mode === undefined ? undefined : { hairpin: mode === 'on' };
  }
  if (first === 'vrf') return { kind: first, vrfTable: /^\s+vrf table (\S+)/.exec(line)?.[1] };
  return kinds.has(first) ? { kind: first } : undefined;
}
