import type { PassingTarget, QueueTarget, RejectTarget } from '../../../core/rules/target';
import type { TableFamily } from '../../../core/rules/ruleset';
import { readExpression } from '../expressions/expression';
import { numberOf, type Reader } from '../text/reader';
import { own } from '../../../core/own';

/** `reject`, `reject with icmp port-unreachable`, `reject with tcp reset`, of old versions `with icmp type ...`. */
export function readReject(
  reader: Reader,
  family: TableFamily | undefined,
): RejectTarget | undefined {
  const from = reader.at;
  reader.at++;
  let protocol: string | undefined;
  let code: string | undefined;
  if (reader.take('with')) {
    protocol = reader.takeOneOf(['icmp', 'icmpv6', 'icmpx', 'tcp']);
    reader.take('type');
    code = reader.takeText();
    if (!protocol || code === undefined) return undefined;
  }
  return { kind: 'REJECT', with: rejectWith(protocol, code, family), range: reader.range(from) };
}

/** Names of codes that old versions print as numbers: icmp, icmpv6 and icmpx. */
const codes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  icmp: {
    ...{ 0: 'net-unreachable', 1: 'host-unreachable', 2: 'prot-unreachable' },
    ...{ 3: 'port-unreachable', 9: 'net-prohibited', 10: 'host-prohibited' },
    13: 'admin-prohibited',
  },
  icmpv6: {
    ...{ 0: 'no-route', 1: 'admin-prohibited', 3: 'addr-unreachable', 4: 'port-unreachable' },
    ...{ 5: 'policy-fail', 6: 'reject-route' },
  },
  icmpx: {
    ...{ 0: 'no-route', 1: 'port-unreachable', 2: 'host-unreachable', 3: 'admin-prohibited' },
  },
};

/**
 * In the words of iptables, which name the message: `icmp-port-unreachable`,
 * `icmp6-port-unreachable`, `tcp-reset`; `icmpx-...` where the packet's family chooses it.
 *
 * @param protocol undefined: the default of the table's family
 */
export function rejectWith(
  protocol: string | undefined,
  code: string | undefined,
  family: TableFamily | undefined,
): string {
  if (protocol === 'tcp') return 'tcp-reset';
  const byFamily = family === 'ip' ? 'icmp' : family === 'ip6' ? 'icmpv6' : 'icmpx';
  const kind = protocol ?? byFamily;
  const word = code ?? 'port-unreachable';
  const name = numberOf(word) === undefined ? word : (own(own(codes, kind) ?? {}, word) ?? word);
  return `${kind === 'icmpv6' ? 'icmp6' : kind}-${name}`;
}

/** `queue flags bypass to 102`, `queue num 1-3 bypass,fanout`. */
export function readQueue(reader: Reader): QueueTarget {
  const from = reader.at;
  reader.at++;
  let bypass = false;
  for (;;) {
    if (reader.takeOneOf(['flags', 'fanout', ','])) continue;
    if (reader.take('bypass')) bypass = true;
    else if (reader.takeOneOf(['num', 'to'])) readExpression(reader);
    else break;
  }
  return { kind: 'NFQUEUE', bypass, text: reader.text(from), range: reader.range(from) };
}

/** `log prefix "x" level warn flags all`, `log group 1`: with a group it is NFLOG. */
export function readLog(reader: Reader): PassingTarget {
  const from = reader.at;
  reader.at++;
  const options: [string, string][] = [];
  for (;;) {
    const name = reader.takeOneOf([
      'prefix',
      'level',
      'group',
      'snaplen',
      'queue-threshold',
      'flags',
    ]);
    if (!name) break;
    if (name !== 'flags') options.push([name, reader.takeText() ?? '']);
    else {
      while (reader.takeOneOf(['all', 'tcp', 'ip', 'sequence', 'options', 'skuid', 'ether', ',']));
    }
  }
  return { ...log(options), range: reader.range(from) };
}

/** @param options in any order; flags are left out, they change what is written only */
export function log(options: readonly (readonly [string, string])[]): Omit<PassingTarget, 'range'> {
  const order = ['prefix', 'level', 'group', 'snaplen', 'queue-threshold'];
  const written = order.flatMap((name) => {
    const found = options.find(([option]) => option === name);
    return found ? [`${name} ${name === 'prefix' ? `"${found[1]}"` : found[1]}`] : [];
  });
  const kind = options.some(([name]) => name === 'group') ? 'NFLOG' : 'LOG';
  return { kind, text: written.join(' ') };
}
