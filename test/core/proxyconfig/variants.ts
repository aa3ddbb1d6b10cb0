import { readdirSync, readFileSync } from 'node:fs';
import { indexObjects } from '../../../src/core/objects/objectIndex';
import { sortObjects, type ClusterObject } from '../../../src/core/objects/types';
import type { ProxyNode } from '../../../src/core/proxyconfig/node';
import type { YamlNode } from '../../../src/core/yamlNode';
import { proxyVersion } from '../../../src/core/proxyconfig/version';
import { parseIpvsTimeouts } from '../../../src/syntax/ipvs/statistics';
import { proxyLogParser } from '../../../src/syntax/kubeproxy/log';
import { parseLines } from '../../../src/syntax/lines';
import { parseObjects } from '../../../src/syntax/objects/objects';
import { parseYaml } from '../../../src/syntax/yaml/parse';
import { readTexts, textsIn } from '../../dumps';

const root = 'test/fixtures/proxyconfig';

/** The real kube-proxy's dumps with one configuration each, by the folder's name. */
export const variants: readonly string[] = readdirSync(root).sort();

function textOf(path: string): string | undefined {
  try {
    return readFileSync(`${root}/${path}`, 'utf8');
  } catch {
    return undefined;
  }
}

/** The value of a YAML text. */
export function configOf(text: string): YamlNode {
  return parseYaml(text).root(0)!;
}

/** The configuration that a variant's kube-proxy ran with, as text. */
export function configText(variant: string): string {
  return textOf(`${variant}/node-a/kube-proxy.config.yaml`)!;
}

const nodes = new Map<string, Promise<ProxyNode>>();

/** What is at hand of node-a of a variant. */
export function variantNode(variant: string): Promise<ProxyNode> {
  const known = nodes.get(variant) ?? read(variant);
  nodes.set(variant, known);
  return known;
}

async function read(variant: string): Promise<ProxyNode> {
  const folder = `${variant}/node-a`;
  const state = await readTexts(textsIn(`${root}/${folder}`));
  const logText = textOf(`${folder}/kube-proxy.log`) ?? '';
  const log = parseLines(logText, proxyLogParser('kube-proxy.log')).value;
  const timeouts = textOf(`${folder}/ipvsadm-L-timeout.txt`);
  const objects = await objectsOf(variant);
  return {
    state,
    objects,
    log,
    version: proxyVersion(state.name, objects, log.version),
    timeouts: timeouts === undefined ? undefined : parseIpvsTimeouts(timeouts),
  };
}

async function objectsOf(variant: string): Promise<ProxyNode['objects']> {
  const text = textOf(`${variant}/objects/nodes.yaml`);
  if (text === undefined) return undefined;
  const { value } = await parseObjects(text, 'nodes.yaml', () => Promise.resolve());
  return indexObjects(sortObjects(value.nodes as readonly ClusterObject[]));
}
