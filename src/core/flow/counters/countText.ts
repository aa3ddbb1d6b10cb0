import { l10n } from '../../l10n';
import { count, number } from '../words/format';
import type { EdgeCounters, EdgeRate } from '../graph';

/** `1,234 packets, 56,789 bytes`. */
export function countersText({ packets, bytes }: Pick<EdgeCounters, 'packets' | 'bytes'>): string {
  return `${count(packets, 'packet')}, ${count(bytes, 'byte')}`;
}

/** At an edge: `17 new connections`, `453 packets in all` where other traffic matches the rules too. */
export function edgeCountText({ packets, unit, shared }: EdgeCounters): string {
  const counted = count(packets, unit === 'connections' ? 'connection' : 'packet');
  return shared ? l10n.t`${counted} in all` : counted;
}

/** `0.3/s`, `12.5/s`, `1,235/s`, `0.004/s`, `0/s`. */
export function rateText(perSecond: number): string {
  if (perSecond > 0 && perSecond < 0.1) return `${Number(perSecond.toPrecision(1))}/s`;
  return `${number(Number(perSecond.toFixed(perSecond < 100 ? 1 : 0)))}/s`;
}

/** At an edge: `0.3/s`, `connections: 2`, `no rate`; the hover says why there is none. */
export function edgeRateText(rate: EdgeRate): string {
  if ('reason' in rate) return l10n.t`no rate`;
  return 'connections' in rate
    ? l10n.t`connections: ${number(rate.connections)}`
    : rateText(rate.perSecond);
}

/** `30 s`, `4 min 10 s`, `2 h 5 min`. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  // Rounded before it is taken apart: 7,199 s are 2 h, not 1 h 60 min.
  const [all, big, little] =
    seconds < 3600 ? [Math.round(seconds), 'min', 's'] : [Math.round(seconds / 60), 'h', 'min'];
  const [large, small] = [Math.floor(all / 60), all % 60];
  return small === 0 ? `${large} ${big}` : `${large} ${big} ${small} ${little}`;
}
