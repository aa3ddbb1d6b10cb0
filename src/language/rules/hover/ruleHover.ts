import * as l10n from '@vscode/l10n';
import { isBuiltIn } from '../../../core/kubeproxy/chainKind';
import { describeMatch } from '../../../core/describe/matches';
import {
  describeMatchName,
  describeOption,
  describeTargetName,
  type Description,
} from '../../../core/describe/options';
import { describeRule } from '../../../core/describe/rule';
import { describeTarget } from '../../../core/describe/targets';
import { describeValue } from '../../../core/describe/values';
import { countersText } from '../../../core/flow/counters/countText';
import { list } from '../../../core/list';
import { markRoles } from '../../../core/marks/roles';
import type { Rule } from '../../../core/rules/ruleset';
import type { Table } from '../../../core/rules/ruleset';
import type { DumpContext, RulePlace } from '../context';
import { shortChainName } from './chainHover';
import { matchAt } from './matchAt';
import { code, quiet, strong, type Block } from '../../../workspace/hover/content';

/** The whole rule: its place, one sentence, its counters, and what could not be read. */
export function ruleBlocks(
  { chain, index }: RulePlace,
  table: Table,
  context: DumpContext,
): Block[] {
  const rule = chain.rule(index);
  const nameOfChain = (name: string) => shortChainName(name, table, context);
  const blocks: Block[] = [
    [
      strong(l10n.t`Rule ${rule.number} of ${chain.length}`),
      l10n.t` in `,
      code(chain.name),
      table.name && `, ${table.name}`,
    ],
    [
      describeRule(rule, {
        nameOfChain,
        builtIn: isBuiltIn(chain.name),
        table: table.name,
        masquerade: markRoles([context.ruleset]).find(({ role }) => role === 'masquerade')?.bits,
      }),
    ],
  ];
  if (rule.counters) {
    blocks.push([l10n.t`Counted ${countersText(rule.counters)}.`]);
  }
  if (rule.findings.length > 0) {
    blocks.push({ items: rule.findings.map(({ message }) => [message]) });
  }
  return blocks;
}

/** An option or one of its values: what it asks, what the value means, and the match as a whole. */
export function optionBlocks(
  option: string,
  extension: string | undefined,
  value: string | undefined,
  rule: Rule | undefined,
  column: number,
): Block[] {
  const description = describeOption(option, extension);
  const blocks: Block[] = description ? [described(option, description)] : [];
  const meanings = value === undefined ? [] : describeValue(option, value);
  if (meanings.length > 0) blocks.push({ items: meanings.map((meaning) => [meaning]) });
  blocks.push(...atHand(rule, column));
  return blocks;
}

/** `-m conntrack`: what the match is, and what it asks here. */
export function matchNameBlocks(name: string, rule: Rule | undefined, column: number): Block[] {
  const description = describeMatchName(name);
  const heading = description
    ? described(`-m ${name}`, description)
    : [code(`-m ${name}`), ' ', quiet(l10n.t('a match that is not known here'))];
  return [heading, ...atHand(rule, column)];
}

/** `-j DNAT`: what the target is, and what it does here. */
export function targetNameBlocks(name: string, rule: Rule | undefined): Block[] {
  const description = describeTargetName(name);
  const heading = description
    ? described(name, description)
    : [code(name), ' ', quiet(l10n.t('a target that is not known here'))];
  return rule?.target
    ? [heading, [l10n.t`Here the packet ${describeTarget(rule.target)}.`]]
    : [heading];
}

function described(name: string, { sentence, source }: Description): Block {
  return [code(name), ' ', sentence, ' ', quiet(source)];
}

/** What the match or target under the column says, as a sentence. */
function atHand(rule: Rule | undefined, column: number): Block[] {
  if (!rule) return [];
  const match = matchAt(rule, column);
  if (match) {
    const clauses = describeMatch(match);
    return clauses.length === 0 ? [] : [[l10n.t`Here: the packet ${list(clauses)}.`]];
  }
  const { target } = rule;
  if (!target || column < target.range.start || column > target.range.end) return [];
  return [[l10n.t`Here: the packet ${describeTarget(target)}.`]];
}
