import { l10n } from '../../l10n';
import type { Elements, PlainElements, SetElement, SetReference, TableSet } from '../../rules/set';
import type { Table } from '../../rules/ruleset';
import type { Value } from '../../rules/value';
import { finish, type Work } from '../../work';
import type { Unsure } from '../expression/computed';
import { formatValues } from '../expression/valueText';
import { remembered, writtenData } from '../memory';
import type { State } from '../state';
import { holds } from './pattern';
import { PlaceIndex } from './placeIndex';
import { indexKeys, plainShape, type Indexed, type KeyIndex, type KeyShape } from './keyIndex';

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
  const { plain } = elements;
  const read = plain && (yield* plainElements(plain));
  function* keyed(): Iterable<Indexed<SetElement>> {
    for (const element of read?.others ?? elements) {
      if (element.key) yield { key: element.key, element };
      else rest = element;
    }
  }
  const keys = yield* indexKeys(keyed(), read && [read.shape]);
  indices.set(elements, { keys, rest });
}

/** Keys that are read between two looks at the clock; an element costs as much as many of them. */
const keysAtOnce = 8192;
const keysOfElement = 16;

/** Elements of single values, of which only the keys are kept, and the others. */
function* plainElements(
  plain: PlainElements,
): Work<{ readonly shape: KeyShape<SetElement>; readonly others: readonly SetElement[] }> {
  const places = new PlaceIndex();
  const others: SetElement[] = [];
  let done = 0;
  for (const part of plain.parts()) {
    if (done >= keysAtOnce) {
      yield;
      done = 0;
    }
    if ('keys' in part) {
      for (const key of part.keys) places.add(key, part.place);
      done += part.keys.length;
    } else {
      for (const element of part.elements) others.push(element);
      done += part.elements.length * keysOfElement;
    }
  }
  yield* places.close();
  const shape = plainShape(plain.lengths, (key, values) => {
    for (const place of places.at(key)) {
      const found = plain
        .at(place)
        .find((element) => element.key?.every((one, i) => holds(one, values[i]!)));
      if (found) return found;
    }
    return undefined;
  });
  return { shape, others };
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
  const name = reference.kind === 'named' ? `@${reference.name}` : l10n.t`the set`;
  const open = (unknown?: string): Looked => {
    const text = formatValues(key);
    return {
      kind: 'open',
      condition: l10n.t`${text} is in ${name}`,
      otherwise: l10n.t`${text} is not in ${name}`,
      key: `${name} ${table.family} ${table.name} ${text}`,
      ...(unknown !== undefined && { unknown }),
    };
  };
  const referred = referredTo(reference, table);
  if (!referred) return open(l10n.t`the listing has no set ${name}`);
  const { elements, set } = referred;
  if (set && !set.flags.includes('constant')) {
    const text = formatValues(key);
    const list = listName(table, set.name);
    const times = remembered(state, list, text);
    if (times === 0) return none;
    if (times !== undefined) {
      const own = { key: undefined, range: set.declared };
      if (set.kind === 'set') return { kind: 'found', element: own };
      const values = writtenData(state, list, text);
      if (values) return { kind: 'found', element: { ...own, data: { kind: 'values', values } } };
      const listed = search(elements, key);
      if (typeof listed === 'object' && 'kind' in listed) return listed;
      return open(l10n.t`what rules put into ${name} is not known`);
    }
    if (set.flags.includes('dynamic')) {
      if (!state.lists) return open();
      if (set.elements.length === 0) return none;
    }
  }
  const found = search(elements, key);
  if (typeof found === 'object' && 'unknown' in found) return open(found.unknown);
  if (found !== 'none') return found;
  if (set?.complete === false) {
    return open(l10n.t`the listing leaves elements of ${name} out`);
  }
  return none;
}

/** Whether an element of the listing holds the key. */
export function isListed({ elements }: TableSet, key: readonly Value[]): boolean {
  const found = search(elements, key);
  return typeof found === 'object' && 'kind' in found;
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

/** More elements than that are not looked at one by one. */
const triedElements = 100_000;

/** Whether what is known of a key is enough to say that no element holds it. */
export function excluded(reference: SetReference, { parts }: Unsure, table: Table): boolean {
  const referred = parts && referredTo(reference, table);
  if (!referred || referred.set?.complete === false) return false;
  if (referred.set?.flags.includes('dynamic')) return false;
  if (referred.elements.length > triedElements) return false;
  for (const { key } of referred.elements) {
    if (!key) return false;
    const fits = key.every((pattern, i) => {
      const value = parts[i];
      return value === undefined || holds(pattern, value);
    });
    if (fits) return false;
  }
  return true;
}
