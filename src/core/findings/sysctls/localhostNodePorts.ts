import * as l10n from '@vscode/l10n';
import type { Check } from '../check';
import { isSetOnADevice, toldSysctl } from './told';

/**
 * The rules take NodePorts on 127.0.0.1, and the kernel lets no packet from there out of the node
 * (ip_route_output, route_localnet). kube-proxy sets the sysctl once, when it starts.
 */
export const localhostNodePortsDead: Check = {
  code: 'node-ports-not-on-localhost',
  severity: 'information',
  title: l10n.t('NodePorts do not answer on 127.0.0.1, although the rules take them there'),
  modes: ['iptables'],
  *find({ node, programmed: { nodePorts, ports } }) {
    const told = toldSysctl(node, 'net.ipv4.conf.all.route_localnet');
    if (told?.value !== '0' || isSetOnADevice(node, 4, 'route_localnet')) return;
    if (!nodePorts || nodePorts.butLoopback) return;
    const { addresses, range } = nodePorts;
    if (addresses !== 'all' && !addresses.some((address) => address.startsWith('127.'))) return;
    const hasOne = ports.some(({ service }) =>
      service.entries.some(({ kind }) => kind === 'node-port'),
    );
    if (!hasOne) return;
    yield {
      message: l10n.t`${told.name} is 0: a program on this node that asks 127.0.0.1 for a NodePort comes to no pod, although the rules send it to one.`,
      range: told.range,
      related: [{ message: l10n.t('the rule that takes NodePorts on 127.0.0.1'), range }],
    };
  },
};
