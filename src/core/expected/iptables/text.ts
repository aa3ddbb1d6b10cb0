import type { Family } from '../../address';
import type { LocalTraffic } from '../localTraffic';

/*
 * Parts of rules as iptables-save prints them: `-s`, `-d`, `-i`, `-p`, then the matches in the order
 * in which they were written, each with a blank behind it.
 */

export function comment(text: string): string {
  return `-m comment --comment "${text}" `;
}

/** `10.96.0.1/32`; a rule for any address has no such part. */
export function host(address: string): string {
  return `${address}/${address.includes(':') ? 128 : 32}`;
}

/** `-p tcp -m comment ... -m tcp --dport 80 `. */
export function toPort(protocol: string, note: string, port: number, between = ''): string {
  return `-p ${protocol} ${note}${between}-m ${protocol} --dport ${port} `;
}

/** Traffic of pods, or what is not: `-s 10.244.0.0/16 `, `! -i cni0 `; `-d` stands between the two. */
export function local(traffic: LocalTraffic, is: boolean, destination = ''): string {
  const not = is ? '' : '! ';
  switch (traffic.kind) {
    case 'network':
      return `${not}-s ${traffic.network} ${destination}`;
    case 'device':
      return `${destination}${not}-i ${traffic.name}${traffic.prefix ? '+' : ''} `;
    case 'none':
      return destination;
  }
}

/**
 * `-m statistic --mode random --probability 0.33333333349 `: what takes one of several endpoints, and
 * nothing for the last. kube-proxy writes 1/n with some decimals (five until 1.16), the kernel keeps
 * it in 31 bits.
 */
export function chance(count: number, decimals: number): string {
  if (count === 1) return '';
  const key = count * 100 + decimals;
  const known = chances.get(key);
  if (known !== undefined) return known;
  const written = Number((1 / count).toFixed(decimals));
  const kept = (Math.round(written * 2 ** 31) / 2 ** 31).toFixed(11);
  const text = `-m statistic --mode random --probability ${kept} `;
  chances.set(key, text);
  return text;
}

const chances = new Map<number, string>();

/** `0x4000`. */
export function mark(bit: number): string {
  return `0x${(2 ** bit).toString(16)}`;
}

export function reject(family: Family): string {
  return `-j REJECT --reject-with ${family === 4 ? 'icmp' : 'icmp6'}-port-unreachable`;
}
