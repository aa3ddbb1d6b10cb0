import type { Dump, NodeDumps } from '../cluster/cluster';
import { rulesRank } from '../syntax/node/rulesRank';

/** Where a Service stands. */
export interface RulesDump {
  readonly dump: Dump;
  /** undefined where no dump has any. */
  readonly mark: string | undefined;
  /** Dumps that lack rules: this one, or those where the Service may have stood. */
  readonly doubts: readonly Dump[];
}

/**
 * The dump of a node that holds one of the marks; where none does, the first that holds rules of
 * kube-proxy, so that the trace can say that the Service is not in it.
 */
export async function rulesDump(
  { dumps }: NodeDumps,
  marks: readonly string[],
): Promise<RulesDump | undefined> {
  const ranked = dumps
    .filter(({ bytes, name }) => bytes > 0 && rulesRank(name) !== undefined)
    .sort((a, b) => rank(a) - rank(b));
  for (const dump of ranked) {
    const mark = await firstIn(dump, marks);
    if (mark !== undefined) return { dump, mark, doubts: [dump].filter(lacksRules) };
  }
  const doubts = dumps.filter(({ name }) => rulesRank(name) !== undefined).filter(lacksRules);
  for (const dump of ranked) {
    for await (const piece of dump.pieces()) {
      if (/KUBE-SERVICES|table ip6? kube-proxy/.test(piece)) {
        return { dump, mark: undefined, doubts };
      }
    }
  }
  const [first] = ranked;
  return first && { dump: first, mark: undefined, doubts };
}

/**
 * Whether rules may be missing. nft, iptables-legacy-save and cat end with an error where the kernel
 * has no such table: then there are no rules.
 */
function lacksRules({ problem, name }: Dump): boolean {
  if (!problem || problem.kind === 'missing-binary') return false;
  return problem.kind !== 'exit-code' || /^ip6?tables(-nft)?-save/.test(name);
}

/** The earliest of the marks that a dump holds; none spans two lines. */
async function firstIn(dump: Dump, marks: readonly string[]): Promise<string | undefined> {
  let best = marks.length;
  for await (const piece of dump.pieces()) {
    for (let i = 0; i < best; i++) if (piece.includes(marks[i] ?? '')) best = i;
    if (best === 0) break;
  }
  return marks[best];
}

function rank({ name, problem }: Dump): number {
  return (rulesRank(name) ?? 0) + (problem ? 10 : 0);
}
