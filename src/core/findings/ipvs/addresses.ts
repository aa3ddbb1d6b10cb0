import * as l10n from '@vscode/l10n';
import { formatAddress } from '../../address';
import { wholeIpvs } from '../../ipvs/wholeIpvs';
import { kubeIpvsDevice } from '../../trace/ipvs/items';
import type { Check } from '../check';
import { notTogether } from './notTogether';

/** IPVS sits in INPUT: it only sees packets to addresses that the node takes for its own. */
export const serverWithoutAddress: Check = {
  code: 'virtual-server-without-address',
  severity: 'error',
  title: l10n.t('no device holds the address of a virtual server'),
  modes: ['ipvs'],
  *find({ node }) {
    const { ipvs, interfaces } = node;
    // A dump of one device says nothing of the others.
    if (!ipvs || !interfaces?.some(({ name }) => name === kubeIpvsDevice)) return;
    const own = new Set(
      interfaces.flatMap(({ addresses }) => addresses.map((one) => formatAddress(one.address))),
    );
    for (const { address, port, range } of ipvs.virtualServers) {
      if (!address || own.has(formatAddress(address))) continue;
      yield {
        message: l10n.t`No device of the node holds ${formatAddress(address)}: packets to this virtual server (port ${port ?? '?'}) pass IPVS by.`,
        range,
      };
    }
  },
};

export const addressWithoutServer: Check = {
  code: 'address-without-virtual-server',
  severity: 'warning',
  title: l10n.t('kube-ipvs0 holds an address without a virtual server'),
  modes: ['ipvs'],
  *find({ node }) {
    const device = node.interfaces?.find(({ name }) => name === kubeIpvsDevice);
    const ipvs = wholeIpvs(node);
    if (!ipvs || !device) return;
    const families = new Set(ipvs.virtualServers.map(({ address }) => address?.family));
    const served = new Set(
      ipvs.virtualServers.map((one) => one.address && formatAddress(one.address)),
    );
    const asked = device.addresses.filter(
      ({ scope, address }) =>
        scope !== 'link' && (families.size === 0 || families.has(address.family)),
    );
    const lacking = asked.filter(({ address }) => !served.has(formatAddress(address)));
    const strange = notTogether(device.name, lacking.length, asked.length, device.range);
    if (strange) {
      yield strange;
      return;
    }
    for (const { address, range } of lacking) {
      yield {
        message: l10n.t`kube-ipvs0 holds ${formatAddress(address)}, of which there is no virtual server: the node answers for it and nobody serves it.`,
        range,
      };
    }
  },
};
