import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Family } from '../../core/address';
import { expectedRules } from '../../core/expected';
import type { ActualTables } from '../../core/rules/ruleTexts';
import { ipvsActual } from '../../core/expected/compare/ipvsActual';
import { compareChains, type ChainComparison } from '../../core/expected/compare/chains';
import type { ExpectedInput } from '../../core/expected/input';
import { kernelFactsOf } from '../../core/expected/kernel';
import type { ExpectedRuleset } from '../../core/expected/rules';
import type { ClusterObjects } from '../../core/objects/types';
import { readSettings, type ProxySettings } from '../../core/proxyconfig/settings';
import type { ProxyLog } from '../../core/proxyconfig/node';
import type { ConfigValue } from '../../core/proxyconfig/value';
import { recognizeRelease } from '../../core/kubeproxy/release/recognize';
import { newestMinor, proxyVersion } from '../../core/proxyconfig/version';
import { finish } from '../../core/work';
import { nftBlocks } from '../../syntax/expected/nftBlocks';
import { savedRules } from '../../syntax/expected/savedRules';
import { proxyLogParser } from '../../syntax/kubeproxy/log';
import { linesOf, parseLines } from '../../syntax/lines';
import { parseYaml } from '../../syntax/yaml/parse';
import { at } from '../../syntax/yaml/node';
import { readNodeFolder } from '../nodeFiles';
import { readObjectsFolder } from '../objectsFolder';
import { ruleCount, type Outcome } from './report';

/** Each node of a dump and each family of which there are rules; none without objects or configuration. */
export async function outcomesOfDump(folder: string): Promise<readonly Outcome[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  if (!entries.some((entry) => entry.isDirectory() && entry.name === 'objects')) return [];
  const objects = await readObjectsFolder(join(folder, 'objects'));
  const nodes = entries.filter((entry) => entry.isDirectory() && entry.name !== 'objects');
  const outcomes: Outcome[] = [];
  for (const { name } of nodes) {
    const found = await ofNode(join(folder, name), objects);
    outcomes.push(...found.map((one) => ({ ...one, name: `${basename(folder)}/${one.name}` })));
  }
  return outcomes;
}

async function ofNode(folder: string, objects: ClusterObjects): Promise<readonly Outcome[]> {
  const compared = await compareNode(folder, objects);
  return compared.map(({ node, path, ruleset, comparison }) => ({
    name: `${node}/${path}`,
    rules: ruleCount(ruleset),
    comparison,
  }));
}

/** One dump of a node beside what kube-proxy should have written. */
export interface ComparedDump {
  readonly node: string;
  /** Within the node's folder. */
  readonly path: string;
  readonly ruleset: ExpectedRuleset;
  readonly comparison: ChainComparison;
  readonly release: number;
  /** ISO 8601, as NodeState.captured. */
  readonly captured: string | undefined;
}

/** Compares each dump of rules in a node's folder; none without kube-proxy's configuration. */
export async function compareNode(
  folder: string,
  objects: ClusterObjects,
): Promise<readonly ComparedDump[]> {
  const config = await configOf(folder);
  if (!config) return [];
  const { state, parts } = await readNodeFolder(folder, false);
  const log = await logOf(folder);
  const version = proxyVersion(state.name, { nodes: objects.nodes, pods: [] }, log?.version);
  const settings = readSettings(config);
  const { mode } = settings;
  const found: ComparedDump[] = [];
  for (const family of [4, 6] as const) {
    const part = mode === 'nftables' ? 'nftables' : family === 4 ? 'IPv4 rules' : 'IPv6 rules';
    const files = parts.find((one) => one.part === part)?.files ?? [];
    for (const { path } of files.slice(0, mode === 'nftables' ? 1 : undefined)) {
      const text = await readFile(join(folder, path), 'utf8');
      const beside = mode === 'ipvs' ? ipvsActual(state, family) : [];
      const actual: ActualTables = new Map([...actualOf(text, mode ?? '', family), ...beside]);
      if (!hasProxyRules(actual)) continue;
      const release = version?.minor ?? recognized(mode, actual);
      if (release === undefined) continue;
      const { name, interfaces, captured } = state;
      const kernel = kernelFactsOf(actual, state.sysctls);
      const zoneMissing = log?.zoneMissing ?? false;
      const node = { name, kernel, zoneMissing, ...(interfaces && { interfaces }) };
      const input: ExpectedInput = { objects, settings, release, node };
      const ruleset = finish(expectedRules(input, family));
      if (!ruleset) continue;
      const comparison = finish(compareChains(ruleset, actual));
      found.push({ node: name, path, ruleset, comparison, release, captured });
    }
  }
  return found;
}

/** Rules of another mode's kube-proxy, or none at all, are no rules to compare. */
function hasProxyRules(actual: ActualTables): boolean {
  return actual.has('kube-proxy') || actual.get('nat')?.has('KUBE-SERVICES') === true;
}

function actualOf(text: string, mode: string, family: Family): ActualTables {
  const lines = linesOf(text);
  return finish(mode === 'nftables' ? nftBlocks(lines, family) : savedRules(lines));
}

/** The file that holds kube-proxy's configuration, or what /configz answered. */
async function configOf(folder: string): Promise<ConfigValue | undefined> {
  for (const name of (await readdir(folder)).sort()) {
    if (!/^kube-proxy.*\.ya?ml$|^configz\.json$/.test(name)) continue;
    const text = await readFile(join(folder, name), 'utf8');
    if (!text.includes('KubeProxyConfiguration')) continue;
    const root = parseYaml(text).root(0);
    return root?.kind === 'map' ? (at(root, 'kubeproxy.config.k8s.io') ?? root) : undefined;
  }
  return undefined;
}

async function logOf(folder: string): Promise<ProxyLog | undefined> {
  const file = (await readdir(folder)).find((each) => /^kube-proxy\.log$/.test(each));
  if (file === undefined) return undefined;
  return parseLines(await readFile(join(folder, file), 'utf8'), proxyLogParser(file)).value;
}

/** The newest release that writes such rules. */
function recognized(mode: ProxySettings['mode'], actual: ActualTables): number | undefined {
  const found = recognizeRelease(mode === 'nftables' ? { nft: actual } : { four: actual });
  return found && (found.until ?? newestMinor);
}
