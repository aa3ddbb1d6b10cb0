import type { Family } from '../../address';
import { modeOf } from '../../kubeproxy/mode/judge';
import type { NodeState } from '../../node';
import type { ClusterObjects } from '../../objects/types';
import { workOnceOfTwo } from '../../once';
import type { ActualTables } from '../../rules/ruleTexts';
import type { Ruleset } from '../../rules/ruleset';
import type { Work } from '../../work';
import { compareChains, type ChainComparison } from '../compare/chains';
import { ipvsActual } from '../compare/ipvsActual';
import { expectedRules } from '../index';
import { kernelFactsOf } from '../kernel';
import { inputOfNode } from '../nodeInput';
import type { ExpectedRuleset } from '../rules';

/** One dump of a node beside what kube-proxy should have written. */
export interface ComparedRules {
  /** Of the dump, as ranges name it. */
  readonly source: string;
  readonly family: Family;
  readonly expected: ExpectedRuleset;
  readonly comparison: ChainComparison;
  /** 36 of Kubernetes 1.36. */
  readonly release: number;
  /** As `NodeInput.exact`. */
  readonly exact: boolean;
}

/**
 * Compares each dump of kube-proxy's rules on a node. None where the objects or the configuration do
 * not tell what they should be, or where kube-proxy runs in another mode than it is configured for.
 * Worked out once for a node's state; gives way often.
 */
export const compareNode = workOnceOfTwo(function* (
  node: NodeState,
  objects: ClusterObjects,
): Work<readonly ComparedRules[]> {
  const of = yield* inputOfNode(node, objects);
  if (typeof of === 'string') return [];
  const { input, exact } = of;
  const { mode } = input.settings;
  const running = modeOf(node).mode;
  if (running !== undefined && running !== mode) return [];
  const found: ComparedRules[] = [];
  for (const family of [4, 6] as const) {
    for (const dump of mode === 'nftables' ? nftOf(node, family) : rulesOf(node, family)) {
      const beside = mode === 'ipvs' ? ipvsActual(node, family) : [];
      const actual: ActualTables = new Map([...(yield* dump.texts()), ...beside]);
      const kernel = kernelFactsOf(actual, node.sysctls);
      const expected = yield* expectedRules({ ...input, node: { ...input.node, kernel } }, family);
      if (!expected) continue;
      const comparison = yield* compareChains(expected, actual);
      const { source } = dump;
      found.push({ source, family, expected, comparison, release: input.release, exact });
    }
  }
  return withoutOld(found);
});

/** Of two backends' rules one may be old: where the other's are right, it is no fault that they differ. */
function withoutOld(found: readonly ComparedRules[]): readonly ComparedRules[] {
  const isRight = ({ comparison }: ComparedRules) => comparison.differences.length === 0;
  return found.filter(
    (one) => isRight(one) || !found.some((other) => other.family === one.family && isRight(other)),
  );
}

interface RulesText {
  readonly source: string;
  readonly texts: () => Work<ActualTables>;
}

function nftOf({ nftables }: NodeState, family: Family): readonly RulesText[] {
  if (!nftables?.texts) return [];
  const { source, texts, tables } = nftables;
  const name = family === 4 ? 'ip' : 'ip6';
  const own = tables.find((table) => table.family === name && table.name === 'kube-proxy');
  return own?.complete ? [{ source, texts: () => texts(family) }] : [];
}

/** Rules that the dump has whole: a part of one accuses nobody. */
function rulesOf({ rulesets }: NodeState, family: Family): readonly RulesText[] {
  return rulesets.flatMap((ruleset) => {
    const { source, texts } = ruleset;
    const own = ruleset.family === family && isOfProxy(ruleset) && isWhole(ruleset);
    return own && texts ? [{ source, texts }] : [];
  });
}

function isOfProxy({ tables }: Ruleset): boolean {
  return (tables.get('nat')?.chains.get('KUBE-SERVICES')?.length ?? 0) > 0;
}

function isWhole({ tables, gaps = [] }: Ruleset): boolean {
  return (
    gaps.length === 0 &&
    [...tables.values()].every((table) => table.complete && (table.gaps ?? []).length === 0)
  );
}
