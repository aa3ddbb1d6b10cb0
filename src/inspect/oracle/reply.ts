import { leaves } from '../../core/trace/leaves';
import type { Verdict } from '../../core/trace/trace';
import { icmpErrorOf } from '../../core/trace/client/refusal';
import { protocolNumbers } from '../../core/packet';
import type { OracleAnswer } from './format';

/**
 * Why the sender gets something else than recorded: no reply is recorded where the node's own rules
 * dropped it. What a socket of the node answers to a packet that reached it no dump tells.
 */
export function replyDifference(verdict: Verdict, answer: OracleAnswer): string | undefined {
  if (answer.verdict === 'ACCEPT' || answer.reject_reply === undefined) return undefined;
  const ours = gotBack(verdict);
  const theirs = answer.reject_reply ?? undefined;
  if (ours === theirs || verdict.client?.sees === 'unknown') return undefined;
  return `the sender gets ${ours} (${verdict.client?.text}), not ${theirs}`;
}

/** As the recordings write it: `icmp 3/3`, `icmpv6 1/4`, `tcp-rst`. */
function gotBack(verdict: Verdict): string | undefined {
  const { reply } = verdict;
  if (reply === undefined || !isSent(verdict)) return undefined;
  const error = icmpErrorOf(reply);
  if (!error) return 'tcp-rst';
  const name = error.protocol === protocolNumbers.icmp ? 'icmp' : 'icmpv6';
  return `${name} ${error.type}/${error.code}`;
}

/**
 * Whether the node's answer gets through POSTROUTING, where it was recorded; one to the node itself may
 * still be dropped when it comes back in over the loopback device.
 */
export function isSent({ client }: Verdict): boolean {
  if (!client?.way) return false;
  return leaves(client.way).some(({ verdict, steps }) => {
    const last = steps.at(-1)?.hook;
    return verdict.kind === 'ACCEPT' || last === 'prerouting' || last === 'input';
  });
}
