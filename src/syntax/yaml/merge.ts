import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Alias,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';

/*
 * Aliases and merge keys (`<<: *base`) of the yaml package's nodes. Loaded by parse.ts alone.
 */

export type ParsedMap = YAMLMap<Node, Node | null>;

/** The nodes with each anchor, in the order of the text. */
export type Anchors = ReadonlyMap<string, readonly Node[]>;

/**
 * Pairs that all merges of a document bring together: eight lines can ask for millions. It bounds as well
 * how many maps are merged one into the other, some 450: each brings the pairs of all before it.
 */
const mostMerged = 100_000;

/** What an alias stands for: the last node before it with its anchor. */
export function targetOf(alias: Alias, anchors: Anchors): Node | undefined {
  const nodes = anchors.get(alias.source) ?? [];
  const at = startOf(alias);
  let [low, high] = [0, nodes.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (startOf(nodes[middle]!) < at) low = middle + 1;
    else high = middle;
  }
  return nodes[low - 1];
}

function startOf({ range }: Node): number {
  return range?.[0] ?? 0;
}

export function isMerge({ key }: Pair<Node, Node | null>): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}

/** `<<: *base`, `<<: [*a, *b]`, of which the first counts. */
export function mergedMaps(
  { value }: Pair<Node, Node | null>,
  anchors: Anchors,
): readonly ParsedMap[] {
  const sources = isSeq(value) ? (value.items as Node[]) : value ? [value] : [];
  return sources.flatMap((source) => {
    const map = isAlias(source) ? targetOf(source, anchors) : source;
    return isMap(map) ? [map as ParsedMap] : [];
  });
}

/** Whether the merges of a document are as few as any manifest's, counted without doing them. */
export function mergesWithin(maps: readonly ParsedMap[], anchors: Anchors): boolean {
  const read = new Map<ParsedMap, number>();
  // What is merged ends before the map that merges it, but for one that would merge itself.
  const inOrder = [...maps].sort((left, right) => endOf(left) - endOf(right));
  let all = 0;
  for (const map of inOrder) {
    let pairs = map.items.length;
    for (const source of map.items.filter(isMerge).flatMap((pair) => mergedMaps(pair, anchors))) {
      const known = read.get(source) ?? 0;
      pairs += known;
      all += known;
    }
    if (all > mostMerged) return false;
    read.set(map, pairs);
  }
  return true;
}

function endOf({ range }: Node): number {
  return range?.[1] ?? 0;
}
