import type { NodeState } from '../../node';
import type { Ruleset } from '../../rules/ruleset';
import type { Work } from '../../work';
import { modeOf } from '../mode/judge';
import { recognizeRelease } from './recognize';
import type { ReleaseRange } from './sign';

const judged = new WeakMap<NodeState, ReleaseRange | 'unknown'>();

/**
 * Which releases of kube-proxy may have written a node's rules, by these alone; undefined where they
 * do not tell. The one judge of this in the project. Worked out once for a node's state.
 */
export function* releaseOf(node: NodeState): Work<ReleaseRange | undefined> {
  const before = judged.get(node);
  if (before !== undefined) return before === 'unknown' ? undefined : before;
  const found = yield* judge(node);
  judged.set(node, found ?? 'unknown');
  return found;
}

function* judge(node: NodeState): Work<ReleaseRange | undefined> {
  const { nftables, sets, rulesets } = node;
  const { mode } = modeOf(node);
  if (mode === 'nftables') {
    if (!nftables?.texts) return undefined;
    const four = yield* nftables.texts(4);
    return yield* recognizeRelease({ nft: four.size > 0 ? four : yield* nftables.texts(6) });
  }
  const four = yield* textsOf(rulesets.find((one) => isOf(one, 4))?.texts);
  const six = yield* textsOf(rulesets.find((one) => isOf(one, 6))?.texts);
  return yield* recognizeRelease({
    ...(four && { four }),
    ...(six && { six }),
    sets: [...(sets?.keys() ?? [])],
  });
}

function* textsOf<T>(texts: (() => Work<T>) | undefined): Work<T | undefined> {
  return texts && (yield* texts());
}

/** A ruleset of another backend may be there as well, without a rule of kube-proxy. */
function isOf({ family, tables }: Ruleset, wanted: number): boolean {
  return family === wanted && tables.get('nat')?.chains.has('KUBE-SERVICES') === true;
}
