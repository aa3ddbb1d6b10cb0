import type { NodeState } from '../node';
import { once } from '../once';
import type { ClusterObjects, PodObject } from '../objects/types';
import { configOfCommand, type CommandConfig } from './flags';
import type { YamlNode } from '../yamlNode';

/**
 * kube-proxy's configuration on a node: as a file beside its dumps has it, or as it answered; else by
 * the flags of its Pod or DaemonSet; else by the cluster's ConfigMap. undefined where none tells, or
 * several ConfigMaps tell different ones.
 */
export function nodeConfigOf(
  { name, proxyConfig }: Pick<NodeState, 'name' | 'proxyConfig'>,
  objects: Pick<ClusterObjects, 'pods' | 'proxyConfigs' | 'proxyCommands'> | undefined,
): YamlNode | undefined {
  if (proxyConfig || !objects) return proxyConfig;
  const { pods, proxyCommands = [], proxyConfigs = [] } = objects;
  const own = ownCommands(pods).get(name) ?? firstCommand(proxyCommands.map(({ words }) => words));
  if (own?.kind === 'flags') return own.config;
  const [first, ...others] = proxyConfigs;
  const named = proxyConfigs.find(({ metadata }) => metadata.name === 'kube-proxy');
  return others.length === 0 ? first?.config : named?.config;
}

/** How kube-proxy was started, by the Node that its Pod runs on; looked for once for all nodes. */
const ownCommands = once((pods: readonly PodObject[]): ReadonlyMap<string, CommandConfig> => {
  const found = new Map<string, CommandConfig>();
  for (const { nodeName, containers } of pods) {
    if (nodeName === undefined || found.has(nodeName)) continue;
    const own = firstCommand(containers.map(({ command, args }) => [...command, ...args]));
    if (own) found.set(nodeName, own);
  }
  return found;
});

function firstCommand(all: readonly (readonly string[])[]): CommandConfig | undefined {
  for (const words of all) {
    const found = configOfCommand(words);
    if (found) return found;
  }
  return undefined;
}
