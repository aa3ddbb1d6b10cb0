import { parseAddress, prefixMask } from '../../core/address';
import type { OracleAddress, OracleCase, OracleDevice } from './format';

/**
 * `ip -d addr` of the case: every device in the order in which it was made, its addresses with the
 * scope that ip(8) gives them, and secondary where another one of its subnet stands before.
 */
export function addressText(oracle: OracleCase): string {
  return deviceNames(oracle)
    .map((device, i) => {
      const flags = device === 'lo' ? 'LOOPBACK,UP,LOWER_UP' : flagsOf(oracle, device);
      const head = `${i + 1}: ${device}: <${flags}> mtu 1500 state UP group default\n`;
      return head + linkLines(oracle, device) + addressLines(oracle, device).join('');
    })
    .concat(bridgePorts(oracle))
    .join('');
}

/** `lo` first, then as the recording made them. */
export function deviceNames({ topology, addrs }: OracleCase): readonly string[] {
  const names = [...topology.interfaces.map(({ name }) => name), ...addrs.map((a) => a.ifname)];
  return [...new Set(['lo', ...names])];
}

function flagsOf(oracle: OracleCase, device: string): string {
  return isEthernet(oracle, device)
    ? 'BROADCAST,MULTICAST,UP,LOWER_UP'
    : 'POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP';
}

/** TUN devices, which have no link addresses; where there is a bridge it, or all are Ethernet. */
function isEthernet({ topology }: OracleCase, device: string): boolean {
  if (topology.bridge?.[device]) return true;
  const kind = topology.interfaces.find(({ name }) => name === device)?.kind;
  return kind === 'bridge' || topology.hairpin !== undefined;
}

function linkLines(oracle: OracleCase, device: string): string {
  if (device === 'lo') return '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n';
  if (isEthernet(oracle, device)) return '';
  return '    link/none \n    tun type tun pi off vnet_hdr off persist off\n';
}

function addressLines({ addrs }: OracleCase, device: string): readonly string[] {
  const own = addrs.filter(({ ifname }) => ifname === device).flatMap(addressesOf);
  return own.map(({ local, prefixlen, scope }, i) => {
    if (local.includes(':')) {
      return `    inet6 ${local}/${prefixlen} scope ${scope ?? scopeOf(local)} \n`;
    }
    const subnets = own.slice(0, i).map(subnet);
    const secondary = subnets.includes(subnet(own[i]!)) ? ' secondary' : '';
    const named = scope ?? scopeOf(local);
    return `    inet ${local}/${prefixlen} scope ${named}${secondary} ${device}\n`;
  });
}

function addressesOf({ addrs, addr_info: info }: OracleDevice): readonly OracleAddress[] {
  return [...(addrs ?? []), ...(info ?? [])].map((address) => {
    if (typeof address !== 'string') return address;
    const [local = '', length] = address.split('/');
    return { local, prefixlen: Number(length ?? (local.includes(':') ? 128 : 32)) };
  });
}

/** rt_scope as ip(8) prints it: of IPv4 127.0.0.0/8, of IPv6 by the address's type (RFC 4291). */
function scopeOf(address: string): string {
  if (/^127\.|^::1$/.test(address)) return 'host';
  if (/^fe[89ab]/i.test(address)) return 'link';
  return /^fe[c-f]/i.test(address) ? 'site' : 'global';
}

function subnet({ local, prefixlen }: OracleAddress): string {
  const address = parseAddress(local);
  const mask = address ? prefixMask(address.family, prefixlen) : [];
  return `${address?.words.map((word, i) => (word & mask[i]!) >>> 0).join()}/${prefixlen}`;
}

/** `10.244.1.5` and `fd00:244:1::5` are behind veth5. */
export function portName(pod: string): string {
  return `veth${pod.split(/[.:]/).at(-1)}`;
}

/** One device for each pod on a bridge. */
function bridgePorts({ topology }: OracleCase): readonly string[] {
  return Object.entries(topology.bridge ?? {}).flatMap(([bridge, pods]) =>
    pods.map((pod, i) => {
      return `${100 + i}: ${portName(pod)}@if2: <BROADCAST,UP> mtu 1500 master ${bridge} state UP\n`;
    }),
  );
}
