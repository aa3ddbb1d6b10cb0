import { parseNetwork } from '../../../core/address';
import { scopeOf } from '../../../syntax/ip/address';
import { fields, list } from '../../../syntax/objects/fields';

/*
 * What a Go program kept of netlink's answers, in the words of `ip`: each field under its name in one of the
 * collector's releases, addresses as net.IPNet is written in JSON.
 */

/** `2: eth0: <UP,LOWER_UP> mtu 1500 state UP`, with its addresses, and the scopes that such have. */
export function addressesOf(interfaces: readonly unknown[]): string {
  const lines: string[] = [];
  for (const device of interfaces.map(fields)) {
    const [name, index] = [device['n'] ?? device['name'], device['i'] ?? device['index']];
    if (typeof name !== 'string' || typeof index !== 'number') continue;
    const isUp = (device['st'] ?? device['state']) === 1;
    const mtu = Number(device['m'] ?? device['mtu'] ?? 0);
    lines.push(`${index}: ${name}: <${isUp ? 'UP,LOWER_UP' : ''}> mtu ${mtu}`);
    for (const address of list(device['a'] ?? device['addrs'])) {
      const network = networkOf(address);
      const parsed = network && parseNetwork(network);
      if (!parsed) continue;
      const word = parsed.address.family === 6 ? 'inet6' : 'inet';
      lines.push(`    ${word} ${network} scope ${scopeOf(parsed.address)} ${name}`);
    }
  }
  return lines.length > 0 ? `${lines.join('\n')}\n` : '';
}

/** RTN_UNICAST and those behind it (include/uapi/linux/rtnetlink.h). */
const types = [
  ...['', '', 'local', 'broadcast', 'anycast', 'multicast', 'blackhole', 'unreachable'],
  ...['prohibit', 'throw'],
];
const scopes: ReadonlyMap<number, string> = new Map([
  [200, 'site'],
  [253, 'link'],
  [254, 'host'],
  [255, 'nowhere'],
]);
const protocols: ReadonlyMap<number, string> = new Map([
  [2, 'kernel'],
  [3, 'boot'],
  [4, 'static'],
]);
const tables: ReadonlyMap<number, string> = new Map([
  [255, 'local'],
  [254, 'main'],
  [253, 'default'],
]);
const onlink = 4;

/** IPv4 routes; `...` where one has several next hops, which are not kept. */
export function routesOf(routes: readonly unknown[]): string {
  const lines = routes.map(fields).map((route) => {
    const number = (name: string) => Number(route[name] ?? 0);
    const [destination, via] = [networkOf(route['d']), textOf(route['g'])];
    const device = textOf(route['o']);
    const type = types[number('t')];
    const isWithout = /^(?:blackhole|unreachable|prohibit|throw)$/.test(type ?? '');
    if (destination === undefined || type === undefined || (device === '' && !isWithout))
      return '...';
    const [table, scope] = [number('tb'), scopes.get(number('sc'))];
    const protocol = protocols.get(number('p')) ?? String(number('p'));
    const words: readonly (string | false)[] = [
      type,
      destination === '0.0.0.0/0' ? 'default' : destination.replace(/\/32$/, ''),
      via !== '' && `via ${via}`,
      device !== '' && `dev ${device}`,
      `table ${tables.get(table) ?? table}`,
      `proto ${protocol}`,
      scope !== undefined && `scope ${scope}`,
      textOf(route['s']) !== '' && `src ${textOf(route['s'])}`,
      number('pr') > 0 && `metric ${number('pr')}`,
      number('tos') > 0 && `tos ${number('tos')}`,
      (number('fl') & onlink) !== 0 && 'onlink',
    ];
    return words.filter(Boolean).join(' ');
  });
  return lines.length > 0 ? `${lines.join('\n')}\n` : '';
}

/** `not`, ports, users and `suppress_prefixlength` are not kept: other rules than the kernel's own tell nothing. */
export function rulesOf(rules: readonly unknown[]): string {
  const own = rules
    .map(fields)
    .map((rule) => `${Math.max(0, Number(rule['p'] ?? 0))} ${Number(rule['tb'])}`);
  const standard = ['0 255', '32766 254', '32767 253'];
  if (own.length !== standard.length || !standard.every((one) => own.includes(one))) return '';
  return '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** `{"IP":"10.244.0.1","Mask":"////AA=="}` */
function networkOf(value: unknown): string | undefined {
  const { IP: ip, Mask: mask } = fields(value);
  if (typeof ip !== 'string' || typeof mask !== 'string') return undefined;
  const bits = [...Buffer.from(mask, 'base64')].map((byte) => byte.toString(2).replaceAll('0', ''));
  return `${ip}/${bits.join('').length}`;
}
