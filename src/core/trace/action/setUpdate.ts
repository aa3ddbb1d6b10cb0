import { l10n } from '../../l10n';
import type { Statement, SetUpdateAction } from '../../rules/statement';
import { compute } from '../expression/compute';
import { formatValues } from '../expression/valueText';
import { ask } from '../match/index';
import type { StatementContext } from '../match/context';
import { forget, remember, remembered, writeData } from '../memory';
import { isListed, listName } from '../sets/tableSet';
import type { ActionOption, Effect } from './effect';
import { isAction } from '../../rules/statementKind';
import { settle } from '../answer';

/**
 * nft_dynset_eval: the element is there for the next rule already; a full set fails the rule, and so
 * does what is asked for each element.
 */
export function updateSet(action: SetUpdateAction, context: StatementContext): Effect {
  const { state, table } = context;
  const key = compute(action.key, context);
  if (key.kind === 'fails') return { kind: 'fail' };
  if (key.kind === 'choice') return key;
  const list = listName(table, action.set);
  const text = key.kind === 'values' ? formatValues(key.values) : key.what;
  const done =
    action.operation === 'delete'
      ? l10n.t`${action.operation} ${text} from @${action.set}`
      : l10n.t`${action.operation} ${text} to @${action.set}`;
  if (key.kind !== 'values') return { kind: 'continue', text: done };
  if (action.operation === 'delete') {
    forget(state, list, text);
    return { kind: 'continue', text: done };
  }
  const set = table.sets?.get(action.set);
  const known = remembered(state, list, text);
  const data = action.data && compute(action.data, context);
  if (data?.kind === 'fails') return { kind: 'fail' };
  if (data?.kind === 'choice') return data;
  const size = set?.size;
  const written = [...(state.lists?.get(list)?.values() ?? [])].filter((hits) => hits > 0).length;
  const count = written + (set?.elements.length ?? 0);
  if (!known && size !== undefined && state.lists && count >= size) return { kind: 'fail' };
  if (data?.kind === 'values') {
    // An element that is there keeps its data, also under `update` (nft_rhash_update).
    const there = (known ?? 0) > 0 || (set !== undefined && isListed(set, key.values));
    if (!there) writeData(state, list, text, data.values);
  }
  remember(state, list, text);
  return forEachElement(action.statements, done, context);
}

/** `{ ip saddr limit rate over 5/minute }`: the rule goes on only where that holds for the element. */
function forEachElement(
  statements: readonly Statement[],
  done: string,
  context: StatementContext,
): Effect {
  const options: ActionOption[] = [];
  for (const statement of statements) {
    if (isAction(statement)) continue;
    const scope = `${done} in ${context.scope}`;
    const answer = ask(statement, { ...context, scope });
    if (answer === false) return { kind: 'fail' };
    if (answer === true) continue;
    const { condition, otherwise, probability, unknown } = answer;
    options.push(
      { condition, probability, unknown, go: 'continue', change: (s) => settle(s, answer, true) },
      {
        condition: otherwise,
        probability: probability === undefined ? undefined : 1 - probability,
        unknown,
        go: 'fail',
        change: (s) => settle(s, answer, false),
      },
    );
    break;
  }
  return options.length > 0
    ? { kind: 'fork', text: done, options }
    : { kind: 'continue', text: done };
}
