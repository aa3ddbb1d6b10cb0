import { protocolNumbers, tcpFlagBits } from '../packet';
import type { Packet } from '../packet';
import type { FlowState } from './conntrack/flowState';
import type { Verdict } from './trace';

/** A later packet of a flow, with what the node remembers when it comes. */
export interface FollowUp {
  readonly packet: Packet;
  readonly memory: FlowState;
}

/**
 * The answer of whoever got the packet: it comes in by the device that the packet left by, or from
 * the node itself where it was delivered there.
 *
 * @returns undefined for a packet that was not delivered or opened no connection
 */
export function replyTo(packet: Packet, { kind, delivered, after }: Verdict): FollowUp | undefined {
  const [connection] = after.connections ?? [];
  if (kind !== 'ACCEPT' || !connection) return undefined;
  const { reply, icmp } = connection;
  const ping = icmp !== undefined;
  const port = reply.destinationPort ?? reply.destinationPorts?.[0]?.from;
  return {
    packet: {
      protocol: packet.protocol,
      source: reply.source,
      destination: reply.destination,
      sourcePort: ping ? port : reply.sourcePort,
      destinationPort: ping ? undefined : port,
      flags: packet.protocol === protocolNumbers.tcp ? synAck : undefined,
      icmpType: ping ? (packet.protocol === protocolNumbers.icmp ? 0 : 129) : undefined,
      inInterface: delivered === 'local' ? undefined : delivered,
    },
    memory: after,
  };
}

const synAck = tcpFlagBits.SYN | tcpFlagBits.ACK;
