import { parseAddress } from '../../../../src/core/address';
import type { NodeState } from '../../../../src/core/node';
import type { Packet } from '../../../../src/core/packet';
import { leaves } from '../../../../src/core/trace/leaves';
import type { Leaf } from '../../../../src/core/trace/leaves';
import { traceFlow } from '../../../../src/core/trace/tracer';
import type { TraceOptions } from '../../../../src/core/trace/tracer';
import { parseIpAddress } from '../../../../src/syntax/ip/address';
import { parseIpRoute } from '../../../../src/syntax/ip/route';
import { parseIpvsSave } from '../../../../src/syntax/ipvs/save';
import { rulesetsOfText } from '../../../../src/syntax/iptables/ruleset/ruleset';
import { testParser } from '../../../syntax/parser';
import { only as onlyWay } from '../helper';

const addresses = `2: eth0: <UP,LOWER_UP> mtu 1500 state UP
    inet 192.168.77.10/24 scope global eth0
3: cni0: <UP,LOWER_UP> mtu 1500 state UP
    inet 10.244.0.1/24 scope global cni0
4: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 state DOWN
    inet 10.96.0.50/32 scope global kube-ipvs0
`;
const routes = `default via 192.168.77.1 dev eth0
10.244.0.0/24 dev cni0 src 10.244.0.1
local 10.96.0.50 dev kube-ipvs0 table local src 10.96.0.50
local 192.168.77.10 dev eth0 table local src 192.168.77.10
local 127.0.0.0/8 dev lo table local src 127.0.0.1
`;
const rules = `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A OUTPUT -m ipvs --ipvs --vaddr 10.96.0.50/32 --vport 80 --vdir ORIGINAL
COMMIT
`;

/** A node with the pods' bridge and a Service address on kube-ipvs0. */
export async function node(
  ipvs: string | undefined,
  more: Partial<NodeState> = {},
  ruleText = rules,
): Promise<NodeState> {
  return {
    name: 'a',
    rulesets: rulesetsOfText('rules', ruleText, await testParser()),
    interfaces: parseIpAddress(addresses, 'addresses').value,
    routes: parseIpRoute(routes, 'routes').value,
    ipvs: ipvs === undefined ? undefined : parseIpvsSave(ipvs, 'ipvs').value,
    findings: [],
    ...more,
  };
}

/** A pod's SYN to the Service. */
export function packet(more: Partial<Packet> = {}): Packet {
  return {
    protocol: 6,
    source: parseAddress('10.244.0.5')!,
    sourcePort: 40000,
    destination: parseAddress('10.96.0.50')!,
    destinationPort: 80,
    inInterface: 'cni0',
    ...more,
  };
}

/** `ipvsadm-save` of a virtual server with real servers of weight 1, 3 and 0. */
export const three = (scheduler: string) => `-A -t 10.96.0.50:80 -s ${scheduler}
-a -t 10.96.0.50:80 -r 10.244.0.2:8080 -m -w 1
-a -t 10.96.0.50:80 -r 10.244.0.3:8080 -m -w 3
-a -t 10.96.0.50:80 -r 10.244.0.4:8080 -m -w 0
`;

/** The only way of a packet. */
export function only(state: NodeState, from: Packet, options?: TraceOptions): Leaf {
  return onlyWay(traceFlow(state, from, options));
}

export async function ways(
  ipvs: string | undefined,
  from: Packet = packet(),
  options?: TraceOptions,
): Promise<readonly Leaf[]> {
  return leaves(traceFlow(await node(ipvs), from, options).path);
}
