import { formatAddress } from '../../address';
import { protocolName } from '../../protocol';
import type { Expression } from '../../rules/expression';
import { conntrackStateBits, conntrackStatusBits, routeTypes } from '../../rules/nftNumbers';
import type { SetReference } from '../../rules/set';
import type { Pattern, Value } from '../../rules/value';
import { addressesInWords, deviceInWords, intervalInWords, list, networkInWords } from '../words';
import { own } from '../../own';

const meta: Readonly<Record<string, string>> = {
  mark: 'the packet mark',
  l4proto: 'the protocol',
  nfproto: 'the IP version',
  iifname: 'the incoming device',
  iif: 'the incoming device',
  oifname: 'the outgoing device',
  oif: 'the outgoing device',
  skuid: "the sending socket's user",
  skgid: "the sending socket's group",
  pkttype: 'the type of frame',
  length: "the packet's length",
  random: 'a random number',
  protocol: 'the network protocol',
};

const fields: Readonly<Record<string, string>> = {
  saddr: 'the source address',
  daddr: 'the destination address',
  sport: 'the source port',
  dport: 'the destination port',
  protocol: 'the protocol',
  nexthdr: 'the protocol',
};

const conntrack: Readonly<Record<string, string>> = {
  state: "the connection's state",
  status: "the connection's status",
  mark: "the connection's mark",
  direction: "the packet's direction in its connection",
  helper: "the connection's helper",
};

/** What an expression reads, as a part of a sentence: `the destination address`. */
export function expressionInWords(expression: Expression): string {
  switch (expression.kind) {
    case 'constant':
      return valueInWords(expression.value);
    case 'meta':
      return own(meta, expression.key) ?? `meta ${expression.key}`;
    case 'payload': {
      const { protocol, field } = expression;
      const known = own(fields, field);
      if (!known) return `${protocol} ${field}`;
      return /^(ip|ip6|th)$/.test(protocol)
        ? known
        : `${known.replace('the ', `the ${protocol} `)}`;
    }
    case 'ct': {
      const { key, direction } = expression;
      const of = direction ? ` of the ${direction} direction` : '';
      return `${own(conntrack, key) ?? own(fields, key) ?? `ct ${key}`}${of}`;
    }
    case 'fib': {
      const { flags, result, present } = expression;
      const by = list(flags.map((flag) => own(fields, flag)?.replace('the ', '') ?? flag));
      if (result === 'type') return `the type that the routes give the ${by}`;
      return present ? `whether there is a route for ${by}` : `the device of the route for ${by}`;
    }
    case 'numgen': {
      const { mode, modulus, offset } = expression;
      const how = mode === 'random' ? 'a random number' : 'a number counted up';
      return `${how} from ${offset} to ${offset + modulus - 1}`;
    }
    case 'jhash':
    case 'symhash':
      return `a hash${expression.of ? ` of ${expressionInWords(expression.of)}` : ' of the flow'} modulo ${expression.modulus}`;
    case 'arithmetic':
      return `${expressionInWords(expression.left)} ${expression.operator} ${expressionInWords(expression.right)}`;
    case 'concat':
      return list(expression.parts.map(expressionInWords));
    case 'map':
      return `what ${setInWords(expression.map)} has for ${expressionInWords(expression.key)}`;
    default:
      return expression.text;
  }
}

/** `the set @cluster-ips`, `the 3 elements in braces`. */
export function setInWords(set: SetReference): string {
  if (set.kind === 'named') return `@${set.name}`;
  const count = set.elements.length;
  return count === 1 ? 'the one element in braces' : `the ${count} elements in braces`;
}

export function valueInWords(value: Value): string {
  if (value.kind === 'address') return formatAddress(value.address);
  if (value.kind === 'text') return value.text;
  return value.number > 0xffff ? hex(value.number) : String(value.number);
}

/** `0x00004000`. */
export function hex(number: number): string {
  return `0x${number.toString(16).padStart(8, '0')}`;
}

/** What the other side of a comparison is, with its names: `established or related`, `tcp`. */
export function patternInWords(pattern: Pattern, of?: Expression): string {
  switch (pattern.kind) {
    case 'numbers': {
      if (pattern.from !== pattern.to) return intervalInWords(pattern);
      return (
        numberInWords(pattern.from, of) ??
        (pattern.from > 0xffff ? hex(pattern.from) : String(pattern.from))
      );
    }
    case 'network':
      return networkInWords(pattern.network);
    case 'addresses':
      return addressesInWords(pattern);
    case 'text':
      return deviceInWords({ name: pattern.text, wildcard: pattern.wildcard });
    case 'unknown':
      return pattern.text;
  }
}

function numberInWords(number: number, of: Expression | undefined): string | undefined {
  if (of?.kind === 'meta' && of.key === 'l4proto') return protocolName(number);
  if (of?.kind === 'payload' && /^(protocol|nexthdr)$/.test(of.field)) return protocolName(number);
  if (of?.kind === 'meta' && of.key === 'nfproto') return number === 2 ? 'IPv4' : 'IPv6';
  if (of?.kind === 'meta' && of.key === 'mark') return hex(number);
  if (of?.kind === 'ct' && of.key === 'state') return bitNames(number, conntrackStateBits);
  if (of?.kind === 'ct' && of.key === 'status') return bitNames(number, conntrackStatusBits);
  if (of?.kind === 'fib' && of.result === 'type') {
    return Object.entries(routeTypes).find(([, type]) => type === number)?.[0];
  }
  return of?.kind === 'arithmetic' ? hex(number) : undefined;
}

function bitNames(bits: number, names: Readonly<Record<string, number>>): string {
  const found = Object.entries(names).flatMap(([name, bit]) => (bits & bit ? [name] : []));
  return list(found, 'or');
}
