import type { Branch, Path, Step, Verdict } from '../trace/trace';

/** One whole way of a packet, from the first step to its verdict. */
export interface Way {
  readonly steps: readonly Step[];
  /** The branches taken, each with the number of steps before it. */
  readonly forks: readonly { readonly at: number; readonly branch: Branch }[];
  readonly verdict: Verdict;
  /** The product of the branches' probabilities; undefined where state or an unknown decides. */
  readonly probability: number | undefined;
}

/** All ways through a trace, in the order of their branches. */
export function waysOf(path: Path): Way[] {
  const ways: Way[] = [];
  const open: Omit<Way, 'verdict'>[] = [];
  const paths: Path[] = [path];
  open.push({ steps: [], forks: [], probability: 1 });
  for (let at = open.pop(); at; at = open.pop()) {
    const { steps: more, end } = paths.pop()!;
    const steps = at.steps.concat(more);
    if (!('branches' in end)) {
      ways.push({ ...at, steps, verdict: end });
      continue;
    }
    for (const branch of end.branches.toReversed()) {
      const { probability } = branch;
      open.push({
        steps,
        forks: [...at.forks, { at: steps.length, branch }],
        probability:
          at.probability === undefined || probability === undefined
            ? undefined
            : at.probability * probability,
      });
      paths.push(branch.then);
    }
  }
  return ways;
}
