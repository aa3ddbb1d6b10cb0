import { ending } from '../environment';
import type { Outcome } from '../environment';
import { defragmented } from '../extensions';
import type { State } from '../state';

/** nf_defrag_ipv4 and nf_defrag_ipv6 stand before all tables. */
export function defragment({ packet }: State): Outcome {
  const reason = defragmented(packet);
  return reason === undefined ? undefined : ending('LOST', reason);
}
