import { dumpKind, type DumpKind } from '../dumpKind';

/** Dumps in which a Service may stand, the fullest listing first. */
const order: readonly DumpKind[] = [
  'iptables-save',
  'ip6tables-save',
  'nft',
  'proc-ip_vs',
  'ipvsadm-Sn',
  'ipvsadm-Ln',
];

/**
 * How well a file serves to find a Service in, by its name: 0 is best; undefined where it holds no
 * rules. One table, or all? `iptables-nat-save.txt` holds less than `iptables-save.txt`.
 */
export function rulesRank(name: string): number | undefined {
  const at = order.indexOf(dumpKind(name, ''));
  if (at < 0) return undefined;
  return at + (/-(nat|filter|mangle|raw)-/.test(name) ? 0.5 : 0);
}
