import { list } from '../../list';
import type { Finding } from '../../finding';
import type { ProxyNode } from '../node';
import type { ProxySettings } from '../settings';
import type { YamlMap, YamlScalar, YamlNode, OffsetRange } from '../../yamlNode';
import { pairOf } from '../value';

/** Something wrong with a configuration; the place is in the text that its values are of. */
export type ConfigFinding = Pick<Finding, 'severity' | 'code' | 'message'> & {
  readonly range: OffsetRange;
};

/** What the checks know. */
export interface CheckInput {
  readonly root: YamlMap;
  readonly settings: ProxySettings;
  /** The nodes whose dumps are at hand. */
  readonly nodes: readonly ProxyNode[];
  /** The minor versions of their kube-proxies, ascending; empty where none is known. */
  readonly minors: readonly number[];
}

export type Check = (input: CheckInput) => readonly ConfigFinding[];

export function finding(
  severity: ConfigFinding['severity'],
  code: string,
  message: string,
  range: OffsetRange,
): ConfigFinding {
  return { severity, code, message, range };
}

/** Where a key's value is written, else the key, else where the configuration begins to say what it is. */
export function placeOf(root: YamlMap, ...paths: readonly string[]): OffsetRange {
  for (const path of paths) {
    const pair = pairOf(root, path);
    if (!pair) continue;
    const { range } = pair.value;
    return range.end > range.start ? range : pair.keyRange;
  }
  return root.pairs[0]?.keyRange ?? root.range;
}

/** A part of a scalar's text, where that stands on one line as it is; else the whole scalar. */
export function partOf(
  { range, value, style }: YamlScalar,
  index: number,
  length: number,
): OffsetRange {
  const quote = style === 'quoted' ? 1 : 0;
  const asWritten =
    typeof value === 'string' &&
    style !== 'block' &&
    range.end - range.start === value.length + 2 * quote;
  if (!asWritten || length === 0) return range;
  const start = range.start + quote + index;
  return { start, end: start + length };
}

/** The scalars of a list that are texts. */
export function textItems(root: YamlMap, path: string): (YamlScalar & { value: string })[] {
  const value = pairOf(root, path)?.value;
  return value?.kind === 'list' ? value.items.filter(isText) : [];
}

function isText(value: YamlNode): value is YamlScalar & { value: string } {
  return value.kind === 'scalar' && typeof value.value === 'string';
}

/** `kube-proxy 1.20`, `kube-proxy 1.20 and 1.21`. */
export function proxyNamed(minors: readonly number[]): string {
  return `kube-proxy ${list(minors.map((minor) => `1.${minor}`))}`;
}
