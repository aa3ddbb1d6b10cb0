import { hex } from '../core/hex';
import { givenText } from '../core/trace/hook/given';
import { foldForks } from '../core/trace/foldForks';
import { leaves } from '../core/trace/leaves';
import { headerText } from '../core/trace/headerText';
import type { Branch, Path, RuleStep, Step, Trace, Verdict } from '../core/trace/trace';
import type { SourceRange } from '../core/source';
import { percent } from '../core/percent';
import { finish } from '../core/work';

/**
 * A trace as lines of text: steps with marks, forks indented, verdicts, and what stays open; of forks
 * that make no difference one way.
 *
 * @param original where in its file a place of the node's state is
 * @param called what the chain is for that a step's rule jumps to, where its name is a hash
 */
export function traceText(
  trace: Trace,
  original: (range: SourceRange) => SourceRange = (range) => range,
  called: (step: RuleStep) => string | undefined = () => undefined,
): readonly string[] {
  const lines: string[] = [];
  const path = finish(foldForks(trace));
  const open: { readonly path: Path; readonly branch?: Branch; readonly depth: number }[] = [
    { path, depth: 0 },
  ];
  for (let at = open.pop(); at; at = open.pop()) {
    const indent = '  '.repeat(at.depth);
    if (at.branch) lines.push(`${indent}${branchText(at.branch)}`);
    const inner = at.branch ? `${indent}  ` : indent;
    for (const step of at.path.steps)
      lines.push(inner + stepText(step, called, step.range && original(step.range)));
    const { end } = at.path;
    if (!('branches' in end)) {
      lines.push(inner + verdictText(end));
      continue;
    }
    const depth = at.depth + (at.branch ? 1 : 0);
    for (const branch of [...end.branches].reverse())
      open.push({ path: branch.then, branch, depth });
  }
  return [
    ...lines,
    '',
    ...summary(path),
    ...trace.assumptions.map(({ text }) => `assumed: ${text}`),
    ...trace.findings.map(({ severity, code, message }) => `${severity}: ${message} [${code}]`),
  ];
}

function branchText({ condition, probability, unknown }: Branch): string {
  const chance = probability === undefined ? '' : `${percent(probability)} `;
  return `? ${chance}${condition}${unknownText(unknown)}`;
}

function unknownText(unknown: string | undefined): string {
  return unknown === undefined ? '' : ` (unknown: ${unknown})`;
}

function stepText(
  step: Step,
  called: (step: RuleStep) => string | undefined,
  range: SourceRange | undefined,
): string {
  // A rule that changes the mark says so in its effect.
  const changes = step.markAfter !== undefined;
  const marks = step.mark === 0 || changes ? '' : ` mark ${hex(step.mark)}`;
  const place = range ? `  (${range.source}:${range.line + 1})` : '';
  const hook = (step.hook ?? '').padEnd(11);
  switch (step.kind) {
    case 'rule': {
      const maybe = step.maybe === undefined ? '' : ` [maybe: ${step.maybe}]`;
      const role = called(step);
      const effect = role === undefined ? step.effect : `${role} (${step.effect})`;
      return `${hook} ${step.table} ${step.chain} ${step.rule}: ${effect}${marks}${maybe}${place}`;
    }
    case 'policy':
    case 'return':
      return `${hook} ${step.table} ${step.chain}: ${step.effect}${marks}`;
    case 'either':
      return `= ${step.effect}${unknownText(step.unknown)}`;
    default:
      return `${hook} ${step.kind}: ${step.effect}${marks}${place}`;
  }
}

function verdictText(verdict: Verdict): string {
  const { kind, reason, final, finalMark, reply, client, given = [] } = verdict;
  const condition = givenText(given);
  const sure = condition === undefined ? '' : ` if ${condition}`;
  const head = final ? `, ${headerText(final)}` : '';
  const mark = finalMark ? `, mark ${hex(finalMark)}` : '';
  const sends = reply === undefined || /^E/.test(reply) ? '' : `, the node sends ${reply}`;
  const told = client ? `${sends}, the client sees: ${client.text}` : sends;
  return `=> ${kind}${sure}: ${reason}${head}${mark}${told}`;
}

/** Each verdict once, with its share where chance alone leads to it. */
function summary(path: Path): readonly string[] {
  const shares = new Map<string, number | undefined>();
  for (const { verdict, probability } of leaves(path)) {
    const text = verdictText(verdict);
    const before = shares.has(text) ? shares.get(text) : 0;
    const open = before === undefined || probability === undefined || verdict.given !== undefined;
    const sum = open ? undefined : before + probability;
    shares.set(text, sum);
  }
  return [...shares].map(([text, share]) =>
    share === undefined ? `   open ${text}` : `${percent(share).padStart(7)} ${text}`,
  );
}
