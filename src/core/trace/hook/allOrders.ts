import { l10n } from '../../l10n';
import { formatAddress } from '../../address';
import type { ChainOrder } from './hooks';
import { leaves } from '../leaves';
import type { Leaf } from '../leaves';
import type { Trace } from '../trace';

const unknown = l10n.t`a listing does not tell which of the chains with one priority on one hook was created last`;

const conditions: Readonly<Record<ChainOrder, string>> = {
  'last-first': l10n.t`of chains with one priority, the one listed last was created last and runs first`,
  'first-first': l10n.t`of chains with one priority, the one listed first was created last and runs first`,
  'legacy-last': l10n.t`chains of legacy iptables were created first and run after those of nft with the same priority`,
};

/**
 * The traces of one packet with the chains of one priority in each possible order: the first where the
 * order makes no difference to what becomes of the packet, else a fork between those that differ.
 */
export function inAllOrders(orders: readonly ChainOrder[], traces: readonly Trace[]): Trace {
  const first = traces[0]!;
  const different = new Map<string, { readonly trace: Trace; readonly order: ChainOrder }>();
  if (traces.length === 1) return first;
  for (const [i, trace] of traces.entries()) {
    const key = outcomes(trace);
    if (!different.has(key)) different.set(key, { trace, order: orders[i]! });
  }
  if (different.size === 1) return first;
  const branches = [...different.values()].map(({ trace, order }) => ({
    condition: conditions[order],
    unknown,
    then: trace.path,
  }));
  return { ...first, path: { steps: [], end: { branches } } };
}

/** Where the packet goes, as what, with which chance; not by which rules. */
function outcomes({ path }: Trace): string {
  const chances = new Map<string, number>();
  for (const leaf of leaves(path)) {
    const key = outcome(leaf);
    chances.set(key, (chances.get(key) ?? 0) + (leaf.probability ?? Number.NaN));
  }
  const list = [...chances].map(([key, chance]) => `${key} ${chance.toFixed(9)}`);
  return list.sort().join('\n');
}

function outcome({ verdict }: Leaf): string {
  const { kind, delivered, reply, final } = verdict;
  if (kind === 'DROP' || kind === 'UNKNOWN') return kind;
  const head = final && [
    ...[final.source, final.destination].map(formatAddress),
    ...[final.sourcePort, JSON.stringify(final.sourcePorts), final.destinationPort],
  ];
  return [kind, delivered, reply, head?.join(' ')].join(' ');
}
