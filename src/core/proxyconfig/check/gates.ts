import * as l10n from '@vscode/l10n';
import { isLoopback } from '../../specialAddresses';
import { cidrOf } from '../settings';
import { booleanOf, pairOf } from '../value';
import type { YamlMap } from '../../yamlNode';
import { finding, proxyNamed, textItems, type CheckInput, type ConfigFinding } from './finding';

/** A feature gate as the configuration sets it; undefined where it is left to its default. */
export function gateOf(root: YamlMap, name: string): boolean | undefined {
  const value = pairOf(root, `featureGates.${name}`)?.value;
  return value?.kind === 'scalar' ? booleanOf(value) : undefined;
}

/** kube-proxy's own gates of 1.37 (PR 139397; KEP-6032). */
const gatesOf37 = ['KubeProxyIPVS', 'KubeProxyNFTablesLocalhostNodePorts'];

/** Validate (validation.go): a gate that the release does not know is an error. */
export function checkGates({ root, minors }: CheckInput): readonly ConfigFinding[] {
  const before = minors.filter((minor) => minor < 37);
  if (before.length === 0) return [];
  return gatesOf37.flatMap((name) => {
    const pair = pairOf(root, `featureGates.${name}`);
    if (!pair) return [];
    const message = l10n.t`${proxyNamed(before)} refuses this and ends: the feature gate ${name} came with 1.37.`;
    return [finding('error', 'gate-too-new', message, pair.keyRange)];
  });
}

/** Loopback addresses that are asked for in mode nftables, which answers there behind a gate only. */
export function checkLoopback({ root, settings }: CheckInput): readonly ConfigFinding[] {
  const gate = 'KubeProxyNFTablesLocalhostNodePorts';
  if (settings.mode !== 'nftables' || gateOf(root, gate) === true) return [];
  return textItems(root, 'nodePortAddresses')
    .filter(({ value }) => {
      const network = cidrOf(value);
      return value === 'localhost' || (network !== undefined && isLoopback(network.address));
    })
    .map(({ value, range }) => {
      const message = l10n.t`In mode nftables node ports do not answer on ${value} without the feature gate ${gate} (alpha since 1.37, TCP alone).`;
      return finding('information', 'node-port-loopback-off', message, range);
    });
}
