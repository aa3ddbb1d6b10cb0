import * as l10n from '@vscode/l10n';
import { bitNames } from './bits';
import { hex } from '../hex';
import { list } from '../list';

/** Bits of the packet mark (or connection mark) that some software claims as its own. */
export interface MarkUser {
  readonly software: string;
  /** The bits it may touch. */
  readonly mask: number;
  /** The values that it uses under the mask; undefined for any. */
  readonly values?: readonly number[];
  /** What it says there, where that is known. */
  readonly meaning?: string;
  readonly on: 'packet' | 'connection' | 'both';
}

/**
 * Known claims, all by default configuration. In nftables mode kube-proxy's own marks are no API
 * (pkg/proxy/nftables/README.md).
 */
const markUsers: readonly MarkUser[] = [
  { software: 'Calico', mask: 0xffff0000, meaning: l10n.t('its default range'), on: 'packet' },
  // MARK_MAGIC_* in bpf/lib/common.h and pkg/datapath/linux/linux_defaults/mark.go of cilium.
  ...cilium(0x0f00, {
    0x0200: l10n.t('to its proxy'),
    0x0300: l10n.t('SNAT is done'),
    0x0400: l10n.t("its tunnel's traffic"),
    0x0500: l10n.t('egress gateway: SNAT is done'),
    0x0800: l10n.t('from its proxy'),
    0x0900: l10n.t("from its proxy, with the source endpoint's number"),
    0x0a00: l10n.t('from its proxy, ingress'),
    0x0b00: l10n.t('from its proxy, egress'),
    0x0c00: l10n.t('from the node itself'),
    0x0d00: l10n.t('IPsec: to decrypt; WireGuard: decrypted'),
    0x0e00: l10n.t('IPsec: to encrypt'),
    0x0f00: l10n.t('carries a security identity'),
  }),
  // MARK_MAGIC_KEY_MASK: the key's number in bits 12 to 15. WireGuard uses 0x1e00 (_WG_ENCRYPTED).
  {
    software: 'Cilium',
    mask: 0xff00,
    values: values(0x1e00, 0xfe00, 0x1000),
    meaning: l10n.t("IPsec: to encrypt with the key of bits 12 to 15, kube-proxy's among them"),
    on: 'packet',
  },
  {
    software: 'Cilium',
    mask: 0xff00,
    values: [0x1e00],
    meaning: 'WireGuard: encrypted',
    on: 'packet',
  },
  {
    software: 'AWS VPC CNI',
    mask: 0x80,
    values: [0x80],
    // AWS-CONNMARK-CHAIN-*, and the rules `AWS, primary ENI` in mangle PREROUTING.
    meaning: l10n.t(
      'of the primary interface: came in there, or from a pod to outside the VPC; answers take it',
    ),
    on: 'both',
  },
  {
    software: 'CNI portmap',
    mask: 0x2000,
    values: [0x2000],
    meaning: l10n.t('traffic to a host port that needs masquerade'),
    on: 'packet',
  },
  {
    software: 'netavark (Podman)',
    mask: 0x2000,
    values: [0x2000],
    meaning: l10n.t('traffic to a published port that needs masquerade'),
    on: 'packet',
  },
  {
    software: 'Tailscale',
    mask: 0xff0000,
    values: [0x40000],
    meaning: l10n.t('traffic of a subnet route'),
    on: 'packet',
  },
  {
    software: 'Tailscale',
    mask: 0xff0000,
    values: [0x80000],
    meaning: l10n.t("Tailscale's own traffic, which must bypass its routes"),
    on: 'packet',
  },
  // Since 1.96: saved to the connection and restored from it.
  {
    software: 'Tailscale',
    mask: 0xff0000,
    values: [0x40000, 0x80000],
    meaning: l10n.t('the mark of its packets, kept for the answers'),
    on: 'connection',
  },
  { software: 'Weave Net', mask: 0x20000, values: [0x20000], meaning: 'IPsec', on: 'packet' },
  {
    software: 'Weave Net',
    mask: 0x40000,
    values: [0x40000],
    meaning: l10n.t('network policy'),
    on: 'packet',
  },
  {
    software: 'Istio ambient',
    mask: 0xfff,
    values: [0x539],
    meaning: l10n.t('traffic of ztunnel itself'),
    on: 'packet',
  },
  { software: 'Istio ambient', mask: 0xfff, values: [0x111], on: 'connection' },
  // istio cni/pkg/iptables: `--mark 0x111/0xfff` and an ip rule.
  { software: 'Istio ambient', mask: 0xfff, values: [0x111], on: 'packet' },
  {
    software: 'Istio sidecar',
    mask: 0xffffffff,
    values: [1337, 1338],
    meaning: 'TPROXY interception',
    on: 'packet',
  },
  { software: 'kube-router', mask: 0x10000, values: [0x10000], on: 'packet' },
  { software: 'kube-router', mask: 0x20000, values: [0x20000], on: 'packet' },
  {
    software: 'kube-router',
    mask: 0xffffffff,
    values: values(0x1, 0x3fff, 1),
    meaning: l10n.t('a firewall mark of one of its IPVS services'),
    on: 'packet',
  },
  // netbird client/net/net.go
  {
    software: 'NetBird',
    mask: 0xffffffff,
    values: [0x1bd00],
    meaning: l10n.t('control plane'),
    on: 'packet',
  },
  { software: 'NetBird', mask: 0xffffffff, values: [0x1bd10, 0x1bd11], on: 'connection' },
  {
    software: 'NetBird',
    mask: 0xffffffff,
    values: values(0x1bd10, 0x1bdff, 1),
    meaning: l10n.t('data plane'),
    on: 'packet',
  },
  {
    software: 'OVN-Kubernetes',
    mask: 0xffffffff,
    values: [0x1745ec, 0x3f0],
    on: 'packet',
  },
  // antrea pkg/agent/types/net.go
  {
    software: 'Antrea',
    mask: 0x80000000,
    meaning: l10n.t('traffic of the node itself'),
    on: 'packet',
  },
  {
    software: 'Antrea',
    mask: 0x40000000,
    meaning: l10n.t('an egress answer that goes back to another node'),
    on: 'packet',
  },
  { software: 'Antrea', mask: 0xff, meaning: l10n.t('an egress SNAT address'), on: 'packet' },
];

/**
 * Who claims this mark: those whose bits it touches, and one of whose values it is under their
 * mask. `mask` as in `--mark VALUE/MASK`; for a bare value it is the value itself.
 */
export function usersOfMark(value: number, mask = value): MarkUser[] {
  return markUsers.filter((user) => {
    if ((user.mask & mask) === 0) return false;
    return user.values?.includes((value & user.mask) >>> 0) ?? true;
  });
}

/** `Tailscale: 0x40000 under mask 0xff0000 (traffic of a subnet route)`. */
export function describeMarkUser({ software, mask, values: own, meaning, on }: MarkUser): string {
  const where = on === 'connection' ? l10n.t('connection mark ') : '';
  const range =
    own === undefined
      ? `${hex(mask)}, ${bitNames(mask)}`
      : own.length > 2
        ? l10n.t`${hex(own[0]!)} to ${hex(own.at(-1)!)}`
        : list(own.map(hex), 'row') + (own[0] === mask ? '' : l10n.t` under mask ${hex(mask)}`);
  return `${software}: ${where}${range}${meaning ? ` (${meaning})` : ''}`;
}

function cilium(mask: number, meanings: Readonly<Record<number, string>>): MarkUser[] {
  return Object.entries(meanings).map(([value, meaning]) => {
    return { software: 'Cilium', mask, values: [Number(value)], meaning, on: 'packet' };
  });
}

function values(from: number, to: number, step: number): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step);
}
