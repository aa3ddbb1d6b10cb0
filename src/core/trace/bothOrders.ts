import { formatAddress } from '../address';
import { leaves } from './leaves';
import type { Leaf } from './leaves';
import type { Trace } from './trace';

const unknown =
  'a listing does not tell which of the chains with one priority on one hook was created last';

/**
 * Two traces of one packet, with the chains of one priority in either order: one of them where the
 * order makes no difference to what becomes of the packet, else a fork between them.
 */
export function inBothOrders(listed: Trace, other: Trace): Trace {
  if (outcomes(listed) === outcomes(other)) return listed;
  const branches = [
    {
      condition: 'of chains with one priority, the one listed last was created last and runs first',
      unknown,
      then: listed.path,
    },
    {
      condition:
        'of chains with one priority, the one listed first was created last and runs first',
      unknown,
      then: other.path,
    },
  ];
  return { ...listed, path: { steps: [], end: { branches } } };
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
