import * as l10n from '@vscode/l10n';
import type { ActualTables } from '../../rules/ruleTexts';
import type { LiveRules } from './dump';
import type { ReleaseSign } from './sign';

/** What kube-proxy's table in nftables mode tells. */
export function nftSigns(tables: ActualTables): ReleaseSign[] {
  const blocks = tables.get('kube-proxy');
  if (!blocks) return [];
  const signs: ReleaseSign[] = [{ since: 29, text: l10n.t('a table kube-proxy of nftables') }];
  const marks = blocks.has('mark-for-masquerade');
  if (marks) signs.push({ until: 35, text: l10n.t('chain mark-for-masquerade') });
  if (blocks.has('@hairpin-connections'))
    signs.push({ since: 36, text: l10n.t('set hairpin-connections') });
  if (blocks.has('filter-prerouting-pre-dnat')) {
    signs.push({ since: 33, text: l10n.t('chain filter-prerouting-pre-dnat') });
  }
  if (blocks.has('filter-output-post-dnat')) {
    signs.push({ since: 30, until: 33, text: l10n.t('chain filter-output-post-dnat') });
  }
  if (blocks.has('firewall-allow-check') || blocks.has('endpoints-check')) {
    signs.push({ until: 29, text: l10n.t('chain endpoints-check or firewall-allow-check') });
  }
  for (const [name, rules] of marks ? blocks : []) {
    if (!/^(?:service|local)-/.test(name)) continue;
    const masquerade = rules.find(({ text }) => text.endsWith('jump mark-for-masquerade'));
    if (!masquerade) continue;
    signs.push(
      / dport \d+ /.test(masquerade.text)
        ? { until: 33, text: l10n.t('the masquerade rule of a ClusterIP asks the port') }
        : { since: 34, text: l10n.t('the masquerade rule of a ClusterIP asks no port') },
    );
    break;
  }
  return signs;
}

/** What the sets and chains of ipvs mode tell. */
export function ipvsSigns(sets: readonly string[], live: LiveRules | undefined): ReleaseSign[] {
  const signs: ReleaseSign[] = [];
  const has = new Set(sets);
  const set = (name: string, sign: Omit<ReleaseSign, 'text'>, no?: Omit<ReleaseSign, 'text'>) => {
    if (has.has(name)) signs.push({ ...sign, text: `ipset ${name}` });
    else if (no) signs.push({ ...no, text: l10n.t`no ipset ${name}` });
  };
  if (has.has('KUBE-CLUSTER-IP')) {
    set('KUBE-IPVS-IPS', { since: 26 }, { until: 25 });
    set('KUBE-HEALTH-CHECK-NODE-PORT', { since: 21 }, { until: 20 });
    set('KUBE-EXTERNAL-IP-LOCAL', { since: 18 }, { until: 17 });
    set('KUBE-NODE-PORT-SCTP-HASH', { since: 15 }, { until: 14 });
    set('KUBE-NODE-PORT-SCTP', { since: 12, until: 14 });
    set('KUBE-LOAD-BALANCER-MASQ', { since: 9, until: 10 });
  }
  if (!live) return signs;
  const hook = (chain: string, to: string) => live.some('filter', chain, new RegExp(`-j ${to}$`));
  const chain = (fits: boolean, since: number, name: string) => {
    signs.push(
      fits
        ? { since, text: l10n.t`chain ${name}` }
        : { until: since - 1, text: l10n.t`no chain ${name}` },
    );
  };
  chain(hook('OUTPUT', 'KUBE-IPVS-OUT-FILTER'), 29, 'KUBE-IPVS-OUT-FILTER');
  chain(hook('INPUT', 'KUBE-IPVS-FILTER'), 26, 'KUBE-IPVS-FILTER');
  chain(hook('FORWARD', 'KUBE-PROXY-FIREWALL'), 25, 'KUBE-PROXY-FIREWALL');
  const one = live.some('filter', 'KUBE-FORWARD', /forwarding conntrack rule/);
  if (one) signs.push({ since: 23, text: l10n.t('one conntrack rule in KUBE-FORWARD') });
  if (live.some('filter', 'KUBE-FORWARD', /^-m comment .*conntrack pod source rule/)) {
    signs.push({ since: 18, until: 22, text: l10n.t('two equal conntrack rules in KUBE-FORWARD') });
  }
  return signs;
}
