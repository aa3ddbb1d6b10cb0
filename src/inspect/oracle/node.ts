import type { NodeState } from '../../core/node';
import type { Ruleset } from '../../core/rules/ruleset';
import { parseIpAddress } from '../../syntax/ip/address';
import { parseIpRoute } from '../../syntax/ip/route';
import { parseIpvsSave } from '../../syntax/ipvs/save';
import type { IpvsState } from '../../core/ipvs/state';
import { parseIpsetSave } from '../../syntax/ipset/save';
import { rulesetsOfText } from '../../syntax/iptables/ruleset/ruleset';
import type { LineParser } from '../../syntax/treeSitter';
import type { Backend } from './compare';
import type { OracleCase } from './format';

/** The node of a case, read by the parsers that read dumps. */
export function nodeOf(oracle: OracleCase, parser: LineParser, backend: Backend): NodeState {
  const { name, ruleset, ruleset_nft: nft } = oracle;
  const text = backend === 'nft' ? (nft ?? ruleset) : ruleset;
  const sets = parseIpsetSave(oracle.ipset, `${name}/ipset`);
  const interfaces = parseIpAddress(addressText(oracle), `${name}/addrs`);
  const routes = parseIpRoute(oracle.routes_all, `${name}/routes_all`);
  const rulesets: readonly Ruleset[] = rulesetsOfText(`${name}/ruleset`, text, parser);
  return {
    name,
    rulesets,
    sets: sets.value,
    interfaces: interfaces.value,
    routes: routes.value,
    ipvs: ipvsOf(oracle),
    sysctls: sysctlsOf(oracle),
    findings: [sets, interfaces, routes].flatMap(({ findings }) => findings),
  };
}

/**
 * The kernel puts a real server that is added in front of the others; `-S` was recorded as added.
 * Other recordings were made without any virtual server.
 */
function ipvsOf({ name, ipvsadm }: OracleCase): IpvsState {
  const { value } = parseIpvsSave(ipvsadm ?? '', `${name}/ipvsadm`);
  const virtualServers = value.virtualServers.map((server) => ({
    ...server,
    realServers: [...server.realServers].reverse(),
  }));
  return { ...value, virtualServers, kernelOrder: true };
}

/**
 * `ip addr` of the case: every device in the order in which it was made, its addresses with the
 * scope that ip(8) gives them, and secondary where another one of its subnet stands before.
 */
function addressText(oracle: OracleCase): string {
  return devices(oracle)
    .map((device, i) => {
      const addresses = oracle.addrs.find(({ ifname }) => ifname === device)?.addrs ?? [];
      const flags = device === 'lo' ? 'LOOPBACK,UP,LOWER_UP' : 'POINTOPOINT,UP,LOWER_UP';
      const lines = addresses.map((address, j) => {
        const scope = address.startsWith('127.') ? 'host' : 'global';
        const subnets = addresses.slice(0, j).map(subnet);
        const secondary = subnets.includes(subnet(address)) ? ' secondary' : '';
        return `    inet ${address} scope ${scope}${secondary} ${device}\n`;
      });
      return `${i + 1}: ${device}: <${flags}> mtu 1500 state UP\n${lines.join('')}`;
    })
    .concat(bridgePorts(oracle))
    .join('');
}

/** One device for each pod on a bridge, as `ip addr` shows them; their numbers do not matter. */
function bridgePorts({ topology }: OracleCase): readonly string[] {
  return Object.entries(topology.bridge ?? {}).flatMap(([bridge, pods]) =>
    pods.map(
      (_, i) => `${100 + i}: veth${i}@if2: <BROADCAST,UP> mtu 1500 master ${bridge} state UP\n`,
    ),
  );
}

function devices({ topology, addrs }: OracleCase): readonly string[] {
  const names = [...topology.interfaces.map(({ name }) => name), ...addrs.map((a) => a.ifname)];
  return [...new Set(['lo', ...names])];
}

function subnet(address: string): string {
  const [words = '', length = '32'] = address.split('/');
  const number = words.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return `${Math.floor(number / 2 ** (32 - Number(length)))}/${length}`;
}

/** What oracle.py sets, the kernel's defaults for the rest, and what the case says. */
function sysctlsOf(oracle: OracleCase): ReadonlyMap<string, string> {
  const switches = ['route_localnet', 'rp_filter', 'accept_local'];
  const own = ['all', ...devices(oracle)].flatMap((device) =>
    switches.map((name): [string, string] => [`net.ipv4.conf.${device}.${name}`, '0']),
  );
  const given = Object.entries(oracle.topology.sysctl).map(([name, value]): [string, string] => [
    name.replaceAll('/', '.'),
    String(value),
  ]);
  const bridge: [string, string][] = oracle.topology.bridge
    ? [['net.bridge.bridge-nf-call-iptables', '1']]
    : [];
  return new Map([['net.ipv4.ip_forward', '1'], ...bridge, ...own, ...given]);
}
