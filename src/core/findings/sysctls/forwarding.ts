import * as l10n from '@vscode/l10n';
import type { Family } from '../../address';
import type { Check } from '../check';
import { isSetOnADevice, toldSysctl } from './told';

/** Names of the one switch of each family (net/ipv4/devinet.c, ip6_forward in net/ipv6/ip6_output.c). */
const switches: Readonly<Record<Family, readonly string[]>> = {
  4: ['net.ipv4.ip_forward', 'net.ipv4.conf.all.forwarding'],
  6: ['net.ipv6.conf.all.forwarding'],
};

/**
 * What pods send is routed by the node, and so is what its rules send to a pod. Only ipvs mode sets
 * the switch itself; else it is up to who set the node up, and to each `sysctl --system` after.
 */
export const forwardingOff: Check = {
  code: 'forwarding-off',
  severity: 'error',
  title: l10n.t('the node forwards nothing'),
  modes: ['iptables', 'ipvs', 'nftables'],
  *find({ node, programmed: { ports } }) {
    for (const family of [4, 6] as const) {
      const told = toldSysctl(node, ...switches[family]);
      if (told?.value !== '0') continue;
      // A device's own word is the last one: of IPv4 `forwarding`, of IPv6 `force_forwarding` (Linux 6.17).
      const own = family === 4 ? 'forwarding' : 'force_forwarding';
      if (isSetOnADevice(node, family, own)) continue;
      const port = ports.find(({ service }) =>
        service.entries.some(({ address }) => address?.family === family),
      );
      if (!port) continue;
      yield {
        message: l10n.t`${told.name} is 0: the node forwards no IPv${family}. Its pods reach no Service but those that the node itself answers, and what comes in for an endpoint in a pod ends here.`,
        range: told.range,
        related: [
          { message: l10n.t('a Service that is programmed here'), range: port.service.range },
        ],
      };
    }
  },
};
