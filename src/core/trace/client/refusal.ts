import { own } from '../../own';
import { protocolNumbers } from '../../packet';

const { icmp, icmp6 } = protocolNumbers;

/** An ICMP error, by its numbers. */
export interface IcmpError {
  readonly protocol: number;
  readonly type: number;
  readonly code: number;
}

const ofIcmp: Readonly<Record<string, readonly [number, number]>> = {
  'icmp-net-unreachable': [3, 0],
  'icmp-host-unreachable': [3, 1],
  'icmp-proto-unreachable': [3, 2],
  'icmp-port-unreachable': [3, 3],
  'icmp-net-prohibited': [3, 9],
  'icmp-host-prohibited': [3, 10],
  'icmp-admin-prohibited': [3, 13],
  'icmp-time-exceeded': [11, 0],
};

const ofIcmp6: Readonly<Record<string, readonly [number, number]>> = {
  'icmp6-no-route': [1, 0],
  'icmp6-adm-prohibited': [1, 1],
  'icmp6-beyond-scope': [1, 2],
  'icmp6-addr-unreachable': [1, 3],
  'icmp6-port-unreachable': [1, 4],
  'icmp6-policy-fail': [1, 5],
  'icmp6-reject-route': [1, 6],
  'icmp6-time-exceeded': [3, 0],
};

/**
 * What `REJECT --reject-with NAME` and the kernel's own refusals send (ipt_REJECT.c, ip6t_REJECT.c,
 * ip_error in net/ipv4/route.c, ip6_pkt_drop in net/ipv6/route.c).
 *
 * @returns undefined for `tcp-reset` and for a name that is none
 */
export function icmpErrorOf(reply: string): IcmpError | undefined {
  const four = own(ofIcmp, reply);
  const numbers = four ?? own(ofIcmp6, reply);
  return numbers && { protocol: four ? icmp : icmp6, type: numbers[0], code: numbers[1] };
}

/** The names of the refusals of IPVS and of forwarding (ip_forward, ip6_forward), by family. */
export const ownRefusals = {
  port: { 4: 'icmp-port-unreachable', 6: 'icmp6-port-unreachable' },
  host: { 4: 'icmp-host-unreachable', 6: 'icmp6-addr-unreachable' },
  ttl: { 4: 'icmp-time-exceeded', 6: 'icmp6-time-exceeded' },
} as const;

/** What a client's connect or send makes of an error that reaches it (icmp_err_convert, tcp_v4_err). */
export function isRefusal(reply: string): boolean {
  return ['tcp-reset', 'icmp-port-unreachable', 'icmp6-port-unreachable'].includes(reply);
}
