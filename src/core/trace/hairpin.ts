import { formatAddress, sameAddress } from '../address';
import type { NodeState } from '../node';
import { known, settle } from './answer';
import { fork } from './environment';
import type { Outcome } from './environment';
import type { State } from './state';

/**
 * br_nf_pre_routing_finish (net/bridge/br_netfilter_hooks.c): a packet of a pod whose destination
 * became that pod itself in PREROUTING goes back out of the port it came in by, which a bridge does
 * only in hairpin mode.
 *
 * @returns undefined where this is not so
 */
export function bridgeReturn({ interfaces }: NodeState, state: State): Outcome {
  const { packet, header, inDevice } = state;
  const changed = !sameAddress(packet.destination, header.destination);
  if (!changed || !sameAddress(packet.source, header.destination)) return undefined;
  if (!interfaces?.some(({ master }) => master !== undefined && master === inDevice)) {
    return undefined;
  }
  const pod = formatAddress(packet.source);
  const question = {
    condition: `the port of ${pod} on ${inDevice} is in hairpin mode`,
    otherwise: `the port of ${pod} on ${inDevice} is not in hairpin mode`,
    unknown: `no dump tells whether the port of ${pod} on ${inDevice} is in hairpin mode`,
    key: `hairpin ${inDevice} ${pod}`,
  };
  const answer = known(question, state.facts);
  if (answer === true) return undefined;
  return fork(question, (branch, holds) => {
    settle(branch, question, holds);
    const reason = `the bridge ${inDevice} does not send out of the port it came in by`;
    if (!holds) branch.ending = { kind: 'LOST', reason };
  });
}
