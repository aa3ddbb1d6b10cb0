import type { ProxyNode } from '../node';
import { readSettings } from '../settings';
import type { YamlNode } from '../../yamlNode';
import { checkExcludeCidrs, checkMasqueradeBit, checkNodePortAddresses } from './addresses';
import type { Check, ConfigFinding } from './finding';
import { checkGates, checkLoopback } from './gates';
import { checkKeys } from './keys';
import { checkClusterCidr, checkLocalMode } from './localTraffic';
import { checkMode, checkScheduler } from './mode';
import { checkSync, checkTypes } from './types';

const checks: readonly Check[] = [
  checkTypes,
  checkKeys,
  checkMode,
  checkGates,
  checkScheduler,
  checkClusterCidr,
  checkLocalMode,
  checkNodePortAddresses,
  checkLoopback,
  checkExcludeCidrs,
  checkMasqueradeBit,
  checkSync,
];

/**
 * What is wrong with a configuration: for itself, for the releases of `nodes`, and for what their
 * dumps and the cluster's objects show. In the order of the text.
 */
export function checkConfig(
  root: YamlNode | undefined,
  nodes: readonly ProxyNode[] = [],
): readonly ConfigFinding[] {
  if (root?.kind !== 'map') return [];
  const minors = [...new Set(nodes.flatMap(({ version }) => version?.minor ?? []))];
  const input = {
    root,
    settings: readSettings(root),
    nodes,
    minors: minors.sort((left, right) => left - right),
  };
  return checks
    .flatMap((check) => check(input))
    .sort((left, right) => left.range.start - right.range.start);
}
