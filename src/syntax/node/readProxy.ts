import type { NodeState } from '../../core/node';
import type { YamlNode } from '../../core/yamlNode';
import { finish } from '../../core/work';
import { baseName } from '../dumps/recognize';
import { isConfigName } from '../kubeproxy/configName';
import { configKinds, proxyConfigsIn } from '../kubeproxy/configs';
import { proxyLogParser } from '../kubeproxy/log';
import { parseLinesInSlices } from '../lines';
import { at } from '../../core/yamlNode';
import { objectReader, type YamlObject } from '../yaml/objects';
import type { ClassifiedFile } from './dumpFile';

/** What a node's files tell of the kube-proxy that runs there. */
export type ProxyFacts = Pick<NodeState, 'proxyConfig' | 'proxyLog'>;

/** Larger files are no configuration, in characters: YAML takes half a second a megabyte. */
const mostConfig = 64 << 10;

/** kube-proxy's configuration and log beside a node's dumps, where they lie there. */
export async function readProxy(
  files: readonly ClassifiedFile[],
  text: (file: ClassifiedFile) => Promise<string | undefined>,
  pause: () => Promise<void>,
): Promise<ProxyFacts> {
  const found: { -readonly [K in keyof ProxyFacts]: ProxyFacts[K] } = {};
  const named = [...files].sort((left, right) => (left.path < right.path ? -1 : 1));
  for (const file of named) {
    if (file.problem !== undefined || file.size === 0) continue;
    if (found.proxyConfig === undefined && isConfig(file)) {
      const config = await configOf((await text(file)) ?? '');
      if (config) found.proxyConfig = config;
    } else if (found.proxyLog === undefined && isLog(file)) {
      const parser = proxyLogParser(file.path);
      found.proxyLog = (await parseLinesInSlices((await text(file)) ?? '', parser, pause)).value;
    }
  }
  return found;
}

function isConfig({ kind, path, size }: ClassifiedFile): boolean {
  if (size > 4 * mostConfig) return false;
  return kind === 'kube-proxy-config' || isConfigName(baseName(path));
}

function isLog({ path }: ClassifiedFile): boolean {
  return /^kube-proxy[\w-]*\.log$/.test(baseName(path));
}

/** The file itself, what /configz answered, or the text in kube-proxy's ConfigMap. */
async function configOf(text: string): Promise<YamlNode | undefined> {
  if (text.length > mostConfig || !text.includes('KubeProxyConfiguration')) return undefined;
  const yaml = await import('../yaml/parse');
  const objects: YamlObject[] = [];
  finish(objectReader(yaml, configKinds)(text, objects));
  const [first] = proxyConfigsIn(objects, text, yaml.parseYaml);
  if (first) return first.root;
  const root = yaml.parseYaml(text).root(0);
  return root?.kind === 'map' ? (at(root, 'kubeproxy.config.k8s.io') ?? root) : undefined;
}
