import type { ProxyMode } from './keys/key';
import type { YamlNode } from '../yamlNode';

/** The same configuration in another mode, whose own section then counts. */
export function withMode(root: YamlNode, mode: ProxyMode): YamlNode {
  if (root.kind !== 'map') return root;
  const { range } = root;
  const value: YamlNode = { kind: 'scalar', range, value: mode, style: 'plain' };
  const others = root.pairs.filter(({ key }) => key !== 'mode');
  return { ...root, pairs: [...others, { key: 'mode', keyRange: range, value }] };
}
