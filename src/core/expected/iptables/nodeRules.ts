import { formatAddress } from '../../address';
import { isLoopback } from '../../specialAddresses';
import type { IptablesContext } from './context';
import { comment, host } from './text';

/** The rules that every node has: hooks, marks, masquerading, what is forwarded. */
export function addNodeRules(context: IptablesContext): void {
  const { release, filter, nat, mangle, mark: bit } = context;
  for (const [table, chain, to, text, state] of hooks(release)) {
    const builder = table === 'nat' ? nat : filter;
    builder.chain(chain, { builtIn: true });
    const isNew = state ? '-m conntrack --ctstate NEW ' : '';
    builder.chain(to);
    builder.add(chain, `${isNew}${text === '' ? '' : comment(text)}-j ${to}`, 'hook');
  }
  if (release >= 17) {
    for (const table of [mangle, nat, filter]) table.chain('KUBE-PROXY-CANARY');
  }
  nat.chain('KUBE-NODEPORTS');
  nat.add('KUBE-MARK-MASQ', `-j MARK --set-xmark ${bit}/${bit}`, 'node');
  if (release >= 20 && release <= 24) nat.chain('KUBE-MARK-DROP');
  addPostrouting(context);
  addForward(context);
  if (release >= 27 && context.localhost) {
    const localnet = '! -s 127.0.0.0/8 -d 127.0.0.0/8 ';
    const states = '-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP';
    const text = comment('block incoming localnet connections');
    filter.add('KUBE-FIREWALL', `${localnet}${text}${states}`, 'node');
  }
}

type Hook = readonly [
  table: 'filter' | 'nat',
  chain: string,
  to: string,
  comment: string,
  newOnly: boolean,
];

/** kube-proxy puts each in front, so their order is that of history. */
function hooks(release: number): readonly Hook[] {
  const services = 'kubernetes service portals';
  const external = 'kubernetes externally-visible service portals';
  const firewall = 'kubernetes load balancer firewall';
  const forwarding = release >= 10 ? 'kubernetes forwarding rules' : 'kubernetes forward rules';
  const found: (Hook | false)[] = [
    ['nat', 'PREROUTING', 'KUBE-SERVICES', services, false],
    ['nat', 'OUTPUT', 'KUBE-SERVICES', services, false],
    ['nat', 'POSTROUTING', 'KUBE-POSTROUTING', 'kubernetes postrouting rules', false],
    ['filter', 'OUTPUT', 'KUBE-SERVICES', services, release >= 10],
    release < 10 && ['filter', 'INPUT', 'KUBE-SERVICES', services, false],
    release >= 14 && release < 20 && ['filter', 'INPUT', 'KUBE-SERVICES', services, true],
    release >= 14 && ['filter', 'FORWARD', 'KUBE-SERVICES', services, true],
    release >= 10 && ['filter', 'INPUT', 'KUBE-EXTERNAL-SERVICES', external, true],
    release >= 20 && ['filter', 'FORWARD', 'KUBE-EXTERNAL-SERVICES', external, true],
    release >= 9 && ['filter', 'FORWARD', 'KUBE-FORWARD', forwarding, false],
    release >= 21 && [
      'filter',
      'INPUT',
      'KUBE-NODEPORTS',
      'kubernetes health check service ports',
      false,
    ],
    ...['INPUT', 'OUTPUT', 'FORWARD'].map((chain): Hook | false => {
      return release >= 25 && ['filter', chain, 'KUBE-PROXY-FIREWALL', firewall, true];
    }),
    release >= 27 && ['filter', 'INPUT', 'KUBE-FIREWALL', '', false],
    release >= 27 && ['filter', 'OUTPUT', 'KUBE-FIREWALL', '', false],
  ];
  return found.filter((hook) => hook !== false);
}

/** Three rules instead of one came with 1.19, and with late releases of 1.16 to 1.18 (PR 92035). */
function addPostrouting({ release, nat, mark: bit, input }: IptablesContext): void {
  const random = input.node.kernel.randomFully && release >= 16 ? ' --random-fully' : '';
  const snat = comment('kubernetes service traffic requiring SNAT');
  if (release < 19) {
    const marked = `-m mark --mark ${bit}/${bit} `;
    nat.add('KUBE-POSTROUTING', `${snat}${marked}-j MASQUERADE${random}`, 'node');
    return;
  }
  nat.add('KUBE-POSTROUTING', `-m mark ! --mark ${bit}/${bit} -j RETURN`, 'node');
  nat.add('KUBE-POSTROUTING', `-j MARK --set-xmark ${bit}/0x0`, 'node');
  nat.add('KUBE-POSTROUTING', `${snat}-j MASQUERADE${random}`, 'node');
}

function addForward({ release, filter, mark: bit, input, local }: IptablesContext): void {
  const add = (text: string) => filter.add('KUBE-FORWARD', text, 'node');
  const { tcpBeLiberal, nfacct } = input.node.kernel;
  if (release >= 15 && !(release >= 29 && tcpBeLiberal)) {
    const counter =
      nfacct && release >= 31 ? '-m nfacct --nfacct-name  ct_state_invalid_dropped_pkts ' : '';
    add(`-m conntrack --ctstate INVALID ${counter}-j DROP`);
  }
  const name = release >= 10 ? 'kubernetes forwarding' : 'kubernetes forward';
  add(`${comment(`${name} rules`)}-m mark --mark ${bit}/${bit} -j ACCEPT`);
  const known = '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';
  if (release >= 23) {
    add(`${comment(`${name} conntrack rule`)}${known}`);
    return;
  }
  const pods = local.kind === 'network' ? local.network : undefined;
  if (release < 18 && pods === undefined) return;
  const [from, to] = release < 18 ? [`-s ${pods} `, `-d ${pods} `] : ['', ''];
  add(`${from}${comment(`${name} conntrack pod source rule`)}${known}`);
  add(`${to}${comment(`${name} conntrack pod destination rule`)}${known}`);
}

/** The last rules of KUBE-SERVICES, which lead to the node ports. */
export function addNodePortJumps({ nat, nodePorts, family, release, localhost }: IptablesContext) {
  const last = 'kubernetes service nodeports; NOTE: this must be the last rule in this chain';
  const add = (to: string, match: string) =>
    nat.add('KUBE-SERVICES', `${to}${comment(last)}${match}-j KUBE-NODEPORTS`, 'node-ports');
  if (nodePorts.kind === 'all') {
    const loopback = family === 6 ? '::1/128' : '127.0.0.0/8';
    const without = release >= 26 && !localhost ? `! -d ${loopback} ` : '';
    add(without, '-m addrtype --dst-type LOCAL ');
  } else if (nodePorts.kind === 'some') {
    for (const address of nodePorts.addresses) {
      const without = family === 6 || (release >= 26 && !localhost);
      if (without && isLoopback(address)) continue;
      add(`-d ${host(formatAddress(address))} `, '');
    }
  }
}
