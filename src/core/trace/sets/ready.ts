import type { NodeState } from '../../node';
import { once } from '../../once';
import type { Expression } from '../../rules/expression';
import type { Rule, Table } from '../../rules/ruleset';
import type { SetReference } from '../../rules/set';
import type { Work } from '../../work';
import { indexSet, isIndexed as isSetIndexed } from './ipset';
import { indexElements, isIndexed, referredTo } from './tableSet';

/** A set with more elements is made ready with pauses; one with fewer takes some milliseconds. */
const bigSet = 5000;

/** The work that makes the big sets ready that a rule asks; undefined: they are. */
export function unready(rule: Rule, table: Table, { sets }: NodeState): Work<void> | undefined {
  for (const name of askedOf(rule).ipsets) {
    const set = sets?.get(name);
    if (set && set.entries.length > bigSet && !isSetIndexed(set)) return indexSet(set);
  }
  for (const reference of askedOf(rule).references) {
    const elements = referredTo(reference, table)?.elements;
    if (elements && elements.length > bigSet && !isIndexed(elements)) {
      return indexElements(elements);
    }
  }
  return undefined;
}

/** The sets that a rule asks, of either kind. */
interface Asked {
  readonly ipsets: readonly string[];
  readonly references: readonly SetReference[];
}

/** Kept: a rule is visited on each branch of each trace. */
const askedOf = once(({ statements }: Rule): Asked => ({
  ipsets: statements.flatMap((one) => (one.kind === 'set' ? [one.name] : [])),
  references: statements.flatMap(referencesOf),
}));

function referencesOf(statement: Rule['statements'][number]): readonly SetReference[] {
  switch (statement.kind) {
    case 'lookup':
      return [statement.set, ...mapsIn(statement.key)];
    case 'vmap':
      return [statement.map, ...mapsIn(statement.key)];
    case 'compare':
      return mapsIn(statement.left);
    case 'assign':
      return mapsIn(statement.value);
    case 'object-map':
      return mapsIn(statement.map);
    case 'DNAT':
    case 'SNAT':
    case 'REDIRECT':
    case 'MASQUERADE':
      return [statement.toAddress, statement.toPort].flatMap((one) => (one ? mapsIn(one) : []));
    default:
      return [];
  }
}

function mapsIn(expression: Expression): readonly SetReference[] {
  switch (expression.kind) {
    case 'map':
      return [expression.map, ...mapsIn(expression.key)];
    case 'concat':
      return expression.parts.flatMap(mapsIn);
    case 'arithmetic':
      return [...mapsIn(expression.left), ...mapsIn(expression.right)];
    default:
      return [];
  }
}
