import type { Interval } from '../../../core/rules/optionValue';
import { parseNumber } from '../values';
import type { MatchModule } from './module';

export interface TypeAndCodes {
  readonly type: number;
  readonly codes: Interval;
}

export type TypeNames = ReadonlyMap<string, TypeAndCodes>;

const anyCode: Interval = { from: 0, to: 255 };

function code(type: number, code: number): TypeAndCodes {
  return { type, codes: { from: code, to: code } };
}

function anyCodeOf(type: number): TypeAndCodes {
  return { type, codes: anyCode };
}

/** libxt_icmp.h, icmp_codes. */
export const icmpNames: TypeNames = new Map(
  Object.entries({
    any: anyCodeOf(255),
    'echo-reply': anyCodeOf(0),
    pong: anyCodeOf(0),
    'destination-unreachable': anyCodeOf(3),
    'network-unreachable': code(3, 0),
    'host-unreachable': code(3, 1),
    'protocol-unreachable': code(3, 2),
    'port-unreachable': code(3, 3),
    'fragmentation-needed': code(3, 4),
    'source-quench': anyCodeOf(4),
    redirect: anyCodeOf(5),
    'echo-request': anyCodeOf(8),
    ping: anyCodeOf(8),
    'router-advertisement': anyCodeOf(9),
    'router-solicitation': anyCodeOf(10),
    'time-exceeded': anyCodeOf(11),
    'ttl-exceeded': anyCodeOf(11),
    'parameter-problem': anyCodeOf(12),
    'timestamp-request': anyCodeOf(13),
    'timestamp-reply': anyCodeOf(14),
  }),
);

/** libxt_icmp.h, icmpv6_codes. */
export const icmp6Names: TypeNames = new Map(
  Object.entries({
    'destination-unreachable': anyCodeOf(1),
    'no-route': code(1, 0),
    'communication-prohibited': code(1, 1),
    'beyond-scope': code(1, 2),
    'address-unreachable': code(1, 3),
    'port-unreachable': code(1, 4),
    'packet-too-big': anyCodeOf(2),
    'time-exceeded': anyCodeOf(3),
    'ttl-exceeded': anyCodeOf(3),
    'parameter-problem': anyCodeOf(4),
    'echo-request': anyCodeOf(128),
    ping: anyCodeOf(128),
    'echo-reply': anyCodeOf(129),
    pong: anyCodeOf(129),
    'router-solicitation': anyCodeOf(133),
    'router-advertisement': anyCodeOf(134),
    'neighbour-solicitation': anyCodeOf(135),
    'neighbor-solicitation': anyCodeOf(135),
    'neighbour-advertisement': anyCodeOf(136),
    'neighbor-advertisement': anyCodeOf(136),
    redirect: anyCodeOf(137),
  }),
);

function icmpModule(kind: 'icmp' | 'icmp6', names: TypeNames): MatchModule {
  const option = kind === 'icmp' ? '--icmp-type' : '--icmpv6-type';
  return {
    options: [option],
    lower(group) {
      const type = group.negatable(option, (text) => parseIcmpType(text, names));
      // Without an option: any type (libxt_icmp.c, icmp_init).
      const { value, negated } = type ?? { value: anyCodeOf(255), negated: false };
      return { kind, range: group.range, ...value, negated };
    },
  };
}

/** `8`, `3/4`, `echo-request`. */
export function parseIcmpType(text: string, names: TypeNames): TypeAndCodes | undefined {
  const named = names.get(text.toLowerCase());
  if (named) return named;
  const [type, single, ...rest] = text.split('/').map(parseNumber);
  if (type === undefined || type > 255 || rest.length > 0) return undefined;
  if (!text.includes('/')) return anyCodeOf(type);
  return single === undefined || single > 255 ? undefined : code(type, single);
}

export const icmpModules: Readonly<Record<string, MatchModule>> = {
  icmp: icmpModule('icmp', icmpNames),
  icmp6: icmpModule('icmp6', icmp6Names),
  icmpv6: icmpModule('icmp6', icmp6Names),
};
