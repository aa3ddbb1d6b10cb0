import { parseAddress } from '../../../src/core/address';
import type { NodeState } from '../../../src/core/node';
import { protocolNumbers, tcpFlagBits, type Packet } from '../../../src/core/packet';
import type { NftRuleset } from '../../../src/core/rules/ruleset';
import { leaves } from '../../../src/core/trace/leaves';
import type { Leaf } from '../../../src/core/trace/leaves';
import type { FollowUp } from '../../../src/core/trace/followUp';
import type { Trace, Verdict } from '../../../src/core/trace/trace';
import { parseIpAddress } from '../../../src/syntax/ip/address';
import { parseIpRoute } from '../../../src/syntax/ip/route';
import { parseIpRule } from '../../../src/syntax/ip/rule';
import { parseIpsetSave } from '../../../src/syntax/ipset/save';
import { rulesetsOfText } from '../../../src/syntax/iptables/ruleset/ruleset';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
import { testParser } from '../../syntax/parser';

export const parser = await testParser();

const addresses = `1: lo: <LOOPBACK,UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
2: eth0: <UP> mtu 1500
    inet 192.168.50.10/24 brd 192.168.50.255 scope global eth0
3: cni0: <UP> mtu 1500
    inet 10.244.1.1/24 brd 10.244.1.255 scope global cni0
`;

const routes = `default via 192.168.50.1 dev eth0
10.244.1.0/24 dev cni0 proto kernel scope link src 10.244.1.1
10.244.2.0/24 via 192.168.50.11 dev eth0
192.168.50.0/24 dev eth0 proto kernel scope link src 192.168.50.10
local 10.244.1.1 dev cni0 table local proto kernel scope host src 10.244.1.1
local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1
local 192.168.50.10 dev eth0 table local proto kernel scope host src 192.168.50.10
broadcast 192.168.50.255 dev eth0 table local proto kernel scope link src 192.168.50.10
`;

/** A table `t` with a base chain `c` alone, as nft lists it; `; ` is between two rules. */
export function oneChain(
  rules: string,
  { base = 'filter hook forward priority 0', family = 'ip', declared = '' } = {},
): NftRuleset {
  const lines = rules.split('; ').join('\n\t\t');
  const chain = `\tchain c {\n\t\ttype ${base}; policy accept;\n\t\t${lines}\n\t}\n`;
  return nftRuleset('listing', `table ${family} t {\n${declared}${chain}}\n`);
}

export interface Dumps {
  /** Lines of iptables-save without COMMIT: `*nat`, `:PREROUTING ACCEPT`, `-A PREROUTING ...`. */
  readonly rules?: string;
  /** ipset save; null for a node without that dump. */
  readonly sets?: string | null;
  readonly routes?: string | null;
  readonly addresses?: string | null;
  readonly routingRules?: string;
  readonly sysctls?: Readonly<Record<string, string>>;
}

/** A node with a pod bridge cni0 (10.244.1.0/24) and eth0 (192.168.50.10/24). */
export function node(dumps: Dumps = {}): NodeState {
  const { rules = '', sets = '', sysctls } = dumps;
  const tables = rules
    .trim()
    .split(/^(?=\*)/m)
    .map((table) => `${table.trim()}\nCOMMIT\n`);
  const own = dumps.addresses === undefined ? addresses : dumps.addresses;
  const ways = dumps.routes === undefined ? routes : dumps.routes;
  const { routingRules } = dumps;
  return {
    name: 'node-a',
    rulesets: rules === '' ? [] : rulesetsOfText('rules', tables.join(''), parser),
    sets: sets === null ? undefined : parseIpsetSave(sets, 'sets').value,
    interfaces: own === null ? undefined : parseIpAddress(own, 'addresses').value,
    routes: ways === null ? undefined : parseIpRoute(ways, 'routes').value,
    routingRules: routingRules === undefined ? undefined : parseIpRule(routingRules, 'rules').value,
    sysctls: new Map([
      ['net.ipv4.ip_forward', '1'],
      ...['all', 'lo', 'eth0', 'cni0'].flatMap((device): [string, string][] => [
        [`net.ipv4.conf.${device}.route_localnet`, '0'],
        [`net.ipv4.conf.${device}.rp_filter`, '0'],
        [`net.ipv4.conf.${device}.accept_local`, '0'],
      ]),
      ...Object.entries(sysctls ?? {}),
    ]),
    findings: [],
  };
}

/** A node of IPv6 by its `ip addr` and `ip -6 route`. */
export function node6(addresses: string, routes: string, more: Partial<NodeState> = {}): NodeState {
  return {
    name: 'a',
    rulesets: [],
    interfaces: parseIpAddress(addresses, 'addresses').value,
    routes: parseIpRoute(routes, 'routes', { family: 6 }).value,
    findings: [],
    ...more,
  };
}

/** `tcp 10.244.1.7:40000 > 10.96.0.10:53 cni0`; without a device the node sends it. */
export function packet(text: string, more: Partial<Packet> = {}): Packet {
  const match = /^(\w+) ([\d.]+)(?::(\d+))? > ([\d.]+)(?::(\d+))?(?: (\S+))?$/.exec(text);
  if (!match) throw new Error(text);
  const [, protocol = '', source = '', sourcePort, destination = '', port, device] = match;
  return {
    protocol: { icmp: 1, tcp: 6, udp: 17, sctp: 132 }[protocol] ?? Number(protocol),
    source: parseAddress(source)!,
    destination: parseAddress(destination)!,
    sourcePort: sourcePort === undefined ? undefined : Number(sourcePort),
    destinationPort: port === undefined ? undefined : Number(port),
    inInterface: device,
    ...more,
  };
}

/** `nat PREROUTING 1`, `filter FORWARD policy`, ... of one way. */
export function visits({ steps }: Leaf): readonly string[] {
  return steps.flatMap((step) => {
    if (step.kind === 'rule') return [`${step.table} ${step.chain} ${step.rule}`];
    const end = step.kind === 'policy' || step.kind === 'return';
    return end ? [`${step.table} ${step.chain} ${step.kind}`] : [];
  });
}

/** The only way of a trace that leaves nothing open. */
export function only(trace: Trace): Leaf {
  const all = leaves(trace.path);
  if (all.length !== 1) throw new Error(`${all.length} ways`);
  return all[0]!;
}

/** The sender's next packet, after the reply went through. */
export function nextAfter(packet: Packet, { after }: Verdict): FollowUp {
  const flags = packet.protocol === protocolNumbers.tcp ? tcpFlagBits.ACK : undefined;
  return { packet: { ...packet, flags }, memory: after };
}
