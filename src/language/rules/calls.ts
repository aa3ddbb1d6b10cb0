import { append } from '../../core/append';
import type { Structure } from '../../syntax/iptables/structure/structure';
import type { DumpDocument } from '../../workspace/dumpDocument';

/** The lines of a chain's calls, by the chain at their other end. */
export type Calls = ReadonlyMap<number, readonly number[]>;

/** The chains with rules that jump to a chain. */
export function callersOf({ chains }: Structure, chain: number): Calls {
  return callsBy(chains.references(chain), (line) => chains.chainAt(line));
}

/** The chains that a chain's rules jump to. */
export function calleesOf({ chains }: Structure, chain: number): Calls {
  return callsBy(chains.rules(chain), (line) => chains.targetAt(line));
}

function callsBy(lines: Iterable<number>, chainOf: (line: number) => number | undefined): Calls {
  const calls = new Map<number, number[]>();
  for (const line of lines) {
    const chain = chainOf(line);
    if (chain !== undefined) append(calls, chain, line);
  }
  return calls;
}

/** Where a chain is shown: at its first rule, in a listing at its head, without both at a jump to it. */
export function lineOfChain(
  { structure: { chains }, index }: Pick<DumpDocument, 'structure' | 'index'>,
  chain: number,
): number {
  const line = chains.rules(chain)[0] ?? chains.declaration(chain) ?? chains.references(chain)[0]!;
  const head = index.kind(line) === 'listing-rule' ? chains.declaration(chain) : undefined;
  return head ?? line;
}
