import { parseAddress, parseNetwork } from '../../../core/address';
import type { Pattern, Value } from '../../../core/rules/value';
import { secondsOf } from '../text/duration';
import { numberOf } from '../text/reader';
import { namedNumber, textTypes } from './names';

/**
 * What a word of a rule or element may be for a value of the type: `10.0.0.0/8`, `22-23`, `tcp`,
 * `"cali*"`. Without a type, what it looks like.
 */
export function patternOf(word: string, type: string | undefined): Pattern {
  if (type !== undefined && textTypes.has(type)) return textPattern(word, type);
  const number = numberFrom(word, type);
  if (number !== undefined) return { kind: 'numbers', from: number, to: number };
  const network = parseNetwork(word);
  if (network) return { kind: 'network', network };
  return interval(word, type) ?? prefix(word, type) ?? { kind: 'unknown', text: word };
}

function textPattern(word: string, type: string): Pattern {
  // No interface: the index 0 of `oif 0`.
  if (type === 'iface_index' && numberOf(word) === 0) return { kind: 'numbers', from: 0, to: 0 };
  const text = type === 'ether_addr' ? word.toLowerCase() : word;
  const wildcard = type === 'ifname' && text.endsWith('*') && !text.endsWith('\\*');
  return { kind: 'text', text: wildcard ? text.slice(0, -1) : text, wildcard };
}

/** `22-23`, `10.0.0.1-10.0.0.9`; names may hold a hyphen as well, so each place of one is tried. */
function interval(word: string, type: string | undefined): Pattern | undefined {
  let hyphen = word.indexOf('-', 1);
  for (let tried = 0; hyphen > 0 && tried < mostHyphens; tried++) {
    const [first, last] = [word.slice(0, hyphen), word.slice(hyphen + 1)];
    const [from, to] = [parseAddress(first), parseAddress(last)];
    if (from && to) return { kind: 'addresses', from, to };
    const [low, high] = [numberFrom(first, type), numberFrom(last, type)];
    if (low !== undefined && high !== undefined) return { kind: 'numbers', from: low, to: high };
    hyphen = word.indexOf('-', hyphen + 1);
  }
  return undefined;
}

/** In an interval of two names: `mld-listener-query-mld-listener-report`. */
const mostHyphens = 8;

/** `0x00000080/25`: nft prints an interval of marks so where it is all that begins with those bits. */
function prefix(word: string, type: string | undefined): Pattern | undefined {
  const [, first = '', length] = /^(\w+)\/(\d{1,2})$/.exec(word) ?? [];
  const from = numberFrom(first, type);
  const rest = bitsOf(type) - Number(length);
  if (from === undefined || !(rest >= 0)) return undefined;
  return { kind: 'numbers', from, to: from + 2 ** rest - 1 };
}

function bitsOf(type: string | undefined): number {
  return type === 'inet_service' ? 16 : type === 'inet_proto' ? 8 : 32;
}

function numberFrom(word: string, type: string | undefined): number | undefined {
  return numberOf(word) ?? (type === 'duration' ? secondsOf(word) : namedNumber(type, word));
}

/** One value; undefined for what is none of the type, an interval too. */
export function valueOf(word: string, type: string | undefined): Value | undefined {
  return singleValue(patternOf(word, type));
}

/** The one value that a pattern stands for. */
export function singleValue(pattern: Pattern): Value | undefined {
  switch (pattern.kind) {
    case 'numbers':
      return pattern.from === pattern.to ? { kind: 'number', number: pattern.from } : undefined;
    case 'network': {
      const { address, mask } = pattern.network;
      return mask.every((part) => part === 0xffffffff) ? { kind: 'address', address } : undefined;
    }
    case 'text':
      return pattern.wildcard ? undefined : { kind: 'text', text: pattern.text };
    default:
      return undefined;
  }
}
