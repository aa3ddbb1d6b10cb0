import type { HeaderName, OptionsHeaderMatch } from '../../../core/rules/extensionMatch';
import type { Interval } from '../../../core/rules/optionValue';
import { parseInterval, parseNumber } from '../values';
import type { MatchModule } from './module';

const most = 0xffffffff;

/** libip6t_ipv6header.c: the names and their aliases, which iptables-save prints as /etc/protocols has them. */
const headerNames: ReadonlyMap<string, HeaderName> = new Map([
  ['hop', 'hop'],
  ['hop-by-hop', 'hop'],
  ['dst', 'dst'],
  ['ipv6-opts', 'dst'],
  ['route', 'route'],
  ['ipv6-route', 'route'],
  ['frag', 'frag'],
  ['ipv6-frag', 'frag'],
  ['auth', 'auth'],
  ['ah', 'auth'],
  ['esp', 'esp'],
  ['none', 'none'],
  ['ipv6-nonxt', 'none'],
  ['proto', 'proto'],
  ['protocol', 'proto'],
]);

function parseHeaders(text: string): readonly HeaderName[] | undefined {
  const names = text.split(',').map((name) => headerNames.get(name.toLowerCase()));
  return names.every((name) => name !== undefined) ? names : undefined;
}

function parseRange(text: string): Interval | undefined {
  return parseInterval(text, ':', most);
}

/** `5`, `1:4`: types with the lengths of their data. */
function parseOptions(text: string): OptionsHeaderMatch['options'] | undefined {
  const options = text.split(',').map((word) => {
    const [type, length, ...rest] = word.split(':').map(parseNumber);
    if (type === undefined || rest.length > 0) return undefined;
    if (!word.includes(':')) return { type };
    return length === undefined ? undefined : { type, length };
  });
  return options.every((option) => option !== undefined) ? options : undefined;
}

function optionsModule(kind: 'hbh' | 'dst'): MatchModule {
  const names = [`--${kind}-len`, `--${kind}-opts`] as const;
  return {
    options: names,
    lower: (group) => ({
      kind,
      range: group.range,
      length: group.negatable(names[0], parseNumber),
      options: group.value(names[1], parseOptions) ?? [],
      text: group.text,
    }),
  };
}

/** Matches of IPv6's extension headers; `-m ah` and `-m esp` of IPv4 as well. */
export const extensionModules: Readonly<Record<string, MatchModule>> = {
  ipv6header: {
    options: ['--header', '--soft'],
    lower(group) {
      const soft = group.has('--soft');
      const header = group.negatable('--header', parseHeaders);
      const { range, text } = group;
      return (
        header && {
          kind: 'ipv6header',
          range,
          headers: header.value,
          soft,
          negated: header.negated,
          text,
        }
      );
    },
  },
  frag: {
    options: ['--fragid', '--fraglen', '--fragres', '--fragfirst', '--fragmore', '--fraglast'],
    lower(group) {
      // The kernel reads --fraglen and does not ask it (ip6t_frag.c).
      group.take('--fraglen');
      return {
        kind: 'frag',
        range: group.range,
        id: group.negatable('--fragid', parseRange),
        first: group.has('--fragfirst'),
        more: group.has('--fragmore'),
        last: group.has('--fraglast'),
        reserved: group.has('--fragres'),
        text: group.text,
      };
    },
  },
  rt: {
    options: [
      ...['--rt-type', '--rt-segsleft', '--rt-len'],
      ...['--rt-0-res', '--rt-0-addrs', '--rt-0-not-strict'],
    ],
    lower(group) {
      // The reserved bytes of a source route are 0 in what anybody sends.
      group.take('--rt-0-res', '--rt-0-not-strict');
      const addresses = group.take('--rt-0-addrs') !== undefined;
      return {
        kind: 'rt',
        range: group.range,
        type: group.negatable('--rt-type', parseNumber),
        segmentsLeft: group.negatable('--rt-segsleft', parseRange),
        length: group.negatable('--rt-len', parseNumber),
        addresses,
        text: group.text,
      };
    },
  },
  hbh: optionsModule('hbh'),
  dst: optionsModule('dst'),
  ah: {
    options: ['--ahspi', '--ahlen', '--ahres'],
    lower(group) {
      group.take('--ahres');
      const spi = group.negatable('--ahspi', parseRange);
      const length = group.negatable('--ahlen', parseNumber);
      return { kind: 'ah', range: group.range, spi, length, text: group.text };
    },
  },
  esp: {
    options: ['--espspi'],
    lower: (group) => ({
      kind: 'esp',
      range: group.range,
      spi: group.negatable('--espspi', parseRange),
      text: group.text,
    }),
  },
  mh: {
    options: ['--mh-type'],
    lower: (group) => ({
      kind: 'mh',
      range: group.range,
      type: group.negatable('--mh-type', parseMobilityType),
      text: group.text,
    }),
  },
  eui64: { options: [], lower: ({ range, text }) => ({ kind: 'eui64', range, text }) },
};

/** libip6t_mh.c, mh_names; numbers are what iptables-save prints. */
const mobilityTypes = ['brr', 'hoti', 'coti', 'hot', 'cot', 'bu', 'ba', 'be'];

function parseMobilityType(text: string): Interval | undefined {
  const named = mobilityTypes.indexOf(text.toLowerCase());
  return named < 0 ? parseInterval(text, ':', 0xff) : { from: named, to: named };
}
