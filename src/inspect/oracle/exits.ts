import type { Packet } from '../../core/packet';
import type { Leaf } from '../../core/trace/leaves';
import type { Header, Step } from '../../core/trace/trace';
import { headerDifference } from './compareHeader';
import type { OracleExit } from './format';

interface Exit {
  readonly header: Header;
  readonly mark: number;
}

/**
 * Why a packet of the node did not leave POSTROUTING and INPUT as recorded, where it left several
 * times: over the loopback device, or with a copy of a multicast packet.
 */
export function exitsDifference(
  packet: Packet,
  { steps, verdict }: Leaf,
  seen: readonly OracleExit[] | undefined,
): string | undefined {
  if (!seen || !verdict.final) return undefined;
  const final = { header: verdict.final, mark: verdict.finalMark ?? 0 };
  const looped = packet.inInterface === undefined && verdict.delivered === 'local';
  const exits = exitsOf(packet, steps, looped, final);
  if (exits.length !== seen.length) return `${exits.length} exits, not ${seen.length}`;
  for (const [i, exit] of exits.entries()) {
    const wrong = exitDifference(exit, seen[i]!);
    if (wrong !== undefined) return `exit ${i + 1}: ${wrong}`;
  }
  return undefined;
}

function exitDifference({ header, mark }: Exit, recorded: OracleExit): string | undefined {
  if (mark !== Number(recorded.mark ?? 0)) return `mark ${mark}, not ${recorded.mark}`;
  const { src, dst, sport, dport } = recorded;
  if (src === undefined || dst === undefined) return undefined;
  return headerDifference(header, { proto: String(header.protocol), src, dst, sport, dport });
}

/**
 * The head and the mark where the way out ends and the way back in begins, and where the copy of a
 * multicast packet has gone in.
 */
function exitsOf(
  packet: Packet,
  steps: readonly Step[],
  looped: boolean,
  final: Exit,
): readonly Exit[] {
  const found = steps.findIndex(({ hook }) => hook === 'prerouting' || hook === 'input');
  // Where no rule stands on the way back in, all steps are those of the way out.
  const back = found < 0 && looped ? steps.length : found;
  if (packet.inInterface !== undefined || back < 0) return [final];
  const copied = steps.findIndex((step, i) => i > back && step.kind === 'routing' && !step.hook);
  const ends = copied < 0 ? [back] : [back, copied];
  return [...ends.map((end) => after(packet, steps.slice(0, end))), final];
}

function after(packet: Packet, steps: readonly Step[]): Exit {
  const { protocol, source, destination, sourcePort, destinationPort } = packet;
  const first: Header = { protocol, source, destination, sourcePort, destinationPort };
  const rewritten = steps.filter((step) => 'after' in step && step.after !== undefined).at(-1);
  const last = steps.at(-1);
  return {
    header: rewritten && 'after' in rewritten && rewritten.after ? rewritten.after : first,
    mark: last?.markAfter ?? last?.mark ?? 0,
  };
}
