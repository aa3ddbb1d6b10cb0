import { l10n } from '../../l10n';
import type { VerdictMapAction } from '../../rules/statement';
import type { Verdict } from '../../rules/verdict';
import { compute } from '../expression/compute';
import { pickElement } from '../expression/map';
import type { StatementContext } from '../match/context';
import type { Effect } from './effect';

/** nft_lookup.c with a verdict as data: without an element for the key the rule fails. */
export function verdictMap(action: VerdictMapAction, context: StatementContext): Effect {
  const picked = pickElement(action, context, compute(action.key, context));
  if (picked === 'none') return { kind: 'fail' };
  if ('kind' in picked) return picked.kind === 'choice' ? picked : unsureVerdict(picked);
  const { data } = picked.element;
  if (data?.kind === 'verdict') return verdict(data.verdict);
  return unsureVerdict({
    what: l10n.t`the verdict`,
    unknown: l10n.t`the element is not understood`,
  });
}

/** What a verdict does, of a rule or of a map. */
export function verdict(given: Verdict): Effect {
  switch (given.kind) {
    case 'jump':
    case 'goto': {
      const { kind, chain } = given;
      return { kind: 'chain', chain, goto: kind === 'goto', text: `${kind} ${chain}` };
    }
    case 'ACCEPT':
      return { kind: 'accept', text: 'ACCEPT' };
    case 'DROP':
      return { kind: 'end', ending: { kind: 'DROP', reason: l10n.t`a DROP rule` }, text: 'DROP' };
    case 'RETURN':
      return { kind: 'return', text: 'RETURN' };
    case 'CONTINUE':
      // The rule goes on: nft_do_chain leaves it only at another verdict.
      return { kind: 'continue', text: 'continue' };
    case 'QUEUE': {
      const reason = l10n.t`QUEUE: a program in user space decides`;
      return { kind: 'end', ending: { kind: 'STOLEN', reason }, text: reason };
    }
  }
}

function unsureVerdict({ what, unknown }: { what: string; unknown?: string }): Effect {
  const reason = `${what}: ${unknown ?? l10n.t`not known`}`;
  return { kind: 'end', ending: { kind: 'UNKNOWN', reason }, text: reason };
}
