import { parseNetwork, prefixLength } from '../../../core/address';
import type {
  HeaderTarget,
  PassingTarget,
  PrefixTarget,
  RejectTarget,
  SetTarget,
} from '../../../core/rules/target';
import type { VerdictTarget } from '../../../core/rules/verdict';
import { parseDirections } from '../values';
import type { TargetModule } from './module';
import { zoneIn } from './zone';

function verdict(kind: VerdictTarget['kind']): TargetModule {
  return { options: [], lower: (group) => ({ kind, range: group.range }) };
}

/** Takes every option as written: nothing of it changes what a trace follows. */
function asWritten<K extends PassingTarget['kind'] | HeaderTarget['kind']>(
  kind: K,
  options: readonly string[],
): TargetModule {
  return {
    options,
    lower(group) {
      group.take(...options);
      return { kind, range: group.range, text: group.text };
    },
  };
}

/** libipt_REJECT.c and libip6t_REJECT.c: short names that iptables takes as well. */
const rejectAliases: ReadonlyMap<string, string> = new Map([
  ['net-unreach', 'icmp-net-unreachable'],
  ['host-unreach', 'icmp-host-unreachable'],
  ['proto-unreach', 'icmp-proto-unreachable'],
  ['port-unreach', 'icmp-port-unreachable'],
  ['net-prohib', 'icmp-net-prohibited'],
  ['host-prohib', 'icmp-host-prohibited'],
  ['admin-prohib', 'icmp-admin-prohibited'],
  ['tcp-rst', 'tcp-reset'],
  ['no-route', 'icmp6-no-route'],
  ['adm-prohibited', 'icmp6-adm-prohibited'],
  ['addr-unreach', 'icmp6-addr-unreachable'],
  ['port-unreach6', 'icmp6-port-unreachable'],
]);

/** ip6t_NPT: `--src-pfx fd00::/64 --dst-pfx 2001:db8::/64`. */
function prefixModule(kind: PrefixTarget['kind']): TargetModule {
  return {
    options: ['--src-pfx', '--dst-pfx'],
    lower(group) {
      const from = group.value('--src-pfx', parsePrefix);
      const to = group.value('--dst-pfx', parsePrefix);
      return from && to && { kind, range: group.range, from, to };
    },
  };
}

function parsePrefix(text: string): PrefixTarget['from'] | undefined {
  const network = parseNetwork(text);
  const length = network && prefixLength(network);
  return length === undefined ? undefined : { address: network!.address, length };
}

export const otherTargets: Readonly<Record<string, TargetModule>> = {
  ACCEPT: verdict('ACCEPT'),
  DROP: verdict('DROP'),
  RETURN: verdict('RETURN'),
  QUEUE: verdict('QUEUE'),
  REJECT: {
    options: ['--reject-with'],
    lower(group, family) {
      const standard = family === 6 ? 'icmp6-port-unreachable' : 'icmp-port-unreachable';
      const named = group.value('--reject-with', (text) => text) ?? standard;
      const short = family === 6 && named === 'port-unreach' ? 'port-unreach6' : named;
      const target: RejectTarget = {
        kind: 'REJECT',
        range: group.range,
        with: rejectAliases.get(short) ?? named,
      };
      return target;
    },
  },
  LOG: asWritten('LOG', [
    ...['--log-level', '--log-prefix', '--log-tcp-sequence', '--log-tcp-options'],
    ...['--log-ip-options', '--log-uid', '--log-macdecode'],
  ]),
  NFLOG: asWritten('NFLOG', [
    ...['--nflog-group', '--nflog-prefix', '--nflog-range', '--nflog-size', '--nflog-threshold'],
  ]),
  TRACE: asWritten('TRACE', []),
  TCPMSS: asWritten('TCPMSS', ['--set-mss', '--clamp-mss-to-pmtu']),
  CHECKSUM: asWritten('CHECKSUM', ['--checksum-fill']),
  AUDIT: asWritten('AUDIT', ['--type']),
  TOS: asWritten('TOS', ['--set-tos', '--and-tos', '--or-tos', '--xor-tos']),
  DSCP: asWritten('DSCP', ['--set-dscp', '--set-dscp-class']),
  TTL: asWritten('TTL', ['--ttl-set', '--ttl-inc', '--ttl-dec']),
  HL: asWritten('HL', ['--hl-set', '--hl-inc', '--hl-dec']),
  SNPT: prefixModule('SNPT'),
  DNPT: prefixModule('DNPT'),
  CT: {
    options: ['--notrack', '--helper', '--timeout', '--ctevents', '--expevents', '--zone'].flatMap(
      (name) => (name === '--zone' ? [name, '--zone-orig', '--zone-reply'] : [name]),
    ),
    lower(group) {
      const notrack = group.has('--notrack');
      group.take(...this.options);
      return { kind: 'CT', range: group.range, notrack, ...zoneIn(group.text), text: group.text };
    },
  },
  NOTRACK: {
    options: [],
    lower: (group) => ({ kind: 'CT', range: group.range, notrack: true, text: '' }),
  },
  NFQUEUE: {
    options: ['--queue-num', '--queue-balance', '--queue-bypass', '--queue-cpu-fanout'],
    lower(group) {
      const bypass = group.has('--queue-bypass');
      group.take(...this.options);
      return { kind: 'NFQUEUE', range: group.range, text: group.text, bypass };
    },
  },
  SET: {
    options: [
      ...['--add-set', '--del-set', '--map-set', '--timeout', '--exist'],
      ...['--map-mark', '--map-prio', '--map-queue'],
    ],
    lower(group) {
      const option = group.take('--add-set', '--del-set', '--map-set');
      const [set, directions] = option?.values ?? [];
      const read = directions && parseDirections(directions.text);
      if (!option || !set || !read) return undefined;
      const mapsMark = group.has('--map-mark');
      group.take(...this.options);
      const operation = option.name.slice(2, 5) as SetTarget['operation'];
      const { range, text } = group;
      const target = {
        kind: 'SET',
        range,
        operation,
        set: set.text,
        directions: read,
        text,
      } as const;
      return mapsMark ? { ...target, mapsMark } : target;
    },
  },
};
