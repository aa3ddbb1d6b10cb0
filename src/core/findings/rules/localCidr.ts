import * as l10n from '@vscode/l10n';
import { contains, formatAddress, formatNetwork, parseNetwork, type Network } from '../../address';
import type { Check } from '../check';

/** The range that tells local traffic must be that of Pods (kubernetes#44916). */
export const localCidr: Check = {
  code: 'local-range-is-wrong',
  severity: 'warning',
  title: l10n.t('the range that tells traffic of Pods is not theirs'),
  *find({ node, programmed: { localTraffic, ports }, objects }) {
    for (const { family, traffic, range } of localTraffic) {
      if (traffic.kind !== 'network') continue;
      const { network } = traffic;
      const text = formatNetwork(network);
      const held = clusterIpIn(ports, network);
      if (held !== undefined) {
        yield {
          message: l10n.t`${text} is taken for the range of Pods, but it holds the ClusterIP ${held}: what comes from Pods outside of it is masqueraded, what a node sends from a ClusterIP is not.`,
          range,
        };
        continue;
      }
      const own = objects?.node(node.name)?.podCIDRs.flatMap((cidr) => parseNetwork(cidr) ?? []);
      const outside = own?.find(
        (cidr) => cidr.address.family === family && !contains(network, cidr.address),
      );
      if (!outside) continue;
      yield {
        message: l10n.t`${text} is taken for the range of Pods, but those of ${node.name} are in ${formatNetwork(outside)}: their connections to Services are masqueraded.`,
        range,
      };
    }
  },
};

function clusterIpIn(
  ports: readonly { readonly service: { readonly entries: readonly Entry[] } }[],
  network: Network,
): string | undefined {
  for (const { service } of ports) {
    for (const { kind, address } of service.entries) {
      if (kind === 'cluster-ip' && address && contains(network, address)) {
        return formatAddress(address);
      }
    }
  }
  return undefined;
}

type Entry = {
  readonly kind: string;
  readonly address?: Parameters<typeof formatAddress>[0];
};
