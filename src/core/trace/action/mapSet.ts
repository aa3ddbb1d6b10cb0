import { l10n } from '../../l10n';
import type { SetTarget } from '../../rules/target';
import type { StatementContext } from '../match/context';
import { setQuery } from '../match/set';
import { elementFor } from '../sets/ipset';
import type { Effect } from './effect';
import { applyMark, changeText } from './mark';

/**
 * set_target_v3 (net/netfilter/xt_set.c): with `--map-mark` what is found in the set gets the mark of its
 * element; of an element without one, and with `--map-prio` and `--map-queue`, the mark stays.
 */
export function mapSetTarget(
  { set, directions, mapsMark, text }: SetTarget,
  { node, state, run }: StatementContext,
): Effect {
  const stays: Effect = { kind: 'continue', text: `SET ${text}`.trim() };
  if (!mapsMark) return stays;
  const found = state.facts.has(`changed ${set}`)
    ? { unknown: l10n.t`a SET rule has changed ${set} on this packet's way` }
    : elementFor(node, set, directions, setQuery(node, state, run));
  if (found === 'out') return stays;
  if ('unknown' in found) {
    const ending = { kind: 'UNKNOWN', reason: found.unknown } as const;
    return { kind: 'end', text: stays.text, ending };
  }
  if (found.nomatch || !found.skbMark) return stays;
  const { value, mask } = found.skbMark;
  const before = state.mark;
  state.mark = applyMark(before, mask, value);
  return { kind: 'continue', text: changeText('MARK', before, state.mark) };
}
