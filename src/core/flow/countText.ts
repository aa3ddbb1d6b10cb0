import { count, number } from './format';
import type { EdgeCounters } from './graph';

/** `1,234 packets, 56,789 bytes`. */
export function countersText({ packets, bytes }: Pick<EdgeCounters, 'packets' | 'bytes'>): string {
  return `${count(packets, 'packet')}, ${count(bytes, 'byte')}`;
}

/** At an edge: `17 new connections`, `453 of all Services`. */
export function edgeCountText({ packets, unit, shared }: EdgeCounters): string {
  if (shared) return `${number(packets)} of all Services`;
  return unit === 'connections' ? count(packets, 'new connection') : count(packets, 'packet');
}
