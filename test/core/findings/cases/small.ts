import type { Files } from '../checkText';
import { edited, rules } from './case';

/** All that a node of kube-proxy 1.36 with one Service of two endpoints needs. */
export const healthy: Files = {
  [rules]: `*mangle
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:KUBE-FIREWALL - [0:0]
:KUBE-FORWARD - [0:0]
-A INPUT -j KUBE-FIREWALL
-A FORWARD -j KUBE-FORWARD
-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP
-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP
-A KUBE-FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-POSTROUTING - [0:0]
:KUBE-PROXY-CANARY - [0:0]
:KUBE-SEP-AJHR67BPPEH4YV3Z - [0:0]
:KUBE-SEP-U6DOR6RBN2GGPJH6 - [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-SVC-DC3OOLRZIWFKJHLB - [0:0]
-A PREROUTING -j KUBE-SERVICES
-A OUTPUT -j KUBE-SERVICES
-A POSTROUTING -j KUBE-POSTROUTING
-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
-A KUBE-NODEPORTS -p tcp -m comment --comment "default/whoami" -m tcp --dport 30089 -j KUBE-SVC-DC3OOLRZIWFKJHLB
-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0
-A KUBE-POSTROUTING -j MASQUERADE --random-fully
-A KUBE-SEP-AJHR67BPPEH4YV3Z -s 10.244.0.4/32 -m comment --comment "default/whoami" -j KUBE-MARK-MASQ
-A KUBE-SEP-AJHR67BPPEH4YV3Z -p tcp -m comment --comment "default/whoami" -m tcp -j DNAT --to-destination 10.244.0.4:3000
-A KUBE-SEP-U6DOR6RBN2GGPJH6 -s 10.244.0.3/32 -m comment --comment "default/whoami" -j KUBE-MARK-MASQ
-A KUBE-SEP-U6DOR6RBN2GGPJH6 -p tcp -m comment --comment "default/whoami" -m tcp -j DNAT --to-destination 10.244.0.3:3000
-A KUBE-SERVICES -d 10.99.205.136/32 -p tcp -m comment --comment "default/whoami cluster IP" -m tcp --dport 3000 -j KUBE-SVC-DC3OOLRZIWFKJHLB
-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
-A KUBE-SVC-DC3OOLRZIWFKJHLB ! -s 10.244.0.0/16 -d 10.99.205.136/32 -p tcp -m tcp --dport 3000 -j KUBE-MARK-MASQ
-A KUBE-SVC-DC3OOLRZIWFKJHLB -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-U6DOR6RBN2GGPJH6
-A KUBE-SVC-DC3OOLRZIWFKJHLB -j KUBE-SEP-AJHR67BPPEH4YV3Z
COMMIT
`,
  'ip-rule.txt':
    '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n',
};

/** The small node, with the addresses and routes by which packets go. */
export const routed: Files = {
  ...healthy,
  'ip-addr.txt': `1: lo: <LOOPBACK,UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
2: eth0: <UP> mtu 1500
    inet 192.168.77.10/24 brd 192.168.77.255 scope global eth0
3: cni0: <UP> mtu 1500
    inet 10.244.0.1/24 brd 10.244.0.255 scope global cni0
`,
  'ip-route.txt': `default via 192.168.77.1 dev eth0
10.244.0.0/24 dev cni0 proto kernel scope link src 10.244.0.1
192.168.77.0/24 dev eth0 proto kernel scope link src 192.168.77.10
local 10.244.0.1 dev cni0 table local proto kernel scope host src 10.244.0.1
local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1
local 192.168.77.10 dev eth0 table local proto kernel scope host src 192.168.77.10
`,
};

const sets = 'create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 65536\n';
const clusterIps = ['10.96.0.1', '10.96.0.2'];

/** The rule of ipvs mode that masquerades what comes to ClusterIPs from outside the Pods' network. */
export const clusterIpMark =
  '! -s 10.244.0.0/16 -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ';

/** A virtual server as `ipvsadm -Ln` prints it: `10.96.0.1:443`, with its real servers. */
export const server = (at: string, ...to: readonly string[]) =>
  `TCP  ${at} rr\n${to.map((real) => `  -> ${real} Masq 1 0 0\n`).join('')}`;

/**
 * The small node in ipvs mode, with the ClusterIPs 10.96.0.1:443 and 10.96.0.2:80.
 *
 * @param servers its virtual servers
 * @param services the rules of KUBE-SERVICES, and what else stands there
 */
export const smallIpvs = (servers: string, services: string): Files => ({
  ...edited(routed, [
    [rules, /^-A KUBE-SERVICES .*\n/gm, ''],
    [rules, /^-A KUBE-SVC-/m, `${services}$&`],
  ]),
  'ipset-save.txt': `${sets}add KUBE-CLUSTER-IP 10.96.0.1,tcp:443\nadd KUBE-CLUSTER-IP 10.96.0.2,tcp:80\n`,
  'ip-addr.txt': `${routed['ip-addr.txt']}4: kube-ipvs0: <NOARP> mtu 1500\n${clusterIps.map((own) => `    inet ${own}/32 scope global kube-ipvs0\n`).join('')}`,
  'ipvsadm-Ln.txt': `IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n${servers}`,
  'ip-route.txt': `${routed['ip-route.txt']}${clusterIps.map((own) => `local ${own} dev kube-ipvs0 table local proto kernel scope host src ${own}\n`).join('')}`,
  'sysctl.txt': 'net.ipv4.vs.conntrack = 1\n',
});

/** Rules of iptables as they would stand in `ip6tables-save`, for addresses of IPv6. */
export const ofIpv6 = (text: string): string =>
  text
    .replaceAll('127.0.0.0/8', '::1/128')
    .replaceAll(/10\.(\d+)\.(\d+)\.(\d+)(?:\/(?:32|16))?/g, 'fd00:$1:$2::$3')
    .replaceAll(/(fd00:[\d:]+):3000\b/g, '[$1]:3000');
