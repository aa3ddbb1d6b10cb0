import { deviceNames } from './addressText';
import type { OracleCase } from './format';

/** What oracle.py sets, the kernel's defaults for the rest, and what the case says. */
export function sysctlsOf(oracle: OracleCase): ReadonlyMap<string, string> {
  const switches = [
    'route_localnet',
    'rp_filter',
    'accept_local',
    'src_valid_mark',
    'send_redirects',
  ];
  const own = ['all', ...deviceNames(oracle)].flatMap((device) =>
    switches.map((name): [string, string] => [`net.ipv4.conf.${device}.${name}`, '0']),
  );
  const given = Object.entries(oracle.topology.sysctl).map(([name, value]): [string, string] => [
    name.replaceAll('/', '.'),
    String(value),
  ]);
  const bridge: [string, string][] = oracle.topology.bridge
    ? [
        ['net.bridge.bridge-nf-call-iptables', '1'],
        ['net.bridge.bridge-nf-call-ip6tables', '1'],
      ]
    : [];
  const forwarding: [string, string][] = [
    ['net.ipv4.ip_forward', String(oracle.topology.sysctl['net.ipv4.conf.all.forwarding'] ?? 1)],
    ['net.ipv6.conf.all.forwarding', '1'],
  ];
  return new Map([...forwarding, ...bridge, ...own, ...given]);
}
