import * as l10n from '@vscode/l10n';
import { markFormula, markStepsInWords, markTestInWords } from '../../../core/marks/arithmetic';
import { binary, bitNames } from '../../../core/marks/bits';
import { hex } from '../../../core/hex';
import { usesOfBits, type MarkAction, type MarkUse } from '../../../core/marks/ledger';
import { describeMarkUser, usersOfMark } from '../../../core/marks/registry';
import { describeMarkRole, markRoles } from '../../../core/marks/roles';
import type { Rule } from '../../../core/rules/ruleset';
import type { DumpContext } from '../context';
import { matchAt } from './matchAt';
import {
  code,
  lineLink,
  quiet,
  shortList,
  strong,
  type Block,
  type Span,
} from '../../../workspace/hover/content';

/** Options whose value is a mark, so that a decimal number there is one too. */
const markOptions =
  /^--(?:mark|set-x?mark|(?:and|or|xor)-mark|tproxy-mark|nfmask|ctmask|mask|(?:save|restore)-mark)$/;

/** A mark in a text: its value, its mask where one stands, and its columns. */
export interface FoundMark {
  readonly value: number;
  readonly mask: number | undefined;
  readonly start: number;
  readonly end: number;
}

const markText = /\b(0x[0-9a-f]{1,8}|\d{1,10})(?:\/(0x[0-9a-f]{1,8}|\d{1,10}))?(?![\w.:])/gi;

/** The mark under a column: hexadecimal anywhere, decimal where an option says that it is one. */
export function markIn(
  text: string,
  column: number,
  option: string | undefined,
): FoundMark | undefined {
  const decimal = option !== undefined && markOptions.test(option);
  for (const { 0: whole, 1: first, 2: second, index: start } of text.matchAll(markText)) {
    const end = start + whole.length;
    if (column < start || column > end) continue;
    if (!decimal && !/^0x/i.test(whole)) return undefined;
    const [value, mask] = [Number(first), second === undefined ? undefined : Number(second)];
    if (value > 0xffffffff || (mask ?? 0) > 0xffffffff) return undefined;
    return { value, mask, start, end };
  }
  return undefined;
}

/**
 * All there is to a mark: its bits, what the rule does with it, what it means to kube-proxy, who
 * else claims the bits, and who in this dump sets, tests and clears them.
 */
export function markBlocks(
  { value, mask }: FoundMark,
  rule: Rule | undefined,
  column: number,
  context: DumpContext,
): Block[] {
  const touched = ((mask ?? 0) | value) >>> 0;
  const blocks: Block[] = [
    [strong(l10n.t('Mark')), ' ', code(hex(value)), ` = ${bitNames(value)}`],
  ];
  blocks.push({
    items: [
      [code(binary(value)), l10n.t` value`],
      ...(mask === undefined ? [] : [[code(binary(mask)), l10n.t` mask ${hex(mask)}`]]),
    ],
  });
  const operation = rule && operationAt(rule, column);
  if (operation) blocks.push(...operation);

  for (const role of markRoles([context.ruleset])) {
    if ((role.bits & touched) === 0) continue;
    const evidence = role.evidence ? [' ', lineLink(role.evidence)] : [];
    blocks.push([describeMarkRole(role), ...evidence]);
  }
  const users = usersOfMark(value, touched);
  if (users.length > 0) {
    blocks.push([l10n.t('Also claimed, by default, by:')]);
    blocks.push(shortList(users, (user) => [describeMarkUser(user)]));
  }
  blocks.push(...ledgerBlocks(usesOfBits(context.markUses(), touched), touched));
  return blocks;
}

/** What the match or target at the cursor does with the mark. */
function operationAt(rule: Rule, column: number): Block[] | undefined {
  const match = matchAt(rule, column);
  if (match?.kind === 'mark' || match?.kind === 'connmark') {
    const name = match.kind === 'mark' ? 'mark' : 'ctmark';
    const compared = `(${name} & ${hex(match.mask)}) ${match.negated ? '!=' : '=='} ${hex(match.value)}`;
    return [[code(compared)], [l10n.t`Asks whether ${markTestInWords(match)}.`]];
  }
  const { target } = rule;
  if (!target || column < target.range.start || column > target.range.end) return undefined;
  switch (target.kind) {
    case 'MARK':
    case 'TPROXY':
      return [[code(markFormula(target))], [markStepsInWords(target)]];
    case 'CONNMARK': {
      const { operation } = target;
      if ('set' in operation) {
        return [[code(markFormula(operation.set, 'ctmark'))], [markStepsInWords(operation.set)]];
      }
      if ('save' in operation) {
        const { nfmask, ctmask } = operation.save;
        const copied = `(mark & ${hex(nfmask)})`;
        return [[code(l10n.t`ctmark = (ctmark & ~${hex(ctmask)}) ^ ${copied}`)]];
      }
      const { nfmask, ctmask } = operation.restore;
      const copied = `(ctmark & ${hex(ctmask)})`;
      return [[code(l10n.t`mark = (mark & ~${hex(nfmask)}) ^ ${copied}`)]];
    }
    default:
      return undefined;
  }
}

function ledgerBlocks(uses: readonly MarkUse[], touched: number): Block[] {
  if (uses.length === 0)
    return [[quiet(l10n.t`No rule of this dump sets or tests ${bitNames(touched)}.`)]];
  const sorted = [...uses].sort((a, b) => order.indexOf(a.action) - order.indexOf(b.action));
  return [[l10n.t('In this dump:')], shortList(sorted, (use) => useSpans(use, touched), 12)];
}

/** Who changes the mark, before the many who only ask for it. */
const order: readonly MarkAction[] = ['sets', 'flips', 'clears', 'saves', 'restores', 'tests'];

function useSpans(
  { action, on, bits, table, chain, rule, range }: MarkUse,
  touched: number,
): Span[] {
  const whose = on === 'connection' ? l10n.t(' of the connection') : '';
  const common = (bits & touched) >>> 0;
  return [lineLink(range, `${table} ${chain} ${rule}`), ` ${action} ${bitNames(common)}${whose}`];
}
