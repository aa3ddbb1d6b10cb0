import { conntrackKeys } from './conntrack';
import { generalKeys } from './general';
import type { ConfigKey } from './key';
import { modeKeys } from './modes';
import { windowsKeys } from './windows';

/** Every key that KubeProxyConfiguration v1alpha1 has or had, 1.9 to 1.36. */
export const configKeys: readonly ConfigKey[] = [
  ...generalKeys,
  ...modeKeys,
  ...conntrackKeys,
  ...windowsKeys,
];

const byPath: ReadonlyMap<string, ConfigKey> = new Map(configKeys.map((key) => [key.path, key]));

export function configKey(path: string): ConfigKey | undefined {
  return byPath.get(path);
}

/** The maps whose keys are not in the table: feature names, and the many options of the log. */
const open: ReadonlySet<string> = new Set(['featureGates', 'logging']);

/** The keys in one map: '' for the top; undefined where any name may stand. */
export function keysIn(map: string): readonly ConfigKey[] | undefined {
  if (open.has(map.split('.', 1)[0]!)) return undefined;
  const start = map === '' ? '' : `${map}.`;
  return configKeys.filter(
    ({ path }) => path.startsWith(start) && !path.slice(start.length).includes('.'),
  );
}
