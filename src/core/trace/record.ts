import { l10n } from '../l10n';
import type { Chain, Rule } from '../rules/ruleset';
import type { Open } from './answer';
import type { Environment } from './environment';
import type { Resume, State } from './state';

/** How a rule was met, if not simply in full. */
interface Manner {
  /** Whether its matches hold is open, and makes no difference. */
  readonly maybe?: Open;
  /** A match after what was done failed. */
  readonly failed?: true;
}

/**
 * Writes down that a rule was carried out.
 *
 * @param met the packet when it met the rule
 * @param done what its statements did, in their order
 */
export function pushRule(
  { spent }: Environment,
  state: State,
  rule: Rule,
  met: Pick<Resume, 'mark' | 'header'>,
  done: readonly string[],
  { maybe, failed }: Manner = {},
): void {
  const { base, frame } = state.walk!;
  spent.steps++;
  state.steps.push({
    kind: 'rule',
    hook: state.run!.hook,
    type: base.type,
    ...(base.family && { family: base.family }),
    table: frame.chain.table,
    chain: frame.chain.name,
    rule: rule.number,
    range: rule.range,
    mark: met.mark,
    ...(state.mark === met.mark ? {} : { markAfter: state.mark }),
    ...(state.header === met.header ? {} : { after: state.header }),
    effect: done.length > 0 ? done.join(', ') : l10n.t`no target: counted`,
    ...(maybe && { maybe: maybe.unknown ?? l10n.t`only if ${maybe.condition}` }),
    ...(failed && { failed }),
  });
}

/** Writes down the end of a chain. */
export function pushEnd(
  { spent }: Environment,
  state: State,
  kind: 'policy' | 'return',
  chain: Chain,
  effect: string,
): void {
  spent.steps++;
  const { hook } = state.run!;
  const { type, family } = state.walk!.base;
  const { table, name, declared: range } = chain;
  state.steps.push({
    ...{ kind, hook, type, table, chain: name, range, mark: state.mark, effect },
    ...(family && { family }),
  });
}
