import * as l10n from '@vscode/l10n';
import { describeScheduler } from '../describe/ipvs';
import { hex } from '../hex';
import { list } from '../list';
import type { Comparison, Verdict } from './compare/comparison';
import { configKey } from './keys';
import { releases } from './keys/key';
import { scalarOf } from './value';
import type { YamlNode } from '../yamlNode';
import { append } from '../append';

/** What the value that is written for a key means; undefined where the key's meaning says it all. */
export function valueInWords(root: YamlNode, path: string): string | undefined {
  const value = scalarOf(root, path);
  if (path.endsWith('.masqueradeBit') && typeof value === 'number' && value >= 0 && value < 32) {
    return l10n.t`Bit ${value} is the mark ${hex(1 << value)}.`;
  }
  if (path === 'ipvs.scheduler' && typeof value === 'string') return describeScheduler(value);
  const choice = configKey(path)?.values?.find((each) => each.value === value);
  if (!choice) return undefined;
  const when = releases(choice);
  return when === undefined
    ? l10n.t`${choice.value}: ${choice.meaning}`
    : l10n.t`${choice.value} (${when}): ${choice.meaning}`;
}

/** What several nodes show alike. */
export interface SharedComparison {
  readonly verdict: Verdict;
  readonly text: string;
  /** `node-a and node-b`. */
  readonly nodes: string;
  /** Of the first of them. */
  readonly evidence: Comparison['evidence'];
}

const order: readonly Verdict[] = ['differs', 'applied', 'unknown', 'unused'];

/** Puts together what nodes show alike; what differs from the configuration comes first. */
export function shareComparisons(comparisons: readonly Comparison[]): readonly SharedComparison[] {
  const groups = new Map<string, Comparison[]>();
  for (const comparison of comparisons) {
    const key = `${comparison.verdict} ${comparison.text}`;
    append(groups, key, comparison);
  }
  return [...groups.values()]
    .map((group) => {
      const { verdict, text, evidence } = group[0]!;
      return { verdict, text, evidence, nodes: list(group.map(({ node }) => node)) };
    })
    .sort((left, right) => order.indexOf(left.verdict) - order.indexOf(right.verdict));
}
