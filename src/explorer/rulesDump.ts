import type { Dump, NodeDumps } from '../cluster/cluster';
import { rulesRank } from '../syntax/rulesRank';

/**
 * The dump of a node that holds one of the marks; where none does, the first that holds rules of
 * kube-proxy, so that the trace can say that the Service is not in it.
 */
export async function rulesDump(
  { dumps }: NodeDumps,
  marks: readonly string[],
): Promise<{ dump: Dump; mark: string | undefined } | undefined> {
  const ranked = dumps
    .filter(({ bytes, name }) => bytes > 0 && rulesRank(name) !== undefined)
    .sort((a, b) => rank(a) - rank(b));
  for (const dump of ranked) {
    const text = await dump.read();
    const mark = marks.find((candidate) => text.includes(candidate));
    if (mark !== undefined) return { dump, mark };
  }
  const [first] = ranked;
  for (const dump of ranked) {
    if (/KUBE-SERVICES|table ip6? kube-proxy/.test(await dump.read()))
      return { dump, mark: undefined };
  }
  return first && { dump: first, mark: undefined };
}

function rank({ name, problem }: Dump): number {
  return (rulesRank(name) ?? 0) + (problem ? 10 : 0);
}
