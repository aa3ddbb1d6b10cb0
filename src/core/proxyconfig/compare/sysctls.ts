import { firstRules, matchOf } from '../../rules/lookUp';
import type { ProxyNode } from '../node';
import { applied, differs, unknown, type Compare, type Outcome } from './comparison';

const prefix = 'net.netfilter.nf_conntrack_';

function sysctl({ state }: ProxyNode, name: string): number | Outcome {
  const text = state.sysctls?.get(`${prefix}${name}`);
  if (text === undefined) return unknown(`The dumps don't hold the sysctl nf_conntrack_${name}.`);
  return Number(text);
}

/** A timeout of connection tracking, in whole seconds; 0 leaves the kernel's. */
export function compareConntrackTimeout(path: string, fallback: number, name: string): Compare {
  return (settings, node) => {
    const seconds = settings.seconds(path, fallback);
    if (seconds === undefined) return undefined;
    const now = sysctl(node, name);
    if (typeof now !== 'number') return now;
    const text = `nf_conntrack_${name} is ${now}.`;
    if (seconds === 0) return unknown(`${text} 0 leaves it as it is.`);
    return now === Math.trunc(seconds)
      ? applied(text)
      : differs(`${text.slice(0, -1)}, not ${Math.trunc(seconds)}.`);
  };
}

/** getConntrackMax: cores * maxPerCore, at least min; how many cores there are no dump tells. */
export const compareConntrackMax: Compare = (settings, node) => {
  const perCore = settings.integer('conntrack.maxPerCore', 32768);
  const least = settings.integer('conntrack.min', 131072);
  if (perCore === undefined || least === undefined) return undefined;
  const now = sysctl(node, 'max');
  if (typeof now !== 'number') return now;
  const text = `nf_conntrack_max is ${now}`;
  if (perCore <= 0) return unknown(`${text}. maxPerCore 0 leaves it as it is.`);
  const capped = now === 1048576 && (node.version?.minor ?? 36) >= 36;
  if (capped && now > least) return unknown(`${text}, the cap of 1.36.`);
  if (now < least) return differs(`${text}, less than min.`);
  if (now === least) return applied(`${text}, as min says.`);
  return now % perCore === 0
    ? unknown(`${text}, ${now / perCore} times maxPerCore: right for as many cores.`)
    : differs(`${text}, no multiple of maxPerCore.`);
};

/** The sysctl, or the rule that iptables mode writes only while it is 0. */
export const compareLiberal: Compare = ({ tcpBeLiberal }, node) => {
  if (tcpBeLiberal === undefined) return undefined;
  const now = sysctl(node, 'tcp_be_liberal');
  if (typeof now === 'number') {
    const text = `nf_conntrack_tcp_be_liberal is ${now}.`;
    if (tcpBeLiberal) return now === 1 ? applied(text) : differs(text);
    return now === 0 ? applied(text) : unknown(`${text} false does not set it back.`);
  }
  const drop = invalidDrop(node);
  if (!drop) return now;
  const text = 'KUBE-FORWARD drops INVALID packets, a rule that is left out with tcpBeLiberal.';
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
