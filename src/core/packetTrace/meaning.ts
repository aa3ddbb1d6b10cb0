import { formatAddress, formatNetwork } from '../address';
import { once } from '../once';
import type { Interval } from '../rules/optionValue';
import type { Rule } from '../rules/ruleset';
import type { Statement } from '../rules/statement';
import type { Target } from '../rules/target';

/**
 * What statements ask and do, as a text that is the same for all spellings of it: names or numbers,
 * sets and flags in any order, with what was counted or without. What a monitor of another version
 * prints of a rule is compared by it.
 */
export function meaningOf(statements: readonly Statement[]): string {
  return JSON.stringify(statements.filter(says), spelling);
}

/** Counters and comments change nothing of a packet. */
function says({ kind }: Statement): boolean {
  return kind !== 'counter' && kind !== 'comment';
}

/** Places in texts, and what a quota has used, are not of the rule's meaning; sets have no order. */
function spelling(key: string, value: unknown): unknown {
  if (key === 'range' || key === 'nameRange' || key === 'used') return undefined;
  if (key !== 'elements' || !Array.isArray(value)) return value;
  return value.map((element) => JSON.stringify(element, spelling)).sort();
}

/** The meaning of a dump's rule, worked out once. */
export const meaningOfRule = once(({ statements }: Rule) => meaningOf(statements));

export function commentOf(statements: readonly Statement[]): string | undefined {
  const found = statements.find(({ kind }) => kind === 'comment');
  return found?.kind === 'comment' ? found.text : undefined;
}

/**
 * What a rule of iptables and its rendering by nft have in common: addresses, ports and where it leads or sends to;
 * undefined for one that leads nowhere or asks for none of them.
 */
export function factsOf(statements: readonly Statement[]): string | undefined {
  const to = statements.findLast(isEnd);
  const facts = statements.flatMap(factsOfOne).sort();
  return to && facts.length > 0 ? [...facts, endText(to)].join(', ') : undefined;
}

type End = Extract<Target, { kind: 'jump' | 'goto' | 'ACCEPT' | 'DROP' | 'RETURN' | 'DNAT' }>;

function isEnd(one: Statement): one is End {
  return ['jump', 'goto', 'ACCEPT', 'DROP', 'RETURN', 'DNAT'].includes(one.kind);
}

function endText(end: End): string {
  return end.kind === 'jump' || end.kind === 'goto' ? `${end.kind} ${end.chain}` : end.kind;
}

function factsOfOne(one: Statement): readonly string[] {
  switch (one.kind) {
    case 'source':
      return [fact('saddr', one.negated, formatNetwork(one.network))];
    case 'destination':
      return [fact('daddr', one.negated, formatNetwork(one.network))];
    case 'tcp':
    case 'udp':
    case 'sctp':
      return [...port('sport', one.sport), ...port('dport', one.dport)];
    case 'DNAT': {
      const { addresses, ports } = one;
      if (!addresses) return [];
      const ends = [addresses.from, addresses.to].map(formatAddress).join('-');
      return [`to ${ends}${ports ? ` ${ports.from}-${ports.to}` : ''}`];
    }
    case 'compare': {
      const { left, right, operator } = one;
      if (left.kind !== 'payload' || (operator !== '==' && operator !== '!=')) return [];
      const negated = operator === '!=';
      if (right.kind === 'network')
        return [fact(left.field, negated, formatNetwork(right.network))];
      if (right.kind !== 'numbers') return [];
      const { field } = left;
      return field === 'sport' || field === 'dport' ? port(field, { negated, value: right }) : [];
    }
    default:
      return [];
  }
}

function fact(field: string, negated: boolean, value: string): string {
  return `${field} ${negated ? '!= ' : ''}${value}`;
}

function port(
  field: 'sport' | 'dport',
  asked: { readonly negated: boolean; readonly value: Interval } | undefined,
): readonly string[] {
  return asked ? [fact(field, asked.negated, `${asked.value.from}-${asked.value.to}`)] : [];
}
