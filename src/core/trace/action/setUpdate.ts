import { l10n } from '../../l10n';
import type { Statement, SetUpdateAction } from '../../rules/statement';
import { compute } from '../expression/compute';
import { formatValues } from '../expression/valueText';
import { ask } from '../match/index';
import type { TableSet } from '../../rules/set';
import type { DynamicList } from '../conntrack/flowState';
import type { StatementContext } from '../match/context';
import type { State } from '../state';
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
  const set = table.sets?.get(action.set);
  const known = remembered(state, list, text);
  const listed = set !== undefined && isListed(set, key.values);
  const there = known === undefined ? listed : known > 0;
  if (action.operation === 'delete') {
    // Of a memory that is known what never was there leaves nothing to collect.
    if (there || !state.lists) forget(state, list, text);
    return { kind: 'continue', text: done };
  }
  const data = action.data && compute(action.data, context);
  if (data?.kind === 'fails') return { kind: 'fail' };
  if (data?.kind === 'choice') return data;
  const write = (to: State): void => {
    // An element that is there keeps its data, also under `update` (nft_rhash_update).
    if (data?.kind === 'values' && !there) writeData(to, list, text, data.values);
    if (!to.lists || known !== undefined || !listed) remember(to, list, text);
  };
  const room = there || !state.lists ? 'free' : roomIn(set, state.lists.get(list));
  if (room === 'none') return { kind: 'fail' };
  if (room === 'unknown') return whereRoom(action, done, write);
  write(state);
  return forEachElement(action.statements, done, context);
}

/**
 * nft_rhash_new counts the deleted elements, too, until they are collected. When that is, within a
 * second or so, no dump tells.
 */
function roomIn(
  set: TableSet | undefined,
  written: DynamicList | undefined,
): 'free' | 'none' | 'unknown' {
  if (set?.size === undefined) return 'free';
  const hits = [...(written?.values() ?? [])];
  const deleted = hits.filter((times) => times === 0).length;
  const alive = set.elements.length + hits.length - deleted;
  if (alive - deleted >= set.size) return 'none';
  return alive + deleted < set.size ? 'free' : 'unknown';
}

function whereRoom(
  { set, statements }: SetUpdateAction,
  text: string,
  write: (state: State) => void,
): Effect {
  const unknown = l10n.t`whether the elements deleted from @${set} are collected is not known`;
  const condition = l10n.t`@${set} has room for another element`;
  const there: ActionOption =
    statements.length === 0
      ? { condition, unknown, go: 'continue', change: write }
      : { condition, unknown, go: { kind: 'UNKNOWN', reason: unknown } };
  const otherwise = l10n.t`@${set} is full of deleted elements`;
  return { kind: 'fork', text, options: [there, { condition: otherwise, unknown, go: 'fail' }] };
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
