import * as vscode from 'vscode';
import { configKey } from '../../core/proxyconfig/keys';
import { pairAround, type YamlPair } from '../../core/yamlNode';
import { hoverOf } from '../../workspace/hover/hoverOf';
import type { ProxyConfigs } from './configs';
import type { ConfigNodes } from './nodes';

/** Hovers on the keys and values of kube-proxy's configuration. */
export function configHoverProvider(
  configs: ProxyConfigs,
  nodes: ConfigNodes,
): vscode.HoverProvider {
  return {
    async provideHover(document, position, token) {
      const found = await configs.of(document);
      const offset = document.offsetAt(position);
      const config = found?.find(({ range }) => range.start <= offset && offset <= range.end);
      if (!config?.exact) return undefined;
      const around = pairAround(config.root, offset);
      const path = around?.path.filter((part) => typeof part === 'string').join('.');
      const key = path === undefined ? undefined : configKey(path);
      if (!around || !key || key.path === 'kind' || key.path === 'apiVersion') return undefined;
      const range = hoveredRange(document, around.pair, position);
      if (!range) return undefined;
      const compared = await nodes.nearOrHeld(document.uri);
      if (token.isCancellationRequested) return undefined;
      const { keyBlocks } = await import('./hoverText');
      return hoverOf(keyBlocks(key, config.root, compared), range);
    },
  };
}

/** The key, or its value where that stands on one line; of a map and of a list only the key and items. */
function hoveredRange(
  document: vscode.TextDocument,
  { keyRange, value }: YamlPair,
  position: vscode.Position,
): vscode.Range | undefined {
  const items = value.kind === 'list' ? value.items : value.kind === 'scalar' ? [value] : [];
  return [keyRange, ...items.map(({ range }) => range)]
    .map(({ start, end }) => new vscode.Range(document.positionAt(start), document.positionAt(end)))
    .find((range) => range.contains(position));
}
