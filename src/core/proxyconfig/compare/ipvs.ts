import { list } from '../../describe/words';
import { contains, formatAddress, formatNetwork, hostPort } from '../../address';
import type { VirtualServer } from '../../ipvs/state';
import type { ProxyNode } from '../node';
import type { ProxySettings } from '../settings';
import { applied, differs, unknown, unused, type Compare, type Outcome } from './comparison';

const noServers = 'No dump of the virtual servers is at hand (/proc/net/ip_vs).';

/** Says so where another mode reads none of the keys of ipvs mode. */
function notIpvs({ mode }: ProxySettings): Outcome | undefined {
  return mode === undefined || mode === 'ipvs'
    ? undefined
    : unused(`Mode ${mode} does not use it.`);
}

/** kube-proxy gives all of its virtual servers one scheduler. */
export const compareScheduler: Compare = (settings, { state }) => {
  const { scheduler, excludeCidrs = [] } = settings;
  if (scheduler === undefined) return undefined;
  const other = notIpvs(settings);
  if (other) return other;
  if (!state.ipvs) return unknown(noServers);
  const servers = state.ipvs.virtualServers.filter(
    ({ address }) => address && !excludeCidrs.some((network) => contains(network, address)),
  );
  const counts = new Map<string, VirtualServer[]>();
  for (const server of servers) {
    if (server.scheduler === undefined) continue;
    counts.set(server.scheduler, [...(counts.get(server.scheduler) ?? []), server]);
  }
  if (counts.size === 0) return unknown('The dumps show no virtual server with its scheduler.');
  const words = [...counts].map(([name, { length }], i) => {
    if (i > 0) return `${length} ${name}`;
    return length === 1 ? `1 virtual server uses ${name}` : `${length} virtual servers use ${name}`;
  });
  const text = `${list(words)}.`;
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
  if (!state.ipvs) return unknown(noServers);
  const inside = state.ipvs.virtualServers.filter(
    ({ address }) => address && excludeCidrs.some((network) => contains(network, address)),
  );
  const [first] = inside;
  const networks = list(excludeCidrs.map(formatNetwork), 'or');
  if (!first) return unknown(`No virtual server is in ${networks} now.`);
  const names = inside.slice(0, 3).map(nameOf);
  const more = inside.length > 3 ? [`${inside.length - 3} more`] : [];
  return unknown(`In ${networks}: ${list([...names, ...more])}.`, first.range);
};

function nameOf({ address, port }: VirtualServer): string {
  return hostPort(formatAddress(address!), port ?? 0);
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
    return unknown(
      'The dumps hold neither arp_ignore nor arp_announce (sysctl net.ipv4.conf.all).',
    );
  }
  const text = `arp_ignore is ${ignore}, arp_announce ${announce}.`;
  const strict = ignore === '1' && announce === '2';
  if (strictArp) return strict ? applied(text) : differs(text);
  if (!strict) return applied(text);
  return unknown(
    `${text} kube-proxy would not set them back: something else, or it before, set them.`,
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
    if (!timeouts) return unknown('The dumps hold no timeouts of IPVS (ipvsadm -L --timeout).');
    const now = timeouts[timeoutNames[key]];
    const text = `IPVS has ${now} s.`;
    if (seconds === 0) return unknown(`${text} 0 leaves them as they are.`);
    return now === Math.trunc(seconds) ? applied(text) : differs(text);
  };
}
