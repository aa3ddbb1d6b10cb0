import type { Match } from '../rules/match';
import type { Chain, Rule, Ruleset } from '../rules/ruleset';
import type { Target } from '../rules/target';
import type { SourceRange } from '../source';
import { markEffect } from './arithmetic';

/** What a rule does with bits of a mark. */
export type MarkAction = 'sets' | 'clears' | 'flips' | 'tests' | 'saves' | 'restores';

/** One rule that has to do with a mark. */
export interface MarkUse {
  readonly action: MarkAction;
  /** Of the packet (nfmark) or of the connection (ctmark). */
  readonly on: 'packet' | 'connection';
  /** The bits that the action concerns. */
  readonly bits: number;
  readonly table: string;
  readonly chain: string;
  /** From 1. */
  readonly rule: number;
  readonly range: SourceRange;
}

/** Names one rule of a ruleset; `index` from 0. */
export interface RuleAddress {
  readonly chain: Chain;
  readonly index: number;
}

/**
 * Every rule that sets, clears or tests bits of a mark, in the order of the dump. Decoding all
 * rules of a large dump takes long: a caller that can tell from the text which lines speak of
 * marks gives their addresses.
 */
export function markLedger(
  ruleset: Ruleset,
  candidates: Iterable<RuleAddress> = allRules(ruleset),
): MarkUse[] {
  const uses: MarkUse[] = [];
  for (const { chain, index } of candidates) {
    const rule = chain.rule(index);
    for (const use of usesIn(rule)) {
      uses.push({
        ...use,
        table: chain.table,
        chain: chain.name,
        rule: rule.number,
        range: rule.range,
      });
    }
  }
  return uses;
}

/** Those that concern any of `bits`. */
export function usesOfBits(ledger: readonly MarkUse[], bits: number): MarkUse[] {
  return ledger.filter((use) => (use.bits & bits) !== 0);
}

/** Lines that may have to do with marks: `-j MARK`, `--mark`, `CONNMARK`, `MARK or 0x4000`, TPROXY. */
export const markLine = /\b(?:CONN)?MARK\b(?!-)|\bTPROXY\b|\b(?:conn)?mark\b/;

function* allRules({ tables }: Ruleset): Generator<RuleAddress> {
  for (const { chains } of tables.values()) {
    for (const chain of chains.values()) {
      for (let index = 0; index < chain.length; index++) yield { chain, index };
    }
  }
}

type Use = Pick<MarkUse, 'action' | 'on' | 'bits'>;

function usesIn({ matches, target }: Rule): Use[] {
  return [...matches.flatMap(testedBy), ...(target ? changedBy(target) : [])];
}

function testedBy(match: Match): Use[] {
  if (match.kind !== 'mark' && match.kind !== 'connmark') return [];
  const on = match.kind === 'mark' ? 'packet' : 'connection';
  return [{ action: 'tests', on, bits: match.mask >>> 0 }];
}

function changedBy(target: Target): Use[] {
  switch (target.kind) {
    case 'MARK':
    case 'TPROXY':
      return changes(target, 'packet');
    case 'CONNMARK': {
      const { operation } = target;
      if ('set' in operation) return changes(operation.set, 'connection');
      if ('save' in operation) {
        return [{ action: 'saves', on: 'connection', bits: operation.save.ctmask >>> 0 }];
      }
      return [{ action: 'restores', on: 'packet', bits: operation.restore.nfmask >>> 0 }];
    }
    default:
      return [];
  }
}

function changes(operation: { clear: number; xor: number }, on: Use['on']): Use[] {
  const { sets, clears, flips } = markEffect(operation);
  const uses: Use[] = [
    { action: 'sets', on, bits: sets },
    { action: 'clears', on, bits: clears },
    { action: 'flips', on, bits: flips },
  ];
  return uses.filter(({ bits }) => bits !== 0);
}
