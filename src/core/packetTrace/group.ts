import { sameAddress } from '../address';
import type { Family } from '../address';
import type { PrintedHead, TraceForm, TraceLine } from './line';
import { append } from '../append';

/** The lines of one packet, in order. */
export interface TracedPacket {
  readonly form: TraceForm;
  readonly family: Family;
  readonly lines: readonly TraceLine[];
  /** As it was first seen; undefined where no line prints it. */
  readonly head?: PrintedHead;
}

/**
 * Lines to packets: by the monitor's id; else by the IP id and the sequence number, which NAT leaves
 * alone; else, where those were trimmed away, lines that follow one another and have the same source.
 */
export function groupPackets(lines: readonly TraceLine[]): readonly TracedPacket[] {
  const packets = new Map<string, TraceLine[]>();
  const trimmed: { key: string; head: PrintedHead } = { key: '', head: undefined as never };
  let runs = 0;
  for (const line of lines) {
    if (line.kind === 'connection') continue;
    const key = keyOf(line) ?? sameRun();
    append(packets, key, line);

    function sameRun(): string {
      const { head } = line as { head?: PrintedHead };
      const follows = !head || (trimmed.head && sameAddress(trimmed.head.source, head.source));
      if (!trimmed.key || !follows) trimmed.key = `run ${++runs}`;
      if (head) trimmed.head = head;
      return `${line.form} ${trimmed.key}`;
    }
  }
  return [...packets.values()].map((own) => {
    const head = own.find((line) => line.head !== undefined)?.head;
    const { form } = own[0]!;
    return { form, family: head?.family ?? 4, lines: own, head };
  });
}

function keyOf({ form, id, head }: TraceLine): string | undefined {
  if (id !== undefined) return `${form} id ${id}`;
  return head?.identity ? `${form} ${head.identity}` : undefined;
}
