import * as l10n from '@vscode/l10n';
import { list } from '../../list';
import { listFirst } from '../../listFirst';
import { contains, formatNetwork, withPort } from '../../address';
import type { VirtualServer } from '../../ipvs/state';
import type { ProxyNode } from '../node';
import type { ProxySettings } from '../settings';
import {
  applied,
  differs,
  lacks,
  unknown,
  unusedInMode,
  type Compare,
  type Outcome,
} from './comparison';
import { append } from '../../append';

/** Virtual servers that one answer names. */
const mostNamed = 3;

/** Says so where another mode reads none of the keys of ipvs mode. */
function notIpvs({ mode }: ProxySettings): Outcome | undefined {
  return mode === undefined || mode === 'ipvs' ? undefined : unusedInMode(mode);
}

/** kube-proxy gives all of its virtual servers one scheduler. */
export const compareScheduler: Compare = (settings, { state }) => {
  const { scheduler, excludeCidrs = [] } = settings;
  if (scheduler === undefined) return undefined;
  const other = notIpvs(settings);
  if (other) return other;
  if (!state.ipvs) return lacks('ipvsadm -Ln');
  const servers = state.ipvs.virtualServers.filter(
    ({ address }) => address && !excludeCidrs.some((network) => contains(network, address)),
  );
  const counts = new Map<string, VirtualServer[]>();
  for (const server of servers) {
    if (server.scheduler === undefined) continue;
    append(counts, server.scheduler, server);
  }
  if (counts.size === 0) return unknown(l10n.t('No virtual server is shown with its scheduler.'));
  const words = [...counts].map(([name, { length }]) =>
    length === 1
      ? l10n.t`1 virtual server uses ${name}`
      : l10n.t`${length} virtual servers use ${name}`,
  );
  const text = l10n.t`${list(words)}.`;
  const others = [...counts].filter(([name]) => name !== scheduler);
  const [first] = others.sort(([, left], [, right]) => right.length - left.length);
  if (!first) return applied(text, servers[0]!.range);
  return differs(text, first[1][0]!.range);
};

/** Which virtual servers stay though no Service has them; that they stay, no dump proves. */
export const compareExcludeCidrs: Compare = (settings, { state }) => {
  const { excludeCidrs } = settings;
  if (!excludeCidrs) return undefined;
  const other = notIpvs(settings);
  if (other) return other;
  if (excludeCidrs.length === 0) return undefined;
  if (!state.ipvs) return lacks('ipvsadm -Ln');
  const inside = state.ipvs.virtualServers.filter(
    ({ address }) => address && excludeCidrs.some((network) => contains(network, address)),
  );
  const [first] = inside;
  const networks = list(excludeCidrs.map(formatNetwork), 'or');
  if (!first) return unknown(l10n.t`No virtual server is in ${networks} now.`);
  const named = listFirst(inside.map(nameOf), mostNamed);
  return unknown(l10n.t`In ${networks}: ${named}.`, first.range);
};

function nameOf({ address, port }: VirtualServer): string {
  return withPort(address!, port ?? 0);
}

/** arp_ignore and arp_announce, which kube-proxy sets and never sets back. */
export const compareStrictArp: Compare = (settings, { state }) => {
  const { strictArp } = settings;
  if (strictArp === undefined) return undefined;
  const other = notIpvs(settings);
  if (other) return other;
  const ignore = state.sysctls?.get('net.ipv4.conf.all.arp_ignore');
  const announce = state.sysctls?.get('net.ipv4.conf.all.arp_announce');
  if (ignore === undefined || announce === undefined) {
    return lacks('sysctl net.ipv4.conf.all.arp_ignore net.ipv4.conf.all.arp_announce');
  }
  const text = l10n.t`arp_ignore is ${ignore}, arp_announce ${announce}.`;
  const strict = ignore === '1' && announce === '2';
  if (strictArp) return strict ? applied(text) : differs(text);
  if (!strict) return applied(text);
  return unknown(
    l10n.t`${text} kube-proxy does not set them back: something else, or an earlier kube-proxy, set them.`,
  );
};

const timeoutNames = { tcpTimeout: 'tcp', tcpFinTimeout: 'tcpFin', udpTimeout: 'udp' } as const;

/** A timeout against `ipvsadm -L --timeout`. */
export function compareTimeout(key: keyof typeof timeoutNames): Compare {
  return (settings, { timeouts }: ProxyNode) => {
    const seconds = settings.seconds(`ipvs.${key}`, 0);
    if (seconds === undefined) return undefined;
    const other = notIpvs(settings);
    if (other) return other;
    if (!timeouts) return lacks('ipvsadm -L --timeout');
    const now = timeouts[timeoutNames[key]];
    const text = l10n.t`The timeout is ${now} s.`;
    if (seconds === 0) return unknown(l10n.t`${text} 0 leaves it as it is.`);
    return now === Math.trunc(seconds) ? applied(text) : differs(text);
  };
}
