import { configuredTables } from '../../kubeproxy/nftables/configured';
import { formatMark } from '../../marks/bits';
import { markRoles } from '../../marks/roles';
import { localTrafficSeen } from '../../kubeproxy/localTraffic';
import type { ProxyNode } from '../node';
import { applied, differs, unknown, type Compare, type Outcome } from './comparison';
import { otherRules } from './otherRules';

/** The bit of KUBE-MARK-MASQ, or of the tables of nftables mode. */
export const compareMasqueradeBit: Compare = ({ mode, masqueradeBit }, node) => {
  if (mode === undefined || masqueradeBit === undefined) return undefined;
  if (masqueradeBit < 0 || masqueradeBit > 31) return undefined;
  const found = otherRules(mode, node) ?? bitSeen(mode, node);
  if ('verdict' in found) return found;
  const { bits, range, rule } = found;
  const wanted = (1 << masqueradeBit) >>> 0;
  const seen = `${rule} ${formatMark(bits)} (bit ${31 - Math.clz32(bits)})`;
  return bits >>> 0 === wanted
    ? applied(`${seen}.`, range)
    : differs(`${seen}, not ${formatMark(wanted)} (bit ${masqueradeBit}).`, range);
};

interface Bit {
  readonly bits: number;
  readonly range: NonNullable<Outcome['evidence']>;
  readonly rule: string;
}

function bitSeen(mode: string, { state }: ProxyNode): Bit | Outcome {
  if (mode === 'nftables') {
    const mark = configuredTables(state)?.find((table) => table.mark)?.mark;
    if (mark) return { ...mark, rule: 'The table kube-proxy marks with' };
    return unknown("No dump shows kube-proxy's table of nftables (nft list ruleset).");
  }
  const role = markRoles(state.rulesets)[0]!;
  if (!role.evidence) return unknown('The dumps have no KUBE-MARK-MASQ and no KUBE-POSTROUTING.');
  return { bits: role.bits, range: role.evidence, rule: 'KUBE-MARK-MASQ sets' };
}

/** Whether the rule for traffic to cluster IPs takes all of it. */
export const compareMasqueradeAll: Compare = ({ mode, masqueradeAll }, node) => {
  if (mode === undefined || masqueradeAll === undefined) return undefined;
  const other = otherRules(mode, node);
  if (other) return other;
  const [seen] = localTrafficSeen(node.state, mode);
  if (!seen) return unknown('The dumps show no rule for traffic to a cluster IP.');
  const all = seen.traffic.kind === 'all';
  const text = all
    ? 'All traffic to cluster IPs is masqueraded.'
    : seen.traffic.kind === 'none'
      ? 'No rule masquerades traffic to cluster IPs for where it comes from.'
      : 'Only traffic from elsewhere than local Pods is masqueraded on its way to cluster IPs.';
  return all === masqueradeAll ? applied(text, seen.range) : differs(text, seen.range);
};
