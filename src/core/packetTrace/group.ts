import { sameAddress } from '../address';
import type { Family } from '../address';
import type { PacketLine, PrintedHead, TraceForm, TraceLine } from './line';
import { append } from '../append';

/** The lines of one packet, in order. */
export interface TracedPacket {
  readonly form: TraceForm;
  readonly family: Family;
  readonly lines: readonly PacketLine[];
  /** As it was first seen; undefined where no line prints it. */
  readonly head?: PrintedHead;
}

/**
 * Lines to packets: by the monitor's id; else by the IP id and the sequence number, which NAT leaves
 * alone; else, where those were trimmed away, lines that follow one another and have the same source.
 */
export function groupPackets(lines: readonly TraceLine[]): readonly TracedPacket[] {
  const packets = new Map<string, PacketLine[]>();
  let run = 0;
  let before: PrintedHead | undefined;
  const runOf = ({ form, head }: PacketLine) => {
    const follows = !head || (before && sameAddress(before.source, head.source));
    if (!follows) run++;
    before = head ?? before;
    return `${form} run ${run}`;
  };
  for (const line of lines) {
    if (line.kind !== 'connection') append(packets, keyOf(line) ?? runOf(line), line);
  }
  return [...packets.values()].map((own) => {
    const head = own.find((line) => line.head !== undefined)?.head;
    const { form } = own[0]!;
    return { form, family: head?.family ?? 4, lines: own, head };
  });
}

function keyOf({ form, id, head }: PacketLine): string | undefined {
  if (id !== undefined) return `${form} id ${id}`;
  return head?.identity ? `${form} ${head.identity}` : undefined;
}
