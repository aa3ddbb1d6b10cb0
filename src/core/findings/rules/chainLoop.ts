import * as l10n from '@vscode/l10n';
import type { SourceRange } from '../../source';
import type { Check } from '../check';
import { eachTable } from '../tables';
import { jumpsOf, type Jumps } from './jumps';

/** Chains shown of a loop. */
const mostShown = 6;

/** The kernel loads no table whose chains lead back to themselves (nf_tables, ELOOP): such a dump was edited. */
export const chainLoop: Check = {
  code: 'chain-loop',
  severity: 'warning',
  title: l10n.t('chains lead back to themselves'),
  *find({ node }) {
    for (const { name, table } of eachTable(node)) {
      // Of an excerpt it may not be told which chain a rule is of.
      const jumps = table.complete ? yield* jumpsOf(table) : undefined;
      for (const { chains, length, range } of jumps ? loopsOf(jumps) : []) {
        const more = length > chains.length ? ['...'] : [];
        const way = [...chains, ...more, chains[0]].join(' -> ');
        yield {
          message: l10n.t`Chains of ${name} lead back to themselves: ${way}. The kernel loads no such rules.`,
          range,
        };
      }
    }
  },
};

interface Loop {
  /** In the order in which they lead to each other, the first ones; the last of all leads to the first. */
  readonly chains: readonly string[];
  readonly length: number;
  /** Of the rule that closes it. */
  readonly range: SourceRange;
}

/** Depth first, each chain once; without recursion, as chains may lie thousands deep. */
function loopsOf(jumps: Jumps): readonly Loop[] {
  const loops: Loop[] = [];
  const seen = new Set<string>();
  /** From a chain that was not seen yet to the one at hand; `rest` of its jumps are still to be followed. */
  const way: { readonly chain: string; readonly rest: Iterator<[string, SourceRange]> }[] = [];
  const places = new Map<string, number>();
  const enter = (chain: string) => {
    seen.add(chain);
    places.set(chain, way.length);
    way.push({ chain, rest: (jumps.get(chain) ?? nowhere).entries() });
  };
  for (const first of jumps.keys()) {
    if (!seen.has(first)) enter(first);
    for (let last = way.at(-1); last; last = way.at(-1)) {
      const next = last.rest.next();
      if (next.done) {
        way.pop();
        places.delete(last.chain);
        continue;
      }
      const [to, range] = next.value;
      const from = places.get(to);
      if (from !== undefined) {
        const chains = way.slice(from, from + mostShown).map(({ chain }) => chain);
        loops.push({ chains, length: way.length - from, range });
      } else if (!seen.has(to)) enter(to);
    }
  }
  return loops;
}

/** Of a chain that the dump lacks. */
const nowhere: ReadonlyMap<string, SourceRange> = new Map();
