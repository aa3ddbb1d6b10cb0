import { l10n } from '../../l10n';
import type { ConnmarkTarget, MarkTarget } from '../../rules/target';
import type { StatementContext } from '../match/context';
import type { Effect } from './effect';
import { hex } from '../../hex';
import { seenConnection } from '../conntrack/zone';

/** xt_mark.c, mark_tg. */
export function markTarget({ clear, xor }: MarkTarget, { state }: StatementContext): Effect {
  const before = state.mark;
  state.mark = applyMark(before, clear, xor);
  return { kind: 'continue', text: changeText('MARK', before, state.mark) };
}

/** xt_connmark.c, connmark_tg: nothing for a packet without a connection. */
export function connmarkTarget({ operation }: ConnmarkTarget, { state }: StatementContext): Effect {
  const { mark } = state;
  const connection = seenConnection(state);
  if (!connection) {
    return { kind: 'continue', text: l10n.t`no connection, connmark unchanged` };
  }
  if ('restore' in operation) {
    const { nfmask, ctmask } = operation.restore;
    state.mark = applyMark(mark, nfmask, (connection.mark & ctmask) >>> 0);
    return {
      kind: 'continue',
      text: l10n.t`${changeText('MARK', mark, state.mark)}, from connmark`,
    };
  }
  const after =
    'set' in operation
      ? applyMark(connection.mark, operation.set.clear, operation.set.xor)
      : applyMark(connection.mark, operation.save.ctmask, (mark & operation.save.nfmask) >>> 0);
  // A template's own mark is lost with it.
  if (!state.template) state.connection = { ...connection, mark: after };
  return { kind: 'continue', text: changeText('CONNMARK', connection.mark, after) };
}

/** The mark without the bits of `clear`, then the bits of `xor` turned. */
export function applyMark(mark: number, clear: number, xor: number): number {
  return ((mark & ~clear) ^ xor) >>> 0;
}

/** `MARK 0x0 -> 0x4000`. */
export function changeText(name: string, before: number, after: number): string {
  return before === after
    ? l10n.t`${name} stays ${hex(after)}`
    : `${name} ${hex(before)} -> ${hex(after)}`;
}
