import { l10n } from '../../l10n';
import { addressKey, prefixLength, prefixMask } from '../../address';
import type { Address, Network } from '../../address';
import type { PlainKey } from '../../rules/plainKey';
import type { Pattern, Value } from '../../rules/value';
import type { Work } from '../../work';
import { addressBound, bounds, IntervalList, type Bound } from './intervals';

/** What a look-up finds: an element, none, or why that can't be said. */
export type Found<T> = { readonly element: T } | 'none' | { readonly unknown: string };

/** Elements by their keys: single values, prefixes, intervals, and concatenations of them. */
export interface KeyIndex<T> {
  /** The element that holds the key: of several the one with the longest prefixes. */
  find(key: readonly Value[]): Found<T>;
}

export interface Indexed<T> {
  readonly key: readonly Pattern[];
  readonly element: T;
}

/** Elements that are read between two looks at the clock of whoever runs the work. */
const elementsAtOnce = 2048;

/**
 * Linear in the number of elements whatever their keys are: elements whose parts have the same forms
 * (values, prefixes of one length, intervals) are one shape, with a map from their values and prefixes
 * to what is left, the intervals. A look-up asks each shape once.
 *
 * @param others shapes of elements that are indexed otherwise
 */
export function* indexKeys<T>(
  elements: Iterable<Indexed<T>>,
  others: readonly KeyShape<T>[] = [],
): Work<KeyIndex<T>> {
  const shapes = new Map<string, Shape<T>>();
  let odd: string | undefined;
  let count = 0;
  for (const { key, element } of elements) {
    if (++count % elementsAtOnce === 0) yield;
    const unreadable = key.find((pattern) => pattern.kind === 'unknown' || !hasForm(pattern));
    if (unreadable) {
      odd ??= unreadable.kind === 'unknown' ? unreadable.text : l10n.t`a mask with holes`;
      continue;
    }
    const forms = key.map(formOf);
    const id = forms.join();
    let shape = shapes.get(id);
    if (!shape) shapes.set(id, (shape = new Shape(forms)));
    shape.add(key, element);
  }
  for (const shape of shapes.values()) yield* shape.close();
  const ordered = [...others, ...shapes.values()].sort(longerFirst);
  return {
    find(key) {
      for (const shape of ordered) {
        const element = shape.find(key);
        if (element !== undefined) return { element };
      }
      return odd === undefined ? 'none' : { unknown: l10n.t`the element ${odd} is not understood` };
    },
  };
}

/** Elements whose parts have the same forms. */
export interface KeyShape<T> {
  readonly forms: readonly Form[];
  find(key: readonly Value[]): T | undefined;
}

/**
 * Elements of single values that are found by their keys as plainKey.ts makes them.
 *
 * @param lengths as in PlainElements
 */
export function plainShape<T>(
  lengths: readonly (number | undefined)[],
  get: (key: PlainKey, values: readonly Value[]) => T | undefined,
): KeyShape<T> {
  const forms = lengths.map((length): Form => length ?? '=');
  return {
    forms,
    find(values) {
      if (values.length !== forms.length) return undefined;
      const parts = values.map((value, i) => valueKey(value, forms[i]!));
      return parts.every((part) => part !== undefined) ? get(joinedKey(parts), values) : undefined;
    },
  };
}

/** `=` a value, `-` an interval, `*` a text's beginning with its length; else the prefix's length. */
type Form = '=' | '-' | `*${number}` | number;

function hasForm(pattern: Pattern): boolean {
  return pattern.kind !== 'network' || lengthOfPrefix(pattern.network) !== undefined;
}

/** Single addresses of IPv4, which most elements are, are told at a glance. */
function lengthOfPrefix(network: Network): number | undefined {
  const { mask } = network;
  return mask.length === 1 && mask[0] === 0xffffffff ? 32 : prefixLength(network);
}

function formOf(pattern: Pattern): Form {
  switch (pattern.kind) {
    case 'network':
      return lengthOfPrefix(pattern.network)!;
    case 'numbers':
      return pattern.from === pattern.to ? '=' : '-';
    case 'addresses':
      return '-';
    case 'text':
      return pattern.wildcard ? `*${pattern.text.length}` : '=';
    case 'unknown':
      return '=';
  }
}

/** mtype_test_cidrs (ip_set_hash_gen.h): the longest prefixes first. */
function longerFirst<T>(left: KeyShape<T>, right: KeyShape<T>): number {
  for (const [i, form] of left.forms.entries()) {
    const difference = lengthOf(right.forms[i]) - lengthOf(form);
    if (difference !== 0) return difference;
  }
  return 0;
}

function lengthOf(form: Form | undefined): number {
  return typeof form === 'number' ? form : -1;
}

type Key = PlainKey;

class Shape<T> implements KeyShape<T> {
  private readonly intervals: readonly number[];
  private readonly plain = new Map<Key, T>();
  private readonly lists = new Map<Key, IntervalList<T>>();

  constructor(readonly forms: readonly Form[]) {
    this.intervals = forms.flatMap((form, i) => (form === '-' ? [i] : []));
  }

  add(key: readonly Pattern[], element: T): void {
    const own = this.joined(key.map((pattern, i) => patternKey(pattern, this.forms[i]!)));
    if (this.intervals.length === 0) {
      if (!this.plain.has(own)) this.plain.set(own, element);
      return;
    }
    let list = this.lists.get(own);
    if (!list) this.lists.set(own, (list = new IntervalList()));
    list.add(
      this.intervals.map((i) => bounds(key[i]!)),
      element,
    );
  }

  *close(): Work<void> {
    for (const list of this.lists.values()) yield* list.close();
  }

  find(key: readonly Value[]): T | undefined {
    if (key.length !== this.forms.length) return undefined;
    const parts: Key[] = [];
    for (const [i, form] of this.forms.entries()) {
      if (form === '-') continue;
      const part = valueKey(key[i]!, form);
      if (part === undefined) return undefined;
      parts.push(part);
    }
    const own = joinedKey(parts);
    if (this.intervals.length === 0) return this.plain.get(own);
    return this.lists.get(own)?.find(this.intervals.map((i) => boundOf(key[i]!)));
  }

  private joined(parts: readonly (Key | undefined)[]): Key {
    return joinedKey(parts.filter((part) => part !== undefined));
  }
}

function joinedKey(parts: readonly Key[]): Key {
  return parts.length === 1 ? parts[0]! : parts.join('|');
}

/** undefined for an interval, which is no part of the map's key. */
function patternKey(pattern: Pattern, form: Form): Key | undefined {
  switch (pattern.kind) {
    case 'network':
      return networkKey(pattern.network.address, form as number);
    case 'numbers':
      return form === '-' ? undefined : pattern.from;
    case 'text':
      return pattern.text;
    case 'addresses':
    case 'unknown':
      return undefined;
  }
}

/** undefined where a value can't have that form: a number where elements are networks. */
function valueKey(value: Value, form: Form): Key | undefined {
  switch (value.kind) {
    case 'number':
      return form === '=' ? value.number : undefined;
    case 'address':
      return typeof form === 'number' ? networkKey(value.address, form) : undefined;
    case 'text': {
      if (form === '=') return value.text;
      if (typeof form !== 'string') return undefined;
      const length = Number(form.slice(1));
      return value.text.length >= length ? value.text.slice(0, length) : undefined;
    }
  }
}

const masks = new Map<number, readonly number[]>();

function networkKey({ family, words }: Address, length: number): Key {
  const id = family * 256 + length;
  let mask = masks.get(id);
  if (!mask) masks.set(id, (mask = prefixMask(family, length)));
  return addressKey({ family, words: words.map((word, i) => word & mask![i]!) });
}

function boundOf(value: Value): Bound {
  switch (value.kind) {
    case 'number':
      return value.number;
    case 'address':
      return addressBound(value.address);
    case 'text':
      return Number.NaN;
  }
}
