import type { NodeState } from '../../node';
import { workOnce } from '../../once';
import type { Chain, Ruleset } from '../../rules/ruleset';
import { canonicalRule, withoutRuleCounters } from '../../rules/ruleTexts';
import type { Work } from '../../work';
import { modeOf } from '../mode/judge';
import type { ChainTexts, ReleaseDump } from './dump';
import { recognizeRelease } from './recognize';
import type { ReleaseRange } from './sign';

/**
 * Which releases of kube-proxy may have written a node's rules, by these alone; undefined where they
 * do not tell. The one judge of this in the project. Worked out once for a node's state.
 */
export const releaseOf = workOnce(function* (node: NodeState): Work<ReleaseRange | undefined> {
  const { nftables, sets, rulesets } = node;
  const { mode } = modeOf(node);
  if (mode === 'nftables') {
    if (!nftables?.texts) return undefined;
    const four = yield* nftables.texts(4);
    return yield* recognizeRelease({ nft: four.size > 0 ? four : yield* nftables.texts(6) });
  }
  const four = textsOf(rulesets.find((one) => isOf(one, 4)));
  const six = textsOf(rulesets.find((one) => isOf(one, 6)));
  return yield* recognizeRelease({
    ...(four && { four }),
    ...(six && { six }),
    sets: [...(sets?.keys() ?? [])],
  });
});

/** The texts of the chains that are asked for, of rules that stand as iptables-save prints them. */
function textsOf(ruleset: Ruleset | undefined): ReleaseDump['four'] {
  if (!ruleset?.texts) return undefined;
  return new Map(
    [...ruleset.tables].map(([name, { chains }]): [string, ChainTexts] => [
      name,
      {
        keys: () => chains.keys(),
        has: (chain) => chains.has(chain),
        get: (name) => {
          const chain = chains.get(name);
          return (
            chain && Array.from({ length: chain.length }, (_, i) => ({ text: textOf(chain, i) }))
          );
        },
      },
    ]),
  );
}

function textOf(chain: Chain, i: number): string {
  const text = chain.savedText?.(i) ?? '';
  return canonicalRule(withoutRuleCounters(text).slice(`-A ${chain.name} `.length));
}

/** A ruleset of another backend may be there as well, without a rule of kube-proxy. */
function isOf({ family, tables }: Ruleset, wanted: number): boolean {
  return family === wanted && tables.get('nat')?.chains.has('KUBE-SERVICES') === true;
}
