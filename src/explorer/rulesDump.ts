import type { Dump, NodeDumps } from '../cluster/cluster';
import { dumpKind, type DumpKind } from '../syntax/dumpKind';

/** Where a Service may stand, the fullest listing first. */
const order: readonly DumpKind[] = [
  'iptables-save',
  'ip6tables-save',
  'nft',
  'proc-ip_vs',
  'ipvsadm-Sn',
  'ipvsadm-Ln',
];

/**
 * The dump of a node that holds one of the marks; where none does, the first that holds rules of
 * kube-proxy, so that the trace can say that the Service is not in it.
 */
export async function rulesDump(
  { dumps }: NodeDumps,
  marks: readonly string[],
): Promise<{ dump: Dump; mark: string | undefined } | undefined> {
  const ranked = dumps
    .filter(({ bytes, name }) => bytes > 0 && order.includes(dumpKind(name, '')))
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

/** One table, or all? `iptables-nat-save.txt` holds less than `iptables-save.txt`. */
function rank({ name, problem }: Dump): number {
  const oneTable = /-(nat|filter|mangle|raw)-/.test(name) ? 0.5 : 0;
  return order.indexOf(dumpKind(name, '')) + oneTable + (problem ? 10 : 0);
}
