import * as l10n from '@vscode/l10n';
import { configuredTables } from '../../kubeproxy/nftables/configured';
import { hex } from '../../hex';
import { markRoles } from '../../marks/roles';
import { localTrafficSeen } from '../../kubeproxy/localTraffic';
import type { ProxyNode } from '../node';
import { applied, differs, lacks, unknown, type Compare, type Outcome } from './comparison';
import { otherRules } from './otherRules';

/** The bit of KUBE-MARK-MASQ, or of the tables of nftables mode. */
export const compareMasqueradeBit: Compare = ({ mode, masqueradeBit }, node) => {
  if (mode === undefined || masqueradeBit === undefined) return undefined;
  if (masqueradeBit < 0 || masqueradeBit > 31) return undefined;
  const found = otherRules(mode, node) ?? bitSeen(mode, node);
  if ('verdict' in found) return found;
  const { bits, range, setter } = found;
  const wanted = (1 << masqueradeBit) >>> 0;
  const seen = seenText(setter, hex(bits), 31 - Math.clz32(bits));
  if (bits >>> 0 === wanted) return applied(l10n.t`${seen}.`, range);
  const not = l10n.t`${seen}, not ${hex(wanted)} (bit ${masqueradeBit}).`;
  return differs(not, range);
};

function seenText(setter: Bit['setter'], mark: string, bit: number): string {
  return setter === 'chain'
    ? l10n.t`KUBE-MARK-MASQ sets ${mark} (bit ${bit})`
    : l10n.t`The table kube-proxy marks with ${mark} (bit ${bit})`;
}

interface Bit {
  readonly bits: number;
  readonly range: NonNullable<Outcome['evidence']>;
  /** KUBE-MARK-MASQ, or the table of nftables mode. */
  readonly setter: 'chain' | 'table';
}

function bitSeen(mode: string, { state }: ProxyNode): Bit | Outcome {
  if (mode === 'nftables') {
    const mark = configuredTables(state)?.find((table) => table.mark)?.mark;
    if (mark) return { ...mark, setter: 'table' };
    return lacks('nft list ruleset');
  }
  const role = markRoles(state.rulesets)[0]!;
  if (!role.evidence)
    return unknown(l10n.t('The dumps hold neither KUBE-MARK-MASQ nor KUBE-POSTROUTING.'));
  return { bits: role.bits, range: role.evidence, setter: 'chain' };
}

/** Whether the rule for traffic to cluster IPs takes all of it. */
export const compareMasqueradeAll: Compare = ({ mode, masqueradeAll }, node) => {
  if (mode === undefined || masqueradeAll === undefined) return undefined;
  const other = otherRules(mode, node);
  if (other) return other;
  const [seen] = localTrafficSeen(node.state, mode);
  if (!seen) return unknown(l10n.t('The dumps hold no rule for traffic to a cluster IP.'));
  const all = seen.traffic.kind === 'all';
  const text = all
    ? l10n.t('All traffic to cluster IPs is masqueraded.')
    : seen.traffic.kind === 'none'
      ? l10n.t('No rule masquerades traffic to cluster IPs for where it comes from.')
      : l10n.t(
          'Only traffic from elsewhere than local Pods is masqueraded on its way to cluster IPs.',
        );
  return all === masqueradeAll ? applied(text, seen.range) : differs(text, seen.range);
};
