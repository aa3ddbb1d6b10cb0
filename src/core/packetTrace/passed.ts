import { l10n } from '../l10n';
import { describeMatch } from '../describe/matches';
import type { NodeState } from '../node';
import { protocolNumbers } from '../packet';
import type { Packet } from '../packet';
import type { Chain, Rule, Table } from '../rules/ruleset';
import { isAction } from '../rules/statementKind';
import { track } from '../trace/conntrack/conntrack';
import { ask } from '../trace/match/index';
import { startState } from '../trace/startState';
import type { HookRun, State } from '../trace/state';
import type { Hook } from '../trace/trace';
import type { PassedRule } from './laid';
import type { PrintedHead } from './line';
import { list } from '../list';

/** At most so many are told one by one. */
const mostPassed = 50;

/** The packet of a printed head; without a protocol it can't be asked about. */
export function packetOfHead(head: PrintedHead): Packet | undefined {
  const { protocol, source, destination, sourcePort, destinationPort, inDevice, ttl, length } =
    head;
  if (protocol === undefined) return undefined;
  const { flags, icmpType, icmpCode, inner } = head;
  return {
    protocol,
    source,
    destination,
    sourcePort,
    destinationPort,
    flags: protocol === protocolNumbers.tcp ? flags : undefined,
    icmpType,
    icmpCode,
    inner,
    inInterface: inDevice,
    ttl,
    length,
  };
}

/** What a rule says of the packet as the line before it prints it. */
export interface Asker {
  /** Why the rule does not match; 'matches' where all its matches surely hold, 'open' where no dump tells. */
  ask(rule: Rule): { readonly kind: 'no' | 'matches' | 'open'; readonly reason: string };
}

export function askerOf(
  node: NodeState,
  head: PrintedHead,
  { table, chain }: { readonly table: Table; readonly chain: Chain },
  hook: Hook,
): Asker | undefined {
  const packet = packetOfHead(head);
  if (!packet) return undefined;
  const state: State = startState(packet, { mark: head.mark });
  const run: HookRun = {
    hook,
    items: [],
    index: 0,
    nat: 0,
    inDevice: head.inDevice ?? '',
    outDevice: head.outDevice ?? '',
  };
  state.run = run;
  if (table.name !== 'raw') track(state, [], undefined, true);
  return {
    ask(rule) {
      let open = '';
      for (const [at, statement] of rule.statements.entries()) {
        if (isAction(statement)) continue;
        const answer = ask(statement, {
          node,
          connections: [],
          state,
          run,
          table,
          rule,
          chain,
          scope: '',
          chosen: new Map(),
          tried: () => undefined,
          at,
        });
        if (answer === true) continue;
        const match = rule.matches.find((one) => one === statement);
        const words = (match && list(describeMatch(match))) || statement.kind;
        if (answer === false)
          return { kind: 'no', reason: l10n.t`asks for a packet that ${words}` };
        open ||= answer.unknown ?? l10n.t`not decided by the dump: ${answer.condition}`;
      }
      if (rule.findings.length > 0) open ||= l10n.t`the rule could not be read in full`;
      return open ? { kind: 'open', reason: open } : { kind: 'matches', reason: '' };
    },
  };
}

/** The rules from `from` (an index) before `to` that the kernel went past, and those that it can't have. */
export function passedRules(
  chain: Chain,
  asker: Asker | undefined,
  head: PrintedHead | undefined,
  from: number,
  to: number,
): {
  readonly passed: readonly PassedRule[];
  readonly others: number;
  readonly should: Rule | undefined;
} {
  if (!asker || !head) return { passed: [], others: Math.max(0, to - from), should: undefined };
  const passed: PassedRule[] = [];
  let should: Rule | undefined;
  for (const i of chain.candidates(head.destination)) {
    if (i < from) continue;
    if (i >= to || passed.length >= mostPassed) break;
    const rule = chain.rule(i);
    const { kind, reason } = asker.ask(rule);
    if (kind === 'matches' && endsWalk(rule)) should ??= rule;
    passed.push({ rule, reason: kind === 'matches' ? l10n.t`by the dump it matches` : reason });
  }
  return { passed, others: Math.max(0, to - from - passed.length), should };
}

/** A matching rule of these is always printed: others may be written by another rule's trace flag. */
function endsWalk({ target }: Rule): boolean {
  return target !== undefined && target.kind !== 'TRACE';
}
