import { sameAddress } from '../address';
import { describeTarget } from '../describe/targets';
import { l10n } from '../l10n';
import type { Hook } from '../rules/baseChain';
import type { Rule } from '../rules/ruleset';
import type { Leaf } from '../trace/leaves';
import type { ChainEndStep, Header, NatStep, RuleStep, Step, Verdict } from '../trace/trace';
import type { LaidPacket, LaidStep } from './laid';
import type { PrintedHead } from './line';

/** What a laid trace tells of a packet's way: its rules, ends of chains and rewritings, in the kernel's order. */
export function kernelWay({ packet, steps }: LaidPacket): Leaf {
  const way: Step[] = [];
  let hook: Hook = packet.head?.inDevice === undefined ? 'output' : 'prerouting';
  let type: RuleStep['type'] = 'filter';
  let rule: RuleStep | undefined;
  let head = packet.head;
  for (const [i, step] of steps.entries()) {
    const now = step.head ?? head;
    if (rule && head && now && isRewritten(head, now)) way.push(natStep(rule, head, now));
    head = now;
    const base = step.chain?.base;
    if (base && base.hook !== 'egress') [hook, type] = [base.hook, base.type];
    const at = { hook, type, ...markOf(head, steps[i + 1]?.head) };
    const told = step.rule ? ruleStep(step, step.rule, at) : endStep(step, at);
    if (told.kind === 'rule') rule = told;
    way.push(told);
  }
  const verdict = verdictOf(steps.at(-1), rule, hook, head);
  return {
    steps: way,
    beforeFork: way.length,
    branches: [],
    branchAt: [],
    verdict,
    probability: 1,
  };
}

type At = Pick<RuleStep, 'hook' | 'type' | 'mark' | 'markAfter'>;

/** A line prints the packet as it is before the rule's target acts. */
function markOf(now: PrintedHead | undefined, next: PrintedHead | undefined) {
  const mark = now?.mark ?? 0;
  return next && next.mark !== mark ? { mark, markAfter: next.mark } : { mark };
}

function ruleStep({ table, chain }: LaidStep, rule: Rule, at: At): RuleStep {
  return {
    ...at,
    kind: 'rule',
    // Of nft's tables: those of iptables have no sets of their own.
    ...(table!.sets === undefined ? {} : { family: table!.family }),
    table: table!.name,
    chain: chain!.name,
    rule: rule.number,
    range: rule.range,
    effect: describeTarget(rule.target, chain!.base !== undefined),
  };
}

/** The end of a chain, or a rule that the dumps do not have. */
function endStep({ line, table, chain }: LaidStep, at: At): ChainEndStep {
  return {
    ...at,
    kind: line.kind === 'policy' ? 'policy' : 'return',
    table: table?.name ?? line.table,
    chain: chain?.name ?? line.chain,
    ...(chain?.declared ? { range: chain.declared } : {}),
    effect: line.verdict ?? line.kind,
  };
}

function isRewritten(before: PrintedHead, after: PrintedHead): boolean {
  return (
    !sameAddress(before.destination, after.destination) ||
    before.destinationPort !== after.destinationPort ||
    !sameAddress(before.source, after.source)
  );
}

function natStep(
  { hook, mark, range }: RuleStep,
  before: PrintedHead,
  after: PrintedHead,
): NatStep {
  const [old, now] = [headerOf(before), headerOf(after)];
  return {
    kind: 'nat',
    hook,
    mark,
    range,
    before: old,
    after: now,
    effect: l10n.t`the head changed`,
  };
}

function headerOf({
  protocol,
  source,
  destination,
  sourcePort,
  destinationPort,
}: PrintedHead): Header {
  return { protocol: protocol ?? 0, source, destination, sourcePort, destinationPort };
}

/** What became of it, as far as the last line tells: a line stands before its target acts. */
function verdictOf(
  last: LaidStep | undefined,
  rule: RuleStep | undefined,
  hook: Hook,
  head: PrintedHead | undefined,
): Verdict {
  const final = head && headerOf(head);
  const target = last?.rule?.target;
  const at = { after: {}, ...(final ? { final } : {}), ...(head ? { finalMark: head.mark } : {}) };
  const place = last ? `${last.line.table} ${last.line.chain}` : '';
  if (target?.kind === 'DROP' || target?.kind === 'REJECT') {
    const reply = target.kind === 'REJECT' ? { reply: target.with } : {};
    const reason = l10n.t`${place} rule ${last!.rule!.number}`;
    return { ...at, ...reply, kind: target.kind, reason, ...(rule ? { range: rule.range } : {}) };
  }
  const said = last?.line.verdict?.toUpperCase() ?? '';
  if (last?.line.kind === 'policy' && said.startsWith('DROP')) {
    return { ...at, kind: 'DROP', reason: l10n.t`the policy of ${place}` };
  }
  if (hook === 'postrouting' || hook === 'input') {
    const delivered = hook === 'input' ? 'local' : (head?.outDevice ?? l10n.t`a device`);
    return { ...at, kind: 'ACCEPT', reason: l10n.t`the last line is of the last hook`, delivered };
  }
  return {
    ...at,
    kind: 'UNKNOWN',
    reason: l10n.t`the trace ends in ${hook}: what came then, it does not tell`,
  };
}
