import { parseArgs } from 'node:util';
import { parseAddress } from '../core/address';
import type { Address } from '../core/address';
import { protocolNumbers, tcpFlagBits } from '../core/packet';
import type { Packet } from '../core/packet';
import type { ConntrackState } from '../core/rules/match';

/** What `trace` was asked for. */
export interface TraceRequest {
  readonly folder: string;
  readonly packet: Packet;
  readonly state: ConntrackState | undefined;
  readonly mark: number;
  /** `--in` was given, or `--local`: where the packet comes from is not to be derived. */
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
        flags: { type: 'string' },
        state: { type: 'string' },
        mark: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  const { values, positionals } = parsed;
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) return { problem: 'Name one folder of dumps.' };
  const source = readEnd(values.src ?? '');
  if (!source) return { problem: `--src is an address, as 10.244.1.7 or 10.244.1.7:40000.` };
  const target = readDestination(values.dst ?? '');
  if (!target)
    return { problem: `--dst is ADDRESS:PORT/PROTOCOL, as 10.96.0.10:53/udp, or ADDRESS/icmp.` };
  const flags = readFlags(values.flags ?? 'SYN');
  if (flags === undefined) return { problem: '--flags is a list as SYN,ACK.' };
  const state = values.state?.toUpperCase() as ConntrackState | undefined;
  if (state && !states.includes(state))
    return { problem: `--state is one of ${states.join(', ')}.` };
  const mark = Number(values.mark ?? 0);
  if (!Number.isInteger(mark) || mark < 0) return { problem: '--mark is a number, as 0x4000.' };
  const packet: Packet = {
    protocol: target.protocol,
    source: source.address,
    destination: target.address,
    sourcePort: source.port ?? 40000,
    destinationPort: target.port,
    flags: target.protocol === protocolNumbers.tcp ? flags : undefined,
    inInterface: values.in,
  };
  const placed = values.in !== undefined || values.local === true;
  return { folder, packet, state, mark, placed, json: values.json === true };
}

interface End {
  readonly address: Address;
  readonly port: number | undefined;
}

/** `10.0.0.1`, `10.0.0.1:80`, `fd00::1`, `[fd00::1]:80`. */
function readEnd(text: string): End | undefined {
  const [, inBrackets, plain, portText] =
    /^(?:\[(.+)\]|([^:]+|.*:.*:.*?))(?::(\d+))?$/.exec(text) ?? [];
  const whole = parseAddress(text);
  if (whole) return { address: whole, port: undefined };
  const address = parseAddress(inBrackets ?? plain ?? '');
  if (!address) return undefined;
  const port = portText === undefined ? undefined : Number(portText);
  return port !== undefined && port > 65535 ? undefined : { address, port };
}

function readDestination(text: string): (End & { readonly protocol: number }) | undefined {
  const slash = text.lastIndexOf('/');
  const name = slash < 0 ? 'tcp' : text.slice(slash + 1).toLowerCase();
  const end = readEnd(slash < 0 ? text : text.slice(0, slash));
  if (!end) return undefined;
  const { tcp, udp, sctp, icmp, icmp6 } = protocolNumbers;
  const ping = end.address.family === 6 ? icmp6 : icmp;
  const protocols: Readonly<Record<string, number>> = { tcp, udp, sctp, icmp: ping, icmpv6: icmp6 };
  const protocol = protocols[name];
  if (protocol === undefined) return undefined;
  const isPing = protocol === icmp || protocol === icmp6;
  if (!isPing && end.port === undefined) return undefined;
  return { ...end, protocol };
}

function readFlags(text: string): number | undefined {
  let bits = 0;
  for (const name of text.toUpperCase().split(',')) {
    const bit = (tcpFlagBits as Readonly<Record<string, number>>)[name];
    if (bit === undefined) return undefined;
    bits |= bit;
  }
  return bits;
}
