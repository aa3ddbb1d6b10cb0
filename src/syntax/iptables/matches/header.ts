import type { Match, PacketTypeMatch, TtlMatch } from '../../../core/rules/match';
import type { OptionGroup } from '../optionGroup';
import { parseInterface, parseInterval, parseMasked, parseNumber } from '../values';
import type { MatchModule } from './module';

/** Of xt_dscp's classes (dscp_helper.c); `EF`, `CS1`, `AF11`. */
function parseDscpClass(text: string): number | undefined {
  const name = text.toUpperCase();
  if (name === 'EF') return 0x2e;
  if (name === 'BE') return 0;
  const [, selector] = /^CS([0-7])$/.exec(name) ?? [];
  if (selector !== undefined) return Number(selector) << 3;
  const [, group, drop] = /^AF([1-4])([1-3])$/.exec(name) ?? [];
  return group === undefined || drop === undefined
    ? undefined
    : (Number(group) << 3) | (Number(drop) << 1);
}

/** libxt_tos.c and tos_values.c: a name stands for the value under the mask 0x3f. */
const tosNames: ReadonlyMap<string, number> = new Map(
  Object.entries({
    'minimize-delay': 0x10,
    'maximize-throughput': 0x08,
    'maximize-reliability': 0x04,
    'minimize-cost': 0x02,
    'normal-service': 0x00,
  }),
);

function parseTos(text: string) {
  const named = tosNames.get(text.toLowerCase());
  return named === undefined ? parseMasked(text, 0xff) : { value: named, mask: 0x3f };
}

/** A number, or the one name that needs no /etc/iproute2/group. */
function parseGroup(text: string) {
  return parseMasked(text === 'default' ? '0' : text);
}

function lowerTtl(kind: TtlMatch['kind']) {
  return (group: OptionGroup): Match | undefined => {
    for (const [comparison, name] of [
      ['equal', `--${kind}-eq`],
      ['less', `--${kind}-lt`],
      ['greater', `--${kind}-gt`],
    ] as const) {
      const option = group.negatable(name, parseNumber);
      if (!option) continue;
      return { kind, range: group.range, comparison, value: option.value, negated: option.negated };
    }
    return undefined;
  };
}

const packetTypes: readonly PacketTypeMatch['type'][] = ['unicast', 'broadcast', 'multicast'];

/** Matches that ask for single fields of the packet, and for the devices it crossed. */
export const headerModules: Readonly<Record<string, MatchModule>> = {
  tos: {
    options: ['--tos'],
    lower(group) {
      const tos = group.negatable('--tos', parseTos);
      return tos && { kind: 'tos', range: group.range, ...tos.value, negated: tos.negated };
    },
  },
  dscp: {
    options: ['--dscp', '--dscp-class'],
    lower(group) {
      const dscp =
        group.negatable('--dscp', parseNumber) ?? group.negatable('--dscp-class', parseDscpClass);
      if (!dscp) return undefined;
      const { value, negated } = dscp;
      return { kind: 'dscp', range: group.range, value: value << 2, mask: 0xfc, negated };
    },
  },
  /** xt_ecn.c, match_ip: the two low bits of the TOS byte. */
  ecn: {
    options: ['--ecn-ip-ect', '--ecn-tcp-cwr', '--ecn-tcp-ece'],
    lower(group) {
      const { range } = group;
      const ect = group.negatable('--ecn-ip-ect', parseNumber);
      // No packet of a trace has the flags CWR and ECE.
      if (group.flag('--ecn-tcp-cwr') ?? group.flag('--ecn-tcp-ece'))
        return { kind: 'unmodelled', name: 'ecn', range, text: group.text };
      return ect && { kind: 'tos', range, value: ect.value, mask: 3, negated: ect.negated };
    },
  },
  ttl: { options: ['--ttl-eq', '--ttl-lt', '--ttl-gt'], lower: lowerTtl('ttl') },
  hl: { options: ['--hl-eq', '--hl-lt', '--hl-gt'], lower: lowerTtl('hl') },
  length: {
    options: ['--length'],
    lower(group) {
      const length = group.negatable('--length', (text) => parseInterval(text, ':', 0xffff));
      if (!length) return undefined;
      return { kind: 'length', range: group.range, bytes: length.value, negated: length.negated };
    },
  },
  pkttype: {
    options: ['--pkt-type'],
    lower(group) {
      const type = group.negatable('--pkt-type', (text) =>
        packetTypes.find((type) => type === text.toLowerCase()),
      );
      return (
        type && { kind: 'pkttype', range: group.range, type: type.value, negated: type.negated }
      );
    },
  },
  mac: {
    options: ['--mac-source'],
    lower(group) {
      const mac = group.negatable('--mac-source', (text) =>
        /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text) ? text.toLowerCase() : undefined,
      );
      return mac && { kind: 'mac', range: group.range, address: mac.value, negated: mac.negated };
    },
  },
  devgroup: {
    options: ['--src-group', '--dst-group'],
    lower: (group) => ({
      kind: 'devgroup',
      range: group.range,
      source: group.negatable('--src-group', parseGroup),
      destination: group.negatable('--dst-group', parseGroup),
    }),
  },
  realm: {
    options: ['--realm'],
    lower(group) {
      const realm = group.negatable('--realm', parseMasked);
      return realm && { kind: 'realm', range: group.range, ...realm.value, negated: realm.negated };
    },
  },
  physdev: {
    options: [
      ...['--physdev-in', '--physdev-out'],
      ...['--physdev-is-in', '--physdev-is-out', '--physdev-is-bridged'],
    ],
    lower: (group) => ({
      kind: 'physdev',
      range: group.range,
      in: group.negatable('--physdev-in', parseInterface),
      out: group.negatable('--physdev-out', parseInterface),
      isIn: group.flag('--physdev-is-in'),
      isOut: group.flag('--physdev-is-out'),
      isBridged: group.flag('--physdev-is-bridged'),
    }),
  },
  rpfilter: {
    options: ['--loose', '--validmark', '--accept-local', '--invert'],
    lower: (group) => ({
      kind: 'rpfilter',
      range: group.range,
      loose: group.has('--loose'),
      validmark: group.has('--validmark'),
      acceptLocal: group.has('--accept-local'),
      invert: group.has('--invert'),
    }),
  },
  comment: {
    options: ['--comment'],
    lower: (group) => ({
      kind: 'comment',
      range: group.range,
      text: group.value('--comment', (text) => text) ?? '',
    }),
  },
};
