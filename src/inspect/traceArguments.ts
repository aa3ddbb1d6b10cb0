import { errorText } from '../cluster/error';
import { own } from '../core/own';
import { parseArgs } from 'node:util';
import { protocolNumbers, tcpFlagBits } from '../core/packet';
import type { Packet } from '../core/packet';
import { parseExtensions } from '../core/extensionText';
import { parsePacketEnd, parsePacketTarget } from '../core/packetText';
import type { ConntrackState } from '../core/rules/match';

/** What `trace` was asked for. */
export interface TraceRequest {
  readonly folder: string;
  readonly packet: Packet;
  readonly state: ConntrackState | undefined;
  readonly mark: number;
  /** `--in`, `--bound` or `--local` was given: where the packet comes from is not to be derived. */
  readonly placed: boolean;
  readonly json: boolean;
}

const states: readonly ConntrackState[] = ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED'];

/** The request, or what is wrong with it in one sentence. */
export function readTraceArguments(args: readonly string[]): TraceRequest | { problem: string } {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        src: { type: 'string' },
        dst: { type: 'string' },
        in: { type: 'string' },
        local: { type: 'boolean' },
        bound: { type: 'string' },
        with: { type: 'string' },
        flags: { type: 'string' },
        state: { type: 'string' },
        mark: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
  } catch (error) {
    return { problem: errorText(error) };
  }
  const { values, positionals } = parsed;
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) return { problem: 'Name one folder of dumps.' };
  const source = parsePacketEnd(values.src ?? '');
  if (!source) return { problem: `--src is an address, as 10.244.1.7 or 10.244.1.7:40000.` };
  const target = parsePacketTarget(values.dst ?? '');
  if (!target)
    return { problem: `--dst is ADDRESS:PORT/PROTOCOL, as 10.96.0.10:53/udp, or ADDRESS/icmp.` };
  const flags = readFlags(values.flags ?? 'SYN');
  if (flags === undefined) return { problem: '--flags is a list as SYN,ACK.' };
  const state = values.state?.toUpperCase() as ConntrackState | undefined;
  if (state && !states.includes(state))
    return { problem: `--state is one of ${states.join(', ')}.` };
  const mark = Number(values.mark ?? 0);
  if (!Number.isInteger(mark) || mark < 0 || mark > 0xffffffff)
    return { problem: '--mark is a number of 32 bits, as 0x4000.' };
  if (values.bound !== undefined && values.in !== undefined)
    return { problem: '--bound names the device of a socket of the node itself: not with --in.' };
  const extensions = values.with === undefined ? undefined : parseExtensions(values.with);
  if (values.with !== undefined && (!extensions || target.address.family === 4))
    return {
      problem:
        '--with is a list of IPv6 headers, as hop-by-hop,routing:4,fragment:0+,destination,ah:256.',
    };
  const packet: Packet = {
    protocol: target.protocol,
    source: source.address,
    destination: target.address,
    sourcePort: source.port ?? 40000,
    destinationPort: target.port,
    flags: target.protocol === protocolNumbers.tcp ? flags : undefined,
    inInterface: values.in,
    ...(values.bound === undefined ? {} : { boundDevice: values.bound }),
    ...(extensions === undefined ? {} : { extensions }),
  };
  const placed =
    [values.in, values.bound].some((one) => one !== undefined) || values.local === true;
  return { folder, packet, state, mark, placed, json: values.json === true };
}

function readFlags(text: string): number | undefined {
  let bits = 0;
  for (const name of text.toUpperCase().split(',')) {
    const bit = own<number>(tcpFlagBits, name);
    if (bit === undefined) return undefined;
    bits |= bit;
  }
  return bits;
}
