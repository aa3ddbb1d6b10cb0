import { compareKey } from '../../../src/core/proxyconfig/compare';
import type { ProxyNode } from '../../../src/core/proxyconfig/node';
import { readSettings } from '../../../src/core/proxyconfig/settings';
import { madeNode } from '../expected/agreement/madeNode';
import type { Cluster, Mode } from '../expected/byHand';
import { configOf } from './variants';

const nodePort = { name: 'http', port: 80, nodePort: 30080, protocol: 'TCP' };

/** A Service with a node port. */
export const open: Cluster = { spec: { type: 'NodePort', ports: [nodePort] } };

/** `differs: ...`: what a node's dumps say of a key of a configuration; undefined where nothing. */
export function said(node: ProxyNode, path: string, config: string): string | undefined {
  const found = compareKey(path, readSettings(configOf(config)), node);
  return found && `${found.verdict}: ${found.text}`;
}

/** A node that kube-proxy 1.36 wrote the rules of, with this configuration. */
export async function nodeWith(mode: Mode, config: Cluster['config'] = {}): Promise<ProxyNode> {
  const { state, objects } = await madeNode({ ...open, config }, mode);
  return { state, objects };
}
