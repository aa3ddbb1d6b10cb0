import type { PortMatch } from '../../../core/rules/match';
import type { Negatable } from '../../../core/rules/optionValue';
import { own } from '../../../core/own';
import { tcpFlagBits } from '../../../core/packet';
import type { OptionGroup } from '../optionGroup';
import { parsePorts } from '../values';
import type { MatchModule } from './module';

const portOptions = ['--sport', '--source-port', '--dport', '--destination-port'] as const;

/** Options that are read, but ask for what no Packet here holds. */
const unmodelled: Readonly<Record<PortMatch['kind'], readonly string[]>> = {
  tcp: ['--tcp-option'],
  udp: [],
  udplite: [],
  sctp: ['--chunk-types'],
  dccp: ['--dccp-types', '--dccp-option'],
};

function portModule(kind: PortMatch['kind']): MatchModule {
  const others = unmodelled[kind];
  const flags = kind === 'tcp' ? ['--tcp-flags', '--syn'] : [];
  return {
    options: [...portOptions, ...flags, ...others],
    lower(group) {
      const other = others.map((name) => group.take(name)).filter((option) => option !== undefined);
      return {
        kind,
        range: group.range,
        sport: group.negatable(['--sport', '--source-port'], parsePorts),
        dport: group.negatable(['--dport', '--destination-port'], parsePorts),
        ...(kind === 'tcp' && { flags: lowerFlags(group) }),
        ...(other.length > 0 && {
          unmodelled: other
            .map(({ negated, name, values }) =>
              [negated ? '!' : '', name, ...values.map(({ text }) => text)].join(' ').trim(),
            )
            .join(' '),
        }),
      };
    },
  };
}

const { SYN, RST, ACK, FIN } = tcpFlagBits;

/** `--tcp-flags FIN,SYN,RST,ACK SYN`, for which `--syn` is short. */
function lowerFlags(group: OptionGroup): PortMatch['flags'] {
  const syn = group.take('--syn');
  const option = group.take('--tcp-flags');
  if (syn) return { value: { mask: SYN | RST | ACK | FIN, set: SYN }, negated: syn.negated };
  if (!option) return undefined;
  const [mask, set] = option.values.map(({ text }) => parseTcpFlags(text));
  if (mask === undefined || set === undefined) {
    group.refuse(option);
    return undefined;
  }
  return { value: { mask, set }, negated: option.negated } satisfies Negatable<unknown>;
}

/** `SYN,ACK`, `ALL`, `NONE` (libxt_tcp.c). */
export function parseTcpFlags(text: string): number | undefined {
  let bits = 0;
  for (const name of text.toUpperCase().split(',')) {
    const bit = name === 'ALL' ? 0x3f : name === 'NONE' ? 0 : own<number>(tcpFlagBits, name);
    if (bit === undefined) return undefined;
    bits |= bit;
  }
  return bits;
}

export const portModules: Readonly<Record<string, MatchModule>> = {
  tcp: portModule('tcp'),
  udp: portModule('udp'),
  udplite: portModule('udplite'),
  sctp: portModule('sctp'),
  dccp: portModule('dccp'),
  multiport: {
    options: ['--sports', '--source-ports', '--dports', '--destination-ports', '--ports'],
    lower(group) {
      const sides = [
        ['source', group.negatable(['--sports', '--source-ports'], parsePortList)],
        ['destination', group.negatable(['--dports', '--destination-ports'], parsePortList)],
        ['either', group.negatable('--ports', parsePortList)],
      ] as const;
      const [side, ports] = sides.find(([, ports]) => ports !== undefined) ?? [];
      if (!side || !ports) return undefined;
      const { value, negated } = ports;
      return { kind: 'multiport', range: group.range, side, ports: value, negated };
    },
  },
};

/** `80,443,8000:8080` */
function parsePortList(text: string) {
  const ports = text.split(',').map(parsePorts);
  return ports.every((port) => port !== undefined) ? ports : undefined;
}
