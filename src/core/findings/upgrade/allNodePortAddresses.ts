import * as l10n from '@vscode/l10n';
import type { Check } from '../check';

/** Mode nftables takes NodePorts on the primary address alone unless nodePortAddresses says more. */
export const allNodePortAddresses: Check = {
  code: 'node-ports-on-all-addresses',
  severity: 'information',
  title: l10n.t('NodePorts answer on addresses that mode nftables leaves out'),
  group: 'ready-for-1.40',
  modes: ['iptables'],
  *find({ node, programmed: { nodePorts, ports } }) {
    if (nodePorts?.addresses !== 'all') return;
    if (!ports.some(({ service }) => service.entries.some(({ kind }) => kind === 'node-port')))
      return;
    const own = (node.interfaces ?? []).flatMap(({ name, addresses }) =>
      name === 'lo'
        ? []
        : addresses.filter(({ address, scope }) => address.family === 4 && scope === 'global'),
    );
    if (own.length < 2) return;
    yield {
      message: l10n.t`NodePorts answer on each of the ${own.length} addresses of this node; mode nftables, the default from 1.40, takes them on the node's primary address alone unless nodePortAddresses is set.`,
      range: nodePorts.range,
    };
  },
};
