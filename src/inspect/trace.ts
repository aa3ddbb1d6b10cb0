import { arrivalOf } from '../core/trace/arrival';
import { traceFlow } from '../core/trace/tracer';
import type { Assumption, Trace } from '../core/trace/trace';
import type { NodeState } from '../core/node';
import type { Packet } from '../core/packet';
import { isRecord } from '../core/record';
import type { SourceRange } from '../core/source';
import { complain } from './complain';
import type { Command } from './command';
import { readNodeFolder } from './nodeFiles';
import { readTraceArguments } from './traceArguments';
import { missingOf } from './checkNode';
import { missingText } from './checkReport';
import { calledChains } from '../core/flow/calledChains';
import { traceText } from './traceText';
import type { NodeReading } from '../syntax/node/readNode';
import { print } from './print';

export const trace: Command = {
  help: `trace NODE_DIR --src ADDRESS[:PORT] --dst ADDRESS:PORT/tcp|udp|sctp (or ADDRESS/icmp)
      [--in DEVICE | --local | --bound DEVICE] [--with HEADERS] [--flags SYN,ACK] [--state NEW|ESTABLISHED|INVALID|UNTRACKED]
      [--mark 0x4000] [--json]
    Says what the kernel of that node does with a packet, by the dumps in the folder. Without --in
    a packet from an address of the node is its own, and others come in by the device that the
    route back leaves by. NODE_DIR may be one file, as pasted from a terminal, or a support bundle: an
    archive, a collector's folder, or ARCHIVE/NODE of several. --bound is a packet of the node itself
    whose socket is bound to a device (SO_BINDTODEVICE); --with names IPv6 extension headers in their
    order, as hop-by-hop,routing:4,fragment:0+,destination,ah:256 (a routing header's type, a
    fragment's offset in units of 8 bytes with + where more follow, an SPI).`,

  async run(args) {
    const request = readTraceArguments(args);
    if ('problem' in request) {
      complain(`${request.problem}\n\n${this.help}`);
      return 2;
    }
    let reading: NodeReading;
    try {
      reading = await readNodeFolder(request.folder);
    } catch (error) {
      complain(error);
      return 2;
    }
    const { state: node, original } = reading;
    const { packet, assumptions, problem } = place(node, request.packet, request.placed);
    if (problem !== undefined) {
      complain(`${problem}: say --in DEVICE, or --local for a packet of the node itself.`);
      return 2;
    }
    const { state, mark } = request;
    const traced = traceFlow(node, packet, { state, mark });
    const whole: Trace = { ...traced, assumptions: [...assumptions, ...traced.assumptions] };
    const missing = missingText({ missing: missingOf(node), unread: reading.unread });
    const older = (node.findings ?? []).filter(({ code }) => code === 'older-dump');
    const notes = older.map(({ message }) => `note: ${message}`);
    const text = request.json
      ? JSON.stringify(whole, (_, value) => plain(value, original), 2)
      : [...traceText(whole, original, calledChains(node)), ...notes, ...missing].join('\n');
    print(text);
    return 0;
  },
};

interface Placed {
  readonly packet: Packet;
  readonly assumptions: readonly Assumption[];
  readonly problem?: string;
}

function place(node: NodeState, packet: Packet, placed: boolean): Placed {
  if (placed) return { packet, assumptions: [] };
  const arrival = arrivalOf(node, packet.source);
  switch (arrival.kind) {
    case 'node':
      return { packet, assumptions: [] };
    case 'device': {
      const assumptions = [{ text: arrival.assumption }];
      return { packet: { ...packet, inInterface: arrival.device }, assumptions };
    }
    case 'unknown':
      return { packet, assumptions: [], problem: arrival.reason };
  }
}

/** Maps as objects: JSON has none. Places as the files have them. */
function plain(value: unknown, original: NodeReading['original']): unknown {
  if (isRange(value)) return original(value);
  return value instanceof Map ? Object.fromEntries(value as Map<string, unknown>) : value;
}

function isRange(value: unknown): value is SourceRange {
  return isRecord(value) && 'source' in value && 'line' in value;
}
