import type { Verdict } from '../../core/trace/trace';
import type { OracleAnswer } from './format';

/**
 * What `REJECT --reject-with NAME` and the kernel's own refusals send (ipt_REJECT.c, ip6t_REJECT.c,
 * net/ipv4/route.c ip_error, net/ipv6/route.c ip6_pkt_drop), as the recordings write it.
 */
const kinds: ReadonlyMap<string, string> = new Map([
  ['icmp-net-unreachable', 'icmp 3/0'],
  ['icmp-host-unreachable', 'icmp 3/1'],
  ['icmp-proto-unreachable', 'icmp 3/2'],
  ['icmp-port-unreachable', 'icmp 3/3'],
  ['icmp-net-prohibited', 'icmp 3/9'],
  ['icmp-host-prohibited', 'icmp 3/10'],
  ['icmp-admin-prohibited', 'icmp 3/13'],
  ['icmp-time-exceeded', 'icmp 11/0'],
  ['tcp-reset', 'tcp-rst'],
  ['icmp6-no-route', 'icmpv6 1/0'],
  ['icmp6-adm-prohibited', 'icmpv6 1/1'],
  ['icmp6-beyond-scope', 'icmpv6 1/2'],
  ['icmp6-addr-unreachable', 'icmpv6 1/3'],
  ['icmp6-port-unreachable', 'icmpv6 1/4'],
  ['icmp6-policy-fail', 'icmpv6 1/5'],
  ['icmp6-reject-route', 'icmpv6 1/6'],
]);

/**
 * Why the sender gets something else than recorded. What got out is recorded: no reply may also be
 * one that the node's own rules dropped, which the trace does not follow; and what a socket of the
 * node answers to a packet that reached it no dump tells.
 */
export function replyDifference({ reply }: Verdict, answer: OracleAnswer): string | undefined {
  const theirs = answer.reject_reply ?? undefined;
  if (theirs === undefined || answer.verdict === 'ACCEPT') return undefined;
  const ours = reply === undefined ? undefined : kinds.get(reply);
  return ours === theirs ? undefined : `the sender gets ${reply}, not ${theirs}`;
}
