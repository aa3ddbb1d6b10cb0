import { comment, local, reject } from '../iptables/text';
import type { IpvsContext } from './context';
import { setName } from './sets';

/** The rules of iptables beside IPVS; most of them ask a set, and are left out where it is empty. */
export function addNodeRules(context: IpvsContext): void {
  addHooks(context);
  addServices(context);
  addNodePorts(context);
  addLoadBalancer(context);
  addPostrouting(context);
  addForward(context);
  if (context.release >= 26) addAccessFilter(context);
}

function addHooks({ filter, nat, release }: IpvsContext): void {
  const hook = (table: typeof nat, chain: string, to: string, text: string) => {
    table.chain(chain, { builtIn: true });
    table.chain(to);
    table.add(chain, `${comment(text)}-j ${to}`, 'hook');
  };
  const services = 'kubernetes service portals';
  hook(nat, 'PREROUTING', 'KUBE-SERVICES', services);
  hook(nat, 'OUTPUT', 'KUBE-SERVICES', services);
  hook(nat, 'POSTROUTING', 'KUBE-POSTROUTING', 'kubernetes postrouting rules');
  hook(filter, 'FORWARD', 'KUBE-FORWARD', 'kubernetes forwarding rules');
  if (release >= 21) hook(filter, 'INPUT', 'KUBE-NODE-PORT', 'kubernetes health check rules');
  if (release >= 25) {
    for (const chain of ['INPUT', 'FORWARD']) {
      hook(filter, chain, 'KUBE-PROXY-FIREWALL', 'kube-proxy firewall rules');
    }
  }
  const access = 'kubernetes ipvs access filter';
  if (release >= 26) hook(filter, 'INPUT', 'KUBE-IPVS-FILTER', access);
  if (release >= 29) hook(filter, 'OUTPUT', 'KUBE-IPVS-OUT-FILTER', access);
  if (release >= 16 && release <= 24) nat.chain('KUBE-MARK-DROP');
}

/** `-m set --match-set KUBE-CLUSTER-IP dst,dst `. */
function inSet({ family }: IpvsContext, name: string, directions: string): string {
  return `-m set --match-set ${setName(name, family)} ${directions} `;
}

function addServices(context: IpvsContext): void {
  const { nat, sets, family, release, masqueradeAll, local: traffic } = context;
  const add = (text: string) => nat.add('KUBE-SERVICES', text, 'node');
  if (release >= 26) add(`-s ${family === 4 ? '127.0.0.0/8' : '::1/128'} -j RETURN`);
  if (!sets.isEmpty('LOAD-BALANCER')) {
    const note = comment('Kubernetes service lb portal');
    add(`${note}${inSet(context, 'LOAD-BALANCER', 'dst,dst')}-j KUBE-LOAD-BALANCER`);
  }
  if (!sets.isEmpty('CLUSTER-IP')) {
    const note = comment('Kubernetes service cluster ip + port for masquerade purpose');
    const byPods = !masqueradeAll && traffic.kind === 'none';
    const from = masqueradeAll ? '' : local(traffic, false);
    const match = inSet(context, 'CLUSTER-IP', byPods ? 'src,dst' : 'dst,dst');
    add(`${from}${note}${match}-j KUBE-MARK-MASQ`);
  }
  for (const name of ['EXTERNAL-IP', 'EXTERNAL-IP-LOCAL']) {
    if (sets.isEmpty(name)) continue;
    const note =
      name === 'EXTERNAL-IP'
        ? 'Kubernetes service external ip + port for masquerade and filter purpose'
        : 'Kubernetes service external ip + port with externalTrafficPolicy=local';
    const match = `${comment(note)}${inSet(context, name, 'dst,dst')}`;
    if (name === 'EXTERNAL-IP') add(`${match}-j KUBE-MARK-MASQ`);
    add(`${match}-m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL -j ACCEPT`);
    add(`${match}-m addrtype --dst-type LOCAL -j ACCEPT`);
  }
  add('-m addrtype --dst-type LOCAL -j KUBE-NODE-PORT');
  for (const name of ['CLUSTER-IP', 'LOAD-BALANCER']) {
    if (!sets.isEmpty(name)) add(`${inSet(context, name, 'dst,dst')}-j ACCEPT`);
  }
}

function addNodePorts(context: IpvsContext): void {
  const { nat, filter, sets, release } = context;
  nat.chain('KUBE-NODE-PORT');
  const orders = [
    { protocol: 'tcp', suffix: 'TCP', directions: 'dst', hash: '' },
    { protocol: 'udp', suffix: 'UDP', directions: 'dst', hash: '' },
    {
      protocol: 'sctp',
      suffix: 'SCTP-HASH',
      directions: 'dst,dst',
      hash: " with type \\'hash ip:port\\'",
    },
  ];
  for (const { protocol, suffix, directions, hash } of orders) {
    const title = `Kubernetes nodeport ${protocol.toUpperCase()} port`;
    const ways = [
      { set: `NODE-PORT-LOCAL-${suffix}`, what: 'with externalTrafficPolicy=local', to: 'RETURN' },
      { set: `NODE-PORT-${suffix}`, what: 'for masquerade purpose', to: 'KUBE-MARK-MASQ' },
    ];
    // Until 1.22 the other way round for SCTP, so that policy Local had no effect (PR 104756).
    if (protocol === 'sctp' && release < 23) ways.reverse();
    for (const { set, what, to } of ways) {
      if (sets.isEmpty(set)) continue;
      const match = `${comment(`${title} ${what}${hash}`)}${inSet(context, set, directions)}`;
      nat.add('KUBE-NODE-PORT', `-p ${protocol} ${match}-j ${to}`, 'node');
    }
  }
  if (release >= 21) {
    const match = inSet(context, 'HEALTH-CHECK-NODE-PORT', 'dst');
    const note = comment('Kubernetes health check node port');
    filter.add('KUBE-NODE-PORT', `${note}${match}-j ACCEPT`, 'health-check');
  }
}

/** Source ranges are asked in filter since 1.25, before that in nat. */
function addLoadBalancer(context: IpvsContext): void {
  const { nat, filter, sets, release } = context;
  const [table, firewall, end] =
    release >= 25
      ? ([filter, 'KUBE-SOURCE-RANGES-FIREWALL', 'DROP'] as const)
      : ([nat, 'KUBE-FIREWALL', 'KUBE-MARK-DROP'] as const);
  const entry = release >= 25 ? 'KUBE-PROXY-FIREWALL' : 'KUBE-LOAD-BALANCER';
  if (!sets.isEmpty('LOAD-BALANCER-FW')) {
    const note = 'Kubernetes service load balancer ip + port for load balancer with sourceRange';
    const match = `${comment(note)}${inSet(context, 'LOAD-BALANCER-FW', 'dst,dst')}`;
    table.add(entry, `${match}-j ${firewall}`, 'source-range');
  }
  const passes = [
    {
      set: 'LOAD-BALANCER-SOURCE-CIDR',
      note: 'Kubernetes service load balancer ip + port + source cidr for packet filter purpose',
    },
    {
      set: 'LOAD-BALANCER-SOURCE-IP',
      note: 'Kubernetes service load balancer ip + port + source IP for packet filter purpose',
    },
  ];
  for (const { set, note } of passes) {
    if (sets.isEmpty(set)) continue;
    const match = `${comment(note)}${inSet(context, set, 'dst,dst,src')}`;
    table.add(firewall, `${match}-j RETURN`, 'source-range');
  }
  table.add(firewall, `-j ${end}`, 'source-range');
  if (!sets.isEmpty('LOAD-BALANCER-LOCAL')) {
    const note = 'Kubernetes service load balancer ip + port with externalTrafficPolicy=local';
    const match = `${comment(note)}${inSet(context, 'LOAD-BALANCER-LOCAL', 'dst,dst')}`;
    nat.add('KUBE-LOAD-BALANCER', `${match}-j RETURN`, 'node');
  }
  nat.add('KUBE-LOAD-BALANCER', '-j KUBE-MARK-MASQ', 'masquerade');
}

function addPostrouting(context: IpvsContext): void {
  const { nat, mark: bit, sets, release, input } = context;
  const add = (text: string) => nat.add('KUBE-POSTROUTING', text, 'node');
  const random = input.node.kernel.randomFully && release >= 16 ? ' --random-fully' : '';
  const hairpin = comment(
    'Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose',
  );
  const loop = `${hairpin}${inSet(context, 'LOOP-BACK', 'dst,dst,src')}-j MASQUERADE`;
  const snat = comment('kubernetes service traffic requiring SNAT');
  nat.add('KUBE-MARK-MASQ', `-j MARK --set-xmark ${bit}/${bit}`, 'node');
  if (release < 19) {
    add(`${snat}-m mark --mark ${bit}/${bit} -j MASQUERADE${random}`);
    if (!sets.isEmpty('LOOP-BACK')) add(loop);
    return;
  }
  if (!sets.isEmpty('LOOP-BACK')) add(loop);
  add(`-m mark ! --mark ${bit}/${bit} -j RETURN`);
  add(`-j MARK --set-xmark ${bit}/0x0`);
  add(`${snat}-j MASQUERADE${random}`);
}

function addForward({ filter, mark: bit, release, local: traffic }: IpvsContext): void {
  const add = (text: string) => filter.add('KUBE-FORWARD', text, 'node');
  const known = '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';
  const title = 'kubernetes forwarding';
  filter.chain('KUBE-FORWARD');
  add(`${comment(`${title} rules`)}-m mark --mark ${bit}/${bit} -j ACCEPT`);
  if (release >= 23) {
    add(`${comment(`${title} conntrack rule`)}${known}`);
    return;
  }
  const pods = traffic.kind === 'network' ? traffic.network : undefined;
  if (release < 18 && pods === undefined) return;
  const [from, to] = release < 18 ? [`-s ${pods} `, `-d ${pods} `] : ['', ''];
  add(`${from}${comment(`${title} conntrack pod source rule`)}${known}`);
  add(`${to}${comment(`${title} conntrack pod destination rule`)}${known}`);
}

/** Ports of an address on kube-ipvs0 that no virtual server has are refused (PR 108460). */
function addAccessFilter(context: IpvsContext): void {
  const { filter, family, release } = context;
  const add = (text: string) => filter.add('KUBE-IPVS-FILTER', text, 'node');
  const served = ['LOAD-BALANCER', 'CLUSTER-IP', 'EXTERNAL-IP'];
  if (release >= 30) served.push('EXTERNAL-IP-LOCAL');
  for (const name of served) add(`${inSet(context, name, 'dst,dst')}-j RETURN`);
  if (release >= 28) add(`${inSet(context, 'HEALTH-CHECK-NODE-PORT', 'dst')}-j RETURN`);
  const own = inSet(context, 'IPVS-IPS', 'dst');
  add(`-m conntrack --ctstate NEW ${own}${reject(family)}`);
}
