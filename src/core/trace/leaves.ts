import type { Branch, Path, Step, Verdict } from './trace';

/** One whole way through the node, from the first step to its verdict. */
export interface Leaf {
  readonly steps: readonly Step[];
  /** How many of the steps come before the first fork; all of them where there was none. */
  readonly beforeFork: number;
  /**
   * The branches taken that state or an unknown decides, in order. Not those of chance: the last endpoint
   * of a thousand is behind a thousand of them.
   */
  readonly branches: readonly Branch[];
  /** For each of `branches`, how many of the steps come before it. */
  readonly branchAt: readonly number[];
  readonly verdict: Verdict;
  /** The product of the branches' probabilities; undefined where state or an unknown decides. */
  readonly probability: number | undefined;
}

/** All ways through a trace, depth first, in the order of their branches. */
export function leaves(path: Path): readonly Leaf[] {
  return [...eachLeaf(path)];
}

/** `leaves`, one after the other. */
export function* eachLeaf(path: Path): Generator<Leaf> {
  const open: (Omit<Leaf, 'verdict'> & { readonly path: Path })[] = [
    { path, steps: [], beforeFork: Infinity, branches: [], branchAt: [], probability: 1 },
  ];
  for (let at = open.pop(); at; at = open.pop()) {
    const { path, ...way } = at;
    const { end } = path;
    const steps = path.steps.length > 0 ? way.steps.concat(path.steps) : way.steps;
    const beforeFork = Math.min(way.beforeFork, steps.length);
    if (!('branches' in end)) {
      yield { ...way, steps, beforeFork, verdict: end };
      continue;
    }
    for (let i = end.branches.length - 1; i >= 0; i--) {
      const branch = end.branches[i]!;
      open.push({ ...taken(way, branch, steps.length), path: branch.then, steps, beforeFork });
    }
  }
}

function taken(
  { branches, branchAt, probability }: Pick<Leaf, 'branches' | 'branchAt' | 'probability'>,
  branch: Branch,
  at: number,
) {
  if (branch.probability === undefined) {
    return {
      branches: [...branches, branch],
      branchAt: [...branchAt, at],
      probability: undefined,
    };
  }
  const product = probability === undefined ? undefined : probability * branch.probability;
  return { branches, branchAt, probability: product };
}
