import type { Elements, SetElement, SetReference, TableSet } from '../../rules/set';
import type { Table } from '../../rules/ruleset';
import type { Value } from '../../rules/value';
import { finish, type Work } from '../../work';
import { formatValues } from '../expression/valueText';
import { remembered } from '../memory';
import type { State } from '../state';
import { indexKeys, type Indexed, type KeyIndex } from './keyIndex';

/** An element, none, or open: `unknown` where not even what would decide it is modelled. */
export type Looked =
  | { readonly kind: 'found'; readonly element: SetElement }
  | { readonly kind: 'none' }
  | {
      readonly kind: 'open';
      readonly condition: string;
      readonly otherwise: string;
      readonly key: string;
      readonly unknown?: string;
    };

const none: Looked = { kind: 'none' };

interface SetIndex {
  readonly keys: KeyIndex<SetElement>;
  /** `*`. */
  readonly rest: SetElement | undefined;
}

const indices = new WeakMap<Elements, SetIndex>();

/** Whether looking a key up costs no more than that. */
export function isIndexed(elements: Elements): boolean {
  return indices.has(elements);
}

/** Makes elements ready to be looked up; a million take a second or two. */
export function* indexElements(elements: Elements): Work<void> {
  let rest: SetElement | undefined;
  function* keyed(): Iterable<Indexed<SetElement>> {
    for (const element of elements) {
      if (element.key) yield { key: element.key, element };
      else rest = element;
    }
  }
  const keys = yield* indexKeys(keyed());
  indices.set(elements, { keys, rest });
}

/** The elements that a reference means, and the set, if it has a name; undefined: there is none. */
export function referredTo(
  reference: SetReference,
  table: Table,
): { readonly elements: Elements; readonly set?: TableSet } | undefined {
  if (reference.kind === 'anonymous') return reference;
  const set = table.sets?.get(reference.name);
  return set && { elements: set.elements, set };
}

/** How lists of the memory are called that are sets of nft. */
export function listName({ family, name }: Table, set: string): string {
  return `set ${family} ${name} ${set}`;
}

/** The element that holds a key (nft_lookup.c, nft_dynset.c). */
export function lookUp(
  reference: SetReference,
  key: readonly Value[],
  table: Table,
  state: State,
): Looked {
  const text = formatValues(key);
  const name = reference.kind === 'named' ? `@${reference.name}` : 'the set';
  const words = {
    kind: 'open',
    condition: `${text} is in ${name}`,
    otherwise: `${text} is not in ${name}`,
    key: `${name} ${table.family} ${table.name} ${text}`,
  } as const;
  const referred = referredTo(reference, table);
  if (!referred) return { ...words, unknown: `the listing has no set ${name}` };
  const { elements, set } = referred;
  if (set?.flags.includes('dynamic')) {
    const list = listName(table, set.name);
    const written = state.lists?.has(list) === false ? undefined : remembered(state, list, text);
    if (written === 0) return none;
    if (written === undefined && !state.lists) return words;
    const found = written === undefined ? search(elements, key) : undefined;
    if (found) return found === 'none' ? none : 'unknown' in found ? { ...words, ...found } : found;
    if (set.kind === 'map')
      return { ...words, unknown: `what rules put into ${name} is not modelled` };
    return { kind: 'found', element: { key: undefined, range: set.declared } };
  }
  const found = search(elements, key);
  if (typeof found === 'object' && 'unknown' in found) return { ...words, ...found };
  if (found !== 'none') return found;
  if (set?.complete === false) {
    return { ...words, unknown: `the listing leaves elements of ${name} out` };
  }
  return none;
}

function search(
  elements: Elements,
  key: readonly Value[],
): Extract<Looked, { kind: 'found' }> | 'none' | { readonly unknown: string } {
  if (!indices.has(elements)) finish(indexElements(elements));
  const { keys, rest } = indices.get(elements)!;
  const found = keys.find(key);
  if (found === 'none') return rest ? { kind: 'found', element: rest } : 'none';
  return 'unknown' in found ? found : { kind: 'found', ...found };
}
