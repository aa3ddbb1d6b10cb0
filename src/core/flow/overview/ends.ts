import { l10n } from '../../l10n';
import type { NodeState } from '../../node';
import { followFlow } from '../../trace/tracer';
import { leaves, type Leaf } from '../../trace/leaves';
import type { RuleStep, VerdictKind } from '../../trace/trace';
import { percent } from '../../percent';
import { askersOf } from '../packets';
import { shareSum } from '../shareSum';
import type { DrawableService } from '../services';
import { append } from '../../append';

/**
 * Whose packets a node drops, refuses, loses, or may: `Outside, NodePort: dropped, no local
 * endpoints`. One packet of each client and way in is traced. A ping, which kube-proxy does not
 * answer, and a source that loadBalancerSourceRanges shut out are refused rightly, and not told.
 */
export function* endsOf(
  node: NodeState,
  drawable: DrawableService,
): Generator<undefined, readonly string[]> {
  const askers = yield* askersOf(node, drawable);
  const asked = askers.filter(({ client }) => client !== undefined && client !== 'barred');
  const whose = new Map<string, string[]>();
  for (const { label, packet } of asked) {
    for (const end of badEnds(node, leaves((yield* followFlow(node, packet)).path))) {
      append(whose, end, label);
    }
    yield;
  }
  return [...whose].map(([end, labels]) => {
    const who =
      labels.length === asked.length && labels.length > 1 ? l10n.t`All` : labels.join(l10n.t`; `);
    return l10n.t`${who}: ${end}`;
  });
}

/** `33.3 % dropped, filter FORWARD rule 2`. */
function badEnds(node: NodeState, ways: readonly Leaf[]): string[] {
  const shares = new Map<string, number | undefined>();
  for (const way of ways) {
    const text = endOf(node, way);
    if (text === undefined) continue;
    const before = shares.has(text) ? shares.get(text) : 0;
    shares.set(text, shareSum(before, way.probability));
  }
  return [...shares].map(([text, share]) => {
    if (share === undefined) return l10n.t`some ${text}`;
    return share < 0.9995 ? `${percent(share)} ${text}` : text;
  });
}

const words: Readonly<Record<Exclude<VerdictKind, 'ACCEPT' | 'STOLEN'>, string>> = {
  DROP: l10n.t`dropped`,
  REJECT: l10n.t`rejected`,
  LOST: l10n.t`lost`,
  UNKNOWN: l10n.t`unknown`,
};

function endOf(node: NodeState, { verdict, steps }: Leaf): string | undefined {
  if (verdict.kind === 'ACCEPT' || verdict.kind === 'STOLEN') return undefined;
  const last = steps.findLast((step) => step.kind === 'rule');
  const by = last && last.range === verdict.range ? reasonOf(node, last) : verdict.reason;
  return `${words[verdict.kind]}, ${by}`;
}

/** kube-proxy's own reason (`has no endpoints`, `has no local endpoints`), else the rule's place. */
function reasonOf({ rulesets }: NodeState, { table, chain, rule, range }: RuleStep): string {
  const ruleset = rulesets.find(({ source }) => source === range.source);
  const found = ruleset?.tables.get(table)?.chains.get(chain);
  const matches = found && rule <= found.length ? found.rule(rule - 1).matches : [];
  for (const match of matches) {
    const reason = match.kind === 'comment' && /\bhas (no (local )?endpoints)\b/.exec(match.text);
    if (reason) return reason[1]!;
  }
  return l10n.t`${table} ${chain} rule ${rule}`;
}
