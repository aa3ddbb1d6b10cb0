import * as l10n from '@vscode/l10n';
import { formatAddress } from '../../address';
import { protocolName } from '../../protocol';
import type { Expression } from '../../rules/expression';
import { conntrackStateBits, conntrackStatusBits, routeTypes } from '../../rules/nftNumbers';
import type { SetReference } from '../../rules/set';
import type { Pattern, Value } from '../../rules/value';
import { addressesInWords, deviceInWords, intervalInWords, networkInWords } from '../words';
import { list } from '../../list';
import { own } from '../../own';

const meta: Readonly<Record<string, string>> = {
  mark: l10n.t('the packet mark'),
  l4proto: l10n.t('the protocol'),
  nfproto: l10n.t('the IP version'),
  iifname: l10n.t('the incoming device'),
  iif: l10n.t('the incoming device'),
  oifname: l10n.t('the outgoing device'),
  oif: l10n.t('the outgoing device'),
  skuid: l10n.t("the sending socket's user"),
  skgid: l10n.t("the sending socket's group"),
  pkttype: l10n.t('the type of frame'),
  length: l10n.t("the packet's length"),
  random: l10n.t('a random number'),
  protocol: l10n.t('the network protocol'),
};

const fields: Readonly<Record<string, string>> = {
  saddr: l10n.t('the source address'),
  daddr: l10n.t('the destination address'),
  sport: l10n.t('the source port'),
  dport: l10n.t('the destination port'),
  protocol: l10n.t('the protocol'),
  nexthdr: l10n.t('the protocol'),
};

/** The fields of one protocol's header: `the tcp destination port`. */
const fieldsOf: Readonly<Record<string, (protocol: string) => string>> = {
  saddr: (protocol) => l10n.t`the ${protocol} source address`,
  daddr: (protocol) => l10n.t`the ${protocol} destination address`,
  sport: (protocol) => l10n.t`the ${protocol} source port`,
  dport: (protocol) => l10n.t`the ${protocol} destination port`,
  protocol: (protocol) => l10n.t`the ${protocol} protocol`,
  nexthdr: (protocol) => l10n.t`the ${protocol} protocol`,
};

/** What `fib` looks up by. */
const fibFlags: Readonly<Record<string, string>> = {
  saddr: l10n.t('source address'),
  daddr: l10n.t('destination address'),
};

const conntrack: Readonly<Record<string, string>> = {
  state: l10n.t("the connection's state"),
  status: l10n.t("the connection's status"),
  mark: l10n.t("the connection's mark"),
  direction: l10n.t("the packet's direction in its connection"),
  helper: l10n.t("the connection's helper"),
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
      const known = /^(ip|ip6|th)$/.test(protocol)
        ? own(fields, field)
        : own(fieldsOf, field)?.(protocol);
      return known ?? `${protocol} ${field}`;
    }
    case 'ct': {
      const { key, direction } = expression;
      const of = direction ? l10n.t` of the ${direction} direction` : '';
      return `${own(conntrack, key) ?? own(fields, key) ?? `ct ${key}`}${of}`;
    }
    case 'fib': {
      const { flags, result, present } = expression;
      const by = list(flags.map((flag) => own(fibFlags, flag) ?? flag));
      if (result === 'type') return l10n.t`the type that the routes give the ${by}`;
      return present
        ? l10n.t`whether there is a route for ${by}`
        : l10n.t`the device of the route for ${by}`;
    }
    case 'numgen': {
      const { mode, modulus, offset } = expression;
      const how = mode === 'random' ? l10n.t('a random number') : l10n.t('a number counted up');
      return l10n.t`${how} from ${offset} to ${offset + modulus - 1}`;
    }
    case 'jhash':
    case 'symhash':
      return l10n.t`a hash${expression.of ? l10n.t` of ${expressionInWords(expression.of)}` : l10n.t(' of the flow')} modulo ${expression.modulus}`;
    case 'arithmetic':
      return `${expressionInWords(expression.left)} ${expression.operator} ${expressionInWords(expression.right)}`;
    case 'concat':
      return list(expression.parts.map(expressionInWords));
    case 'map':
      return l10n.t`what ${setInWords(expression.map)} has for ${expressionInWords(expression.key)}`;
    default:
      return expression.text;
  }
}

/** `the set @cluster-ips`, `the 3 elements in braces`. */
export function setInWords(set: SetReference): string {
  if (set.kind === 'named') return `@${set.name}`;
  const count = set.elements.length;
  return count === 1
    ? l10n.t('the one element in braces')
    : l10n.t`the ${count} elements in braces`;
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
