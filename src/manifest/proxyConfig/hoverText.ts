import * as vscode from 'vscode';
import { compareKey } from '../../core/proxyconfig/compare';
import {
  defaultHistory,
  defaultIn,
  releases,
  type ConfigKey,
} from '../../core/proxyconfig/keys/key';
import { readSettings } from '../../core/proxyconfig/settings';
import type { YamlNode } from '../../core/yamlNode';
import type { ProxyVersion } from '../../core/proxyconfig/version';
import type { SourceRange } from '../../core/source';
import {
  shareComparisons,
  valueInWords,
  type SharedComparison,
} from '../../core/proxyconfig/words';
import {
  code,
  lineLink,
  quiet,
  strong,
  type Block,
  type Span,
} from '../../workspace/hover/content';
import type { ComparedNodes } from './nodes';

/** What one key means, what it is by default, and whether the nodes near show its value. */
export function keyBlocks(key: ConfigKey, root: YamlNode, near: ComparedNodes): Block[] {
  const when = releases(key);
  const heading: Span[] = [code(key.path)];
  if (when !== undefined) heading.push(' ', quiet(when));
  const value = valueInWords(root, key.path);
  return [
    heading,
    [key.meaning],
    ...(value === undefined ? [] : [[value]]),
    ...defaultBlocks(key, versionsOf(near)),
    ...nodeBlocks(key, root, near),
  ];
}

function versionsOf({ nodes }: ComparedNodes): readonly ProxyVersion[] {
  const byMinor = new Map<number, ProxyVersion>();
  for (const { version } of nodes) if (version) byMinor.set(version.minor, version);
  return [...byMinor.values()];
}

function defaultBlocks(key: ConfigKey, versions: readonly ProxyVersion[]): Block[] {
  if (key.type === 'map' && !key.defaults) return [];
  const history = defaultHistory(key);
  if (history === undefined) return [[quiet(vscode.l10n.t('Its default is not known.'))]];
  const [version] = versions;
  const value = version && defaultIn(key, version.minor);
  if (versions.length !== 1 || value === undefined) {
    return [[strong(vscode.l10n.t('Default')), ': ', history]];
  }
  return [
    [strong(vscode.l10n.t('Default')), ': ', value, ' ', quiet(`(${versionText(version!)})`)],
  ];
}

function versionText({ text, from }: ProxyVersion): string {
  switch (from) {
    case 'image':
      return vscode.l10n.t('{0} by the image of its Pod', text);
    case 'log':
      return vscode.l10n.t('{0} by the log of kube-proxy', text);
    case 'kubelet':
      return vscode.l10n.t("{0} by the node's kubelet", text);
  }
}

function nodeBlocks(
  key: ConfigKey,
  root: YamlNode,
  { nodes, more, cluster }: ComparedNodes,
): Block[] {
  const settings = readSettings(root);
  const found = nodes.flatMap((node) => compareKey(key.path, settings, node) ?? []);
  const items = shareComparisons(found).map(comparisonSpans);
  if (more > 0 && items.length > 0) {
    items.push([quiet(vscode.l10n.t('{0} more nodes were not compared', more))]);
  }
  if (items.length > 0 && cluster !== undefined) {
    const text = vscode.l10n.t('Compared with the dumps that are held of {0}:', cluster);
    return [[quiet(text)], { items }];
  }
  if (items.length > 0) return [{ items }];
  if (nodes.length > 0 || compareKey(key.path, settings, nothing) === undefined) return [];
  const text = vscode.l10n.t(
    'No dumps of a node are near this file, or held of the current cluster, to compare it with.',
  );
  return [[quiet(text)]];
}

/** Tells whether a key shows in dumps at all. */
const nothing = { state: { name: '', rulesets: [], findings: [] } };

function comparisonSpans({ verdict, text, nodes, evidence }: SharedComparison): Span[] {
  const link: Span[] = evidence ? [' ', lineLink(evidence, placeName(evidence))] : [];
  return [strong(verdictText(verdict, nodes)), ': ', text, ...link];
}

/** `iptables-save.txt:12`: the line is of another file than the hover's. */
function placeName({ source, line }: SourceRange): string {
  const { path } = vscode.Uri.parse(source);
  return `${path.slice(path.lastIndexOf('/') + 1)}:${line + 1}`;
}

function verdictText(verdict: SharedComparison['verdict'], nodes: string): string {
  switch (verdict) {
    case 'applied':
      return vscode.l10n.t('Applied on {0}', nodes);
    case 'differs':
      return vscode.l10n.t('Not applied on {0}', nodes);
    case 'unknown':
      return vscode.l10n.t('Unknown on {0}', nodes);
    case 'unused':
      return vscode.l10n.t('Not used');
  }
}
