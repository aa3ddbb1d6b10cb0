import { l10n } from '../../l10n';
import type { Action, NeutralAction } from '../../rules/statement';
import { isTarget } from '../../rules/statementKind';
import type { StatementContext } from '../match/context';
import { assign } from './assign';
import type { Effect } from './effect';
import { updateSet } from './setUpdate';
import { carryOutTarget } from './target';
import { verdict, verdictMap } from './verdictMap';

/** What a statement does that is no match; those before it have held. */
export function carryOut(action: Action, context: StatementContext): Effect {
  if (isTarget(action)) return carryOutTarget(action, context);
  switch (action.kind) {
    case 'vmap':
      return verdictMap(action, context);
    case 'assign':
      return assign(action, context);
    case 'set-update':
      return updateSet(action, context);
    case 'counter':
      return { kind: 'continue', text: '' };
    case 'neutral':
      return neutral(action, context);
    case 'CONTINUE':
      return verdict(action);
    case 'tproxy':
      return proxied(action.text);
    case 'fwd':
      return {
        kind: 'end',
        ending: {
          kind: 'STOLEN',
          reason: l10n.t`${action.text}: it leaves by that device at once`,
        },
        text: action.text,
      };
    case 'unknown':
      return notUnderstood(action.text);
  }
}

/** nft_exthdr_tcp_strip_eval: `reset tcp option sack-perm` fails the rule of what is no TCP. */
function neutral({ text, protocol }: NeutralAction, { state }: StatementContext): Effect {
  if (protocol !== undefined && state.header.protocol !== protocol) return { kind: 'fail' };
  return { kind: 'continue', text };
}

/** Statements that leave packet, connection and way as they are. */
export function isPassing(action: Action): boolean {
  switch (action.kind) {
    case 'counter':
    case 'neutral':
    case 'LOG':
    case 'NFLOG':
    case 'TRACE':
    case 'TCPMSS':
    case 'CHECKSUM':
    case 'AUDIT':
    case 'CONTINUE':
      return true;
    default:
      return false;
  }
}

/** nft_tproxy.c: with a socket the packet is given to it and the rule goes on; without, it fails. */
function proxied(text: string): Effect {
  return {
    kind: 'fork',
    text,
    options: [
      { condition: l10n.t`a transparent socket listens for ${text}`, go: 'continue' },
      { condition: l10n.t`no transparent socket listens for ${text}`, go: 'fail' },
    ],
  };
}

/** It may have been a match, a change or a verdict. */
function notUnderstood(written: string): Effect {
  const unknown = l10n.t`“${written}” is not understood`;
  return {
    kind: 'fork',
    text: written,
    options: [
      { condition: l10n.t`${written} lets the rule go on`, unknown, go: 'continue' },
      { condition: l10n.t`${written} does not match`, unknown, go: 'fail' },
      {
        condition: l10n.t`${written} decides over the packet`,
        unknown,
        go: { kind: 'UNKNOWN', reason: unknown },
      },
    ],
  };
}
