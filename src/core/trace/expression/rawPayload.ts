import { protocolNumbers, icmpTypeOf, tcpFlagBits } from '../../packet';
import type { RawPayloadExpression } from '../../rules/expression';
import type { StatementContext } from '../match/context';
import { withPorts } from '../nat/ports';
import type { State } from '../state';
import { notOfTrace } from '../undecided';
import { number, unsure } from './computed';
import type { Computed } from './computed';

/** Bits of a header that are known, counted from its begin. */
interface Stretch {
  readonly offset: number;
  readonly length: number;
  readonly value: number | undefined;
}

/** `@nh,128,32`: bits by their place (nft_payload_eval). */
export function rawValue(
  { base, offset, length, text }: RawPayloadExpression,
  { state }: StatementContext,
): Computed {
  const bits = rawBits(base, offset, length, state);
  return bits === undefined ? unsure(text, notOfTrace(text)) : number(bits);
}

/** undefined where one of them is not known. */
export function rawBits(
  base: RawPayloadExpression['base'],
  offset: number,
  length: number,
  state: State,
): number | undefined {
  const known = base === 'nh' ? networkHeader(state) : base === 'th' ? transportHeader(state) : [];
  const found = known.find(
    (one) => one.offset <= offset && offset + length <= one.offset + one.length,
  );
  if (found?.value === undefined) return undefined;
  const behind = found.offset + found.length - offset - length;
  return Math.floor(found.value / 2 ** behind) % 2 ** length;
}

function networkHeader({ header, packet, tos, ttl }: State): readonly Stretch[] {
  const { source, destination, protocol } = header;
  if (destination.family === 4) {
    return [
      { offset: 0, length: 8, value: 0x45 },
      { offset: 8, length: 8, value: tos },
      { offset: 16, length: 16, value: packet.length },
      { offset: 64, length: 8, value: ttl },
      { offset: 72, length: 8, value: protocol },
      { offset: 96, length: 32, value: source.words[0] },
      { offset: 128, length: 32, value: destination.words[0] },
    ];
  }
  return [
    { offset: 0, length: 4, value: 6 },
    { offset: 4, length: 8, value: tos },
    { offset: 48, length: 8, value: packet.extensions ? undefined : protocol },
    { offset: 56, length: 8, value: ttl },
    ...[...source.words, ...destination.words].map((value, i) => ({
      offset: 64 + 32 * i,
      length: 32,
      value,
    })),
  ];
}

function transportHeader({ header, packet }: State): readonly Stretch[] {
  const { icmp, icmp6, tcp } = protocolNumbers;
  const { protocol } = header;
  if (protocol === icmp || protocol === icmp6) {
    return [
      { offset: 0, length: 8, value: icmpTypeOf(packet) },
      { offset: 8, length: 8, value: packet.icmpCode ?? 0 },
    ];
  }
  if (!withPorts.includes(protocol)) return [];
  const flags = protocol === tcp ? (packet.flags ?? tcpFlagBits.SYN) : undefined;
  return [
    { offset: 0, length: 16, value: header.sourcePort },
    { offset: 16, length: 16, value: header.destinationPort },
    { offset: 104, length: 8, value: flags },
  ];
}
