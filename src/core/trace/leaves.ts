import type { Branch, Path, Step, Verdict } from './trace';

/** One whole way through the node, from the first step to its verdict. */
export interface Leaf {
  readonly steps: readonly Step[];
  /** The branches taken, in order; none where nothing was left open. */
  readonly branches: readonly Branch[];
  /** For each of `branches`, how many of the steps come before it. */
  readonly branchAt: readonly number[];
  readonly verdict: Verdict;
  /** The product of the branches' probabilities; undefined where state or an unknown decides. */
  readonly probability: number | undefined;
}

/** All ways through a trace, depth first, in the order of their branches. */
export function leaves(path: Path): readonly Leaf[] {
  const found: Leaf[] = [];
  const open: (Pick<Leaf, 'steps' | 'branches' | 'branchAt'> & { path: Path })[] = [
    { path, steps: [], branches: [], branchAt: [] },
  ];
  for (let at = open.pop(); at; at = open.pop()) {
    const { end } = at.path;
    const steps = at.steps.concat(at.path.steps);
    if ('branches' in end) {
      for (let i = end.branches.length - 1; i >= 0; i--) {
        const branch = end.branches[i]!;
        const branches = [...at.branches, branch];
        open.push({ path: branch.then, steps, branches, branchAt: [...at.branchAt, steps.length] });
      }
    } else {
      const { branches, branchAt } = at;
      found.push({ steps, branches, branchAt, verdict: end, probability: product(branches) });
    }
  }
  return found;
}

function product(branches: readonly Branch[]): number | undefined {
  let probability = 1;
  for (const branch of branches) {
    if (branch.probability === undefined) return undefined;
    probability *= branch.probability;
  }
  return probability;
}
