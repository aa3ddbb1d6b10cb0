import { promptCommand } from '../iptables/lines/prompt';
import { isShellPrompt } from '../shellPrompt';
import type { TakenLine } from './cut';

/** A row of a listing: the target, or with `-v` two counts before it, the protocol, its option and both networks. */
const row =
  /^\s*(?:\d+ +)?(?:\d+[KMGT]? +\d+[KMGT]? +)?[\w:.-]{1,40} +(?:all|tcp|udp|sctp|icmp|\d{1,3}) +(?:--|opt) +\S/;

const filter = /\|\s*(?:sudo\s+)?[ez]?grep\b/;

const builtin = /^(?:PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/;

/**
 * Puts the head of a chain above its rows where a filter took it away, since the command names the chain:
 *
 *     # iptables -t nat -nL KUBE-SERVICES | grep web
 *     KUBE-SVC-...  tcp  --  0.0.0.0/0  10.96.200.7  ...
 *
 * Not of a built-in chain, whose policy its head would tell.
 *
 * @returns undefined where there is none
 */
export function withChainHeads(lines: readonly string[]): readonly TakenLine[] | undefined {
  const heads = new Map<number, string>();
  lines.forEach((text, line) => {
    const chain = filter.test(text) && isShellPrompt(text.trim()) ? chainAsked(text) : undefined;
    if (chain !== undefined && row.test(lines[line + 1] ?? '')) heads.set(line, chain);
  });
  if (heads.size === 0) return undefined;
  return lines.flatMap((text, line) => {
    const chain = heads.get(line);
    const own = { text, line, column: 0 };
    return chain === undefined
      ? [own]
      : [own, { text: `Chain ${chain} (1 references)`, line, column: 0 }];
  });
}

function chainAsked(text: string): string | undefined {
  const command = promptCommand(text);
  if (command?.form !== 'listing' || command.chain === undefined) return undefined;
  return builtin.test(command.chain) ? undefined : command.chain;
}
