import * as l10n from '@vscode/l10n';
import { firstRules, matchOf } from '../../rules/lookUp';
import type { ProxyNode } from '../node';
import { applied, differs, lacks, unknown, type Compare, type Outcome } from './comparison';

const prefix = 'net.netfilter.nf_conntrack_';

function sysctl({ state }: ProxyNode, name: string): number | Outcome {
  const text = state.sysctls?.get(`${prefix}${name}`);
  return text === undefined ? lacks(`sysctl ${prefix}${name}`) : Number(text);
}

/** A timeout of connection tracking, in whole seconds; 0 leaves the kernel's. */
export function compareConntrackTimeout(path: string, fallback: number, name: string): Compare {
  return (settings, node) => {
    const seconds = settings.seconds(path, fallback);
    if (seconds === undefined) return undefined;
    const now = sysctl(node, name);
    if (typeof now !== 'number') return now;
    const key = `nf_conntrack_${name}`;
    if (seconds === 0) return unknown(l10n.t`${key} is ${now}. 0 leaves it as it is.`);
    const wanted = Math.trunc(seconds);
    return now === wanted
      ? applied(l10n.t`${key} is ${now}.`)
      : differs(l10n.t`${key} is ${now}, not ${wanted}.`);
  };
}

/** getConntrackMax: cores * maxPerCore, at least min; no dump holds the number of cores. */
export const compareConntrackMax: Compare = (settings, node) => {
  const perCore = settings.integer('conntrack.maxPerCore', 32768);
  const least = settings.integer('conntrack.min', 131072);
  if (perCore === undefined || least === undefined) return undefined;
  const now = sysctl(node, 'max');
  if (typeof now !== 'number') return now;
  if (perCore <= 0) {
    return unknown(l10n.t`nf_conntrack_max is ${now}. maxPerCore 0 leaves it as it is.`);
  }
  const capped = now === 1048576 && (node.version?.minor ?? 36) >= 36;
  if (capped && now > least) return unknown(l10n.t`nf_conntrack_max is ${now}, the cap of 1.36.`);
  if (now < least) return differs(l10n.t`nf_conntrack_max is ${now}, less than min.`);
  if (now === least) return applied(l10n.t`nf_conntrack_max is ${now}, as min says.`);
  return now % perCore === 0
    ? unknown(
        l10n.t`nf_conntrack_max is ${now}, ${now / perCore} times maxPerCore: right for as many cores.`,
      )
    : differs(l10n.t`nf_conntrack_max is ${now}, no multiple of maxPerCore.`);
};

/** The sysctl, or the rule that iptables mode writes only while it is 0. */
export const compareLiberal: Compare = ({ tcpBeLiberal }, node) => {
  if (tcpBeLiberal === undefined) return undefined;
  const now = sysctl(node, 'tcp_be_liberal');
  if (typeof now === 'number') {
    const key = 'nf_conntrack_tcp_be_liberal';
    const text = l10n.t`${key} is ${now}.`;
    if (tcpBeLiberal) return now === 1 ? applied(text) : differs(text);
    if (now === 0) return applied(text);
    return unknown(l10n.t`${key} is ${now}. false does not set it back.`);
  }
  const drop = invalidDrop(node);
  if (!drop) return now;
  const text = l10n.t(
    'KUBE-FORWARD drops INVALID packets, a rule that is left out with tcpBeLiberal.',
  );
  return tcpBeLiberal ? differs(text, drop) : applied(text, drop);
};

function invalidDrop({ state }: ProxyNode) {
  for (const { tables } of state.rulesets) {
    const chain = tables.get('filter')?.chains.get('KUBE-FORWARD');
    for (const rule of chain ? firstRules(chain) : []) {
      const states = matchOf(rule, 'conntrack')?.states;
      if (rule.target?.kind === 'DROP' && states?.value.includes('INVALID')) return rule.range;
    }
  }
  return undefined;
}
