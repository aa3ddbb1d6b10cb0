import { formatAddress, withPort } from '../../core/address';
import type { Leaf } from '../../core/trace/leaves';
import type { Packet } from '../../core/packet';
import type { Header, IpvsStep, Step, Verdict } from '../../core/trace/trace';
import { conntrackDifference, headerDifference } from './compareHeader';
import { exitsDifference } from './exits';
import type { OracleAnswer, OracleStep } from './format';
import { isSent, replyDifference } from './reply';

/**
 * What is not compared: iptables-nft reports neither hooks nor the ends of chains as legacy does.
 * `listing` is what nft itself listed.
 */
export type Backend = 'legacy' | 'nft' | 'listing';

/** Why a leaf is not what the kernel did; undefined when it is. */
export function difference(
  packet: Packet,
  leaf: Leaf,
  answer: OracleAnswer,
  backend: Backend,
): string | undefined {
  return (
    pathDifference(leaf.steps, [...answer.path, ...(answer.path_after_ipvs ?? [])], backend) ??
    verdictDifference(leaf, answer) ??
    ipvsDifference(leaf, answer) ??
    finalDifference(leaf, answer) ??
    exitsDifference(packet, leaf, answer.seen) ??
    conntrackDifference(leaf.verdict.after.connections?.[0], answer.conntrack) ??
    replyDifference(leaf.verdict, answer) ??
    logDifference(leaf.steps, answer.log)
  );
}

/** What the rules logged, also those that did not match in the end. */
function logDifference(steps: readonly Step[], log: OracleAnswer['log']): string | undefined {
  if (!log || steps.some((step) => step.kind === 'rule' && step.maybe !== undefined))
    return undefined;
  const ours = steps.flatMap((step) =>
    step.kind === 'rule'
      ? [...step.effect.matchAll(/LOG prefix "([^"]*)"/g)].map((m) => m[1]!)
      : [],
  );
  const [left, right] = [ours, log].map((list) => list.map((text) => text.trim()).join(' | '));
  return left === right ? undefined : `logged ${left}, not ${right}`;
}

function finalDifference({ verdict }: Leaf, { final }: OracleAnswer): string | undefined {
  const { hl } = final ?? {};
  if (hl !== undefined && verdict.finalTtl !== hl) return `TTL ${verdict.finalTtl}, not ${hl}`;
  return headerDifference(verdict.final, final);
}

function verdictDifference({ verdict }: Leaf, answer: OracleAnswer): string | undefined {
  const { kind, delivered, finalMark, reason } = verdict;
  // A refusal of IPVS whose ICMP error is dropped is recorded as what it is to the client.
  const silent = verdict.by === 'ipvs' && !isSent(verdict);
  const seen = kind === 'REJECT' && silent ? 'DROP' : kind;
  if (seen !== answer.verdict) return `verdict ${kind} (${reason}), not ${answer.verdict}`;
  if (delivered !== answer.delivered) return `delivered ${delivered}, not ${answer.delivered}`;
  const mark = answer.delivered === undefined ? undefined : answer.mark;
  if (mark !== undefined && Number(mark) !== finalMark) return `mark ${finalMark}, not ${mark}`;
  return undefined;
}

/** What IPVS did, who refused and how, and whether the source was translated: where the case says it. */
function ipvsDifference({ steps, verdict }: Leaf, answer: OracleAnswer): string | undefined {
  const ours = steps.filter((step) => step.kind === 'ipvs').at(-1);
  const acted = ours !== undefined && (ours.real !== undefined || verdict.by === 'ipvs');
  const text = acted ? ipvsText(ours, verdict) : undefined;
  const { ipvs, by, masquerade } = answer;
  const theirs =
    ipvs && `${ipvs.hook.toLowerCase()} ${ipvs.direction} ${ipvs.virtual} ${ipvs.real}`;
  if (text !== theirs) return `IPVS: ${text}, not ${theirs}`;
  if (acted && verdict.by !== by) return `decided by ${verdict.by}, not ${by}`;
  if (masquerade === undefined) return undefined;
  const found = masqueradeOf(steps);
  return found === masquerade ? undefined : `masquerade ${found}, not ${masquerade}`;
}

/**
 * `input in 10.96.0.50:80 10.244.0.4:8080`: of a request the address that it was sent to and the one
 * that it gets, of a reply the one that it gets and the one that it came with.
 */
function ipvsText(step: IpvsStep, verdict: Verdict): string {
  const { direction, hook, before, after, real } = step;
  const [virtual, server] = direction === 'in' ? [before, after] : [after, before];
  const end = (header: Header | undefined): string => {
    if (!header) return 'none';
    const [address, port] =
      direction === 'in'
        ? [header.destination, header.destinationPort]
        : [header.source, header.sourcePort];
    return header.inner ? `${withPort(address, undefined)}:None` : withPort(address, port);
  };
  if (verdict.by) return `${hook} ${direction} ${end(verdict.final)} null`;
  const kept = real && real.method !== 'Masq' && !virtual?.inner;
  return `${hook} ${direction} ${end(virtual)} ${kept ? withPort(real.address, real.port || virtual?.destinationPort) : end(server)}`;
}

function masqueradeOf(steps: readonly Step[]): OracleAnswer['masquerade'] {
  const byRule = steps.some(
    (step) => step.kind === 'rule' && /^(MASQUERADE|SNAT) to /.test(step.effect),
  );
  if (byRule) return 'rule';
  const translated = steps.some(
    (step) => step.kind === 'nat' && step.hook === 'postrouting' && step.range === undefined,
  );
  return translated ? 'conntrack' : false;
}

/** A step that `maybe` holds may be missing in what the kernel did. */
function pathDifference(
  steps: readonly Step[],
  path: readonly OracleStep[],
  backend: Backend,
): string | undefined {
  const wanted = backend === 'nft' ? path.filter(({ rule }) => typeof rule === 'number') : path;
  let next = 0;
  let before: number | undefined;
  for (const step of steps) {
    if (step.kind !== 'rule' && step.kind !== 'policy' && step.kind !== 'return') continue;
    if (backend === 'nft' && step.kind !== 'rule') continue;
    if (step.kind === 'rule' && step.failed) {
      before ??= step.mark;
      continue;
    }
    const at = wanted[next];
    // What a rule changed that then failed is in the trace of the kernel only from the next rule on.
    const same =
      at &&
      (sameStep(step, at, backend) ||
        sameStep({ ...step, mark: before ?? step.mark }, at, backend));
    before = undefined;
    if (same) next++;
    else if (step.kind !== 'rule' || step.maybe === undefined) {
      return `step ${next + 1} is ${stepText(step)}, not ${at ? oracleText(at) : 'the end'}`;
    }
  }
  const rest = wanted[next];
  return rest && `the end after step ${next}, not ${oracleText(rest)}`;
}

type Visit = Extract<Step, { kind: 'rule' | 'policy' | 'return' }>;

function sameStep(step: Visit, at: OracleStep, backend: Backend): boolean {
  const rule = step.kind === 'rule' ? step.rule : step.kind;
  const marks = backend === 'nft' || step.mark === Number(at.mark ?? 0);
  const hook = at.hook === undefined || at.hook.toLowerCase() === step.hook;
  if (step.family !== undefined && step.family !== at.family) return false;
  const goal = /^(?:jump|goto) .*$/.exec(at.verdict ?? '')?.[0];
  if (goal !== undefined && !step.effect.endsWith(goal)) return false;
  return step.table === at.table && step.chain === at.chain && rule === at.rule && marks && hook;
}

function stepText(step: Visit): string {
  const rule = step.kind === 'rule' ? step.rule : step.kind;
  return `${step.hook} ${step.family ? `${step.family} ` : ''}${step.table} ${step.chain} ${rule} mark 0x${step.mark.toString(16)}${step.kind === 'rule' ? ` ${step.effect}` : ''}`;
}

function oracleText({ family, table, chain, rule, hook, mark, verdict }: OracleStep): string {
  return `${(hook ?? '').toLowerCase()} ${family ?? ''} ${table} ${chain} ${rule} mark ${mark ?? '0x0'} ${verdict ?? ''}`;
}

/** Leaves that no answer could tell apart have one text. */
export function signature({ steps, verdict }: Leaf, backend: Backend): string {
  const visits = steps.flatMap((step) => {
    if (step.kind === 'rule') return step.maybe === undefined ? [stepText(step)] : [];
    const end = step.kind === 'policy' || step.kind === 'return';
    return end && backend !== 'nft' ? [stepText(step)] : [];
  });
  const { final } = verdict;
  const head = final && [formatAddress(final.source), formatAddress(final.destination)].join(' > ');
  return [...visits, verdict.kind, verdict.delivered, head, final?.destinationPort].join('\n');
}
