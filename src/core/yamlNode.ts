/** Part of a text: UTF-16 offsets from its beginning, `end` exclusive. */
export interface OffsetRange {
  readonly start: number;
  readonly end: number;
}

/**
 * A value of a YAML or JSON document and where it stands. An alias is the value of its anchor, at the
 * place of the alias. What is inside a map or a list may be read when it is first asked for.
 */
export type YamlNode = YamlMap | YamlList | YamlScalar;

export interface YamlMap {
  readonly kind: 'map';
  readonly range: OffsetRange;
  /** In the order of the text; what a merge key (`<<: *base`) brings comes last. Of two with one key the later counts. */
  readonly pairs: readonly YamlPair[];
}

export interface YamlList {
  readonly kind: 'list';
  readonly range: OffsetRange;
  readonly items: readonly YamlNode[];
}

export interface YamlScalar {
  readonly kind: 'scalar';
  /** With its quotes; of a block scalar from its `|` on. Empty, at the place where it would stand, for a value that is left out. */
  readonly range: OffsetRange;
  /** As YAML 1.2's core schema reads it: `80` is a number, `"80"` a string, nothing is null. */
  readonly value: string | number | boolean | null;
  /** `block`: `|` and `>`; `plain`: without quotes. */
  readonly style: 'plain' | 'quoted' | 'block';
}

export interface YamlPair {
  readonly key: string;
  readonly keyRange: OffsetRange;
  readonly value: YamlNode;
}

/** One value by its path: `at(root, 'spec', 'ports', 0, 'port')`; undefined where nothing stands. */
export function at(
  node: YamlNode | undefined,
  ...path: readonly (string | number)[]
): YamlNode | undefined {
  return path.reduce(step, node);
}

/** One key with its value by the path: `pairAt(root, 'ipvs', 'scheduler')`. */
export function pairAt(
  node: YamlNode | undefined,
  ...path: readonly string[]
): YamlPair | undefined {
  const parent = at(node, ...path.slice(0, -1));
  const key = path.at(-1);
  return parent?.kind === 'map' ? parent.pairs.findLast((pair) => pair.key === key) : undefined;
}

function step(node: YamlNode | undefined, key: string | number): YamlNode | undefined {
  if (typeof key === 'number') return node?.kind === 'list' ? node.items[key] : undefined;
  return pairAt(node, key)?.value;
}

/** The text of a scalar that is a string, else undefined: `at` and this read a field of a manifest. */
export function stringAt(
  node: YamlNode | undefined,
  ...path: readonly (string | number)[]
): string | undefined {
  const found = at(node, ...path);
  return found?.kind === 'scalar' && typeof found.value === 'string' ? found.value : undefined;
}

/** The innermost pair around an offset, with the keys that lead to it: what a hover stands on. */
export function pairAround(
  node: YamlNode | undefined,
  offset: number,
): { readonly pair: YamlPair; readonly path: readonly (string | number)[] } | undefined {
  if (node?.kind === 'list') {
    const index = node.items.findIndex(({ range }) => range.start <= offset && offset <= range.end);
    const found = index < 0 ? undefined : pairAround(node.items[index], offset);
    return found && { ...found, path: [index, ...found.path] };
  }
  if (node?.kind !== 'map') return undefined;
  // A block ends where the next key begins: the key counts there.
  const pair = node.pairs.findLast(({ keyRange, value }) => {
    return keyRange.start <= offset && offset <= Math.max(keyRange.end, value.range.end);
  });
  if (!pair) return undefined;
  const inside = pairAround(pair.value, offset);
  return inside ? { ...inside, path: [pair.key, ...inside.path] } : { pair, path: [pair.key] };
}

/** Values of a document that an alias repeats so often that reading them all would never end. */
const mostValues = 100_000;

/**
 * The plain JavaScript value: maps become objects. undefined for a document whose aliases repeat so
 * much, or so endlessly, that it is no manifest.
 */
export function toValue(node: YamlNode | undefined): unknown {
  let left = mostValues;
  const read = (current: YamlNode, depth: number): unknown => {
    if (--left < 0 || depth > 200) throw new RangeError();
    if (current.kind === 'scalar') return current.value;
    if (current.kind === 'list') return current.items.map((item) => read(item, depth + 1));
    const entries = current.pairs.map(({ key, value }) => [key, read(value, depth + 1)] as const);
    return Object.fromEntries(entries);
  };
  try {
    return node && read(node, 0);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
