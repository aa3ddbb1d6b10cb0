import type {
  AddressType,
  ConntrackState,
  ConntrackStatus,
  Match,
} from '../../../core/rules/match';
import { parseNetwork } from '../../../core/address';
import type { OptionGroup } from '../optionGroup';
import { parseInterval, parseMasked, parsePorts, parseProtocol, parseWords } from '../values';
import type { MatchModule } from './module';

const states: readonly ConntrackState[] = [
  ...(['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED', 'SNAT', 'DNAT'] as const),
];

const statuses: readonly ConntrackStatus[] = [
  ...(['NONE', 'EXPECTED', 'SEEN_REPLY', 'ASSURED', 'CONFIRMED'] as const),
];

const types: readonly AddressType[] = [
  ...(['UNSPEC', 'UNICAST', 'LOCAL', 'BROADCAST', 'ANYCAST', 'MULTICAST', 'BLACKHOLE'] as const),
  ...(['UNREACHABLE', 'PROHIBIT', 'THROW', 'NAT', 'XRESOLVE'] as const),
];

export function parseStates(text: string) {
  return parseWords(text, states);
}

export function parseStatuses(text: string) {
  return parseWords(text, statuses);
}

export function parseAddressTypes(text: string) {
  return parseWords(text, types);
}

export function parseConntrackDirection(text: string) {
  return parseWords(text, ['ORIGINAL', 'REPLY'] as const)?.[0];
}

function lowerMark(kind: 'mark' | 'connmark') {
  return (group: OptionGroup): Match | undefined => {
    const mark = group.negatable('--mark', parseMasked);
    return mark && { kind, range: group.range, ...mark.value, negated: mark.negated };
  };
}

/** Matches that ask for what the kernel keeps with a packet or a connection, and its addresses' types. */
export const stateModules: Readonly<Record<string, MatchModule>> = {
  mark: { options: ['--mark'], lower: lowerMark('mark') },
  connmark: { options: ['--mark'], lower: lowerMark('connmark') },
  state: {
    options: ['--state'],
    lower(group) {
      const states = group.negatable('--state', parseStates);
      return states && { kind: 'conntrack', range: group.range, states };
    },
  },
  helper: {
    options: ['--helper'],
    lower(group) {
      const helper = group.negatable('--helper', (text) => text);
      return (
        helper && {
          kind: 'helper',
          range: group.range,
          name: helper.value,
          negated: helper.negated,
        }
      );
    },
  },
  conntrack: {
    options: [
      ...['--ctstate', '--ctstatus', '--ctproto', '--ctdir', '--ctexpire'],
      ...['--ctorigsrc', '--ctorigdst', '--ctreplsrc', '--ctrepldst'],
      ...['--ctorigsrcport', '--ctorigdstport', '--ctreplsrcport', '--ctrepldstport'],
    ],
    lower: (group) => ({
      kind: 'conntrack',
      range: group.range,
      states: group.negatable('--ctstate', parseStates),
      statuses: group.negatable('--ctstatus', parseStatuses),
      protocol: group.negatable('--ctproto', parseProtocol),
      originalSource: group.negatable('--ctorigsrc', parseNetwork),
      originalDestination: group.negatable('--ctorigdst', parseNetwork),
      replySource: group.negatable('--ctreplsrc', parseNetwork),
      replyDestination: group.negatable('--ctrepldst', parseNetwork),
      originalSourcePort: group.negatable('--ctorigsrcport', parsePorts),
      originalDestinationPort: group.negatable('--ctorigdstport', parsePorts),
      replySourcePort: group.negatable('--ctreplsrcport', parsePorts),
      replyDestinationPort: group.negatable('--ctrepldstport', parsePorts),
      expire: group.negatable('--ctexpire', (text) => parseInterval(text, ':', 0xffffffff)),
      direction: group.value('--ctdir', parseConntrackDirection),
    }),
  },
  addrtype: {
    options: ['--src-type', '--dst-type', '--limit-iface-in', '--limit-iface-out'],
    lower: (group) => ({
      kind: 'addrtype',
      range: group.range,
      source: group.negatable('--src-type', parseAddressTypes),
      destination: group.negatable('--dst-type', parseAddressTypes),
      limitIn: group.has('--limit-iface-in'),
      limitOut: group.has('--limit-iface-out'),
    }),
  },
};
