import { l10n } from '../../l10n';
import { missing } from '../../missing';
import { formatAddress, sameAddress } from '../../address';
import type { Address } from '../../address';
import type { NodeState } from '../../node';
import { known, settle } from '../answer';
import { isTurnedOnBridge, portBefore, portIn, portsOf } from './bridgePort';
import { ending, fork } from '../environment';
import type { Outcome } from '../environment';
import type { State } from '../state';

/**
 * br_nf_pre_routing_finish (net/bridge/br_netfilter_hooks.c): a packet whose destination became another
 * in PREROUTING, behind the port that it came in by (the pod itself, or a gateway behind an uplink), goes
 * back out of that port, which a bridge does only in hairpin mode.
 *
 * @param hop the next hop, whose frame address it gets (br_nf_pre_routing_finish_bridge)
 * @returns undefined where this is not so
 */
export function bridgeReturn(node: NodeState, state: State, hop: Address): Outcome {
  const { inDevice } = state;
  if (!isTurnedOnBridge(node, state) || !isSamePort(node, state, hop)) return undefined;
  const port = portIn(node, state);
  const modes = (portsOf(node, inDevice) ?? [])
    .filter(({ name }) => port === undefined || name === port)
    .map(({ hairpin }) => hairpin);
  const reason = l10n.t`the bridge ${inDevice} does not send out of the port it came in by`;
  if (modes.every((mode) => mode === true)) return undefined;
  if (modes.every((mode) => mode === false)) return ending('LOST', reason);
  const pod = formatAddress(hop);
  const question = {
    condition: l10n.t`the port of ${pod} on ${inDevice} is in hairpin mode`,
    otherwise: l10n.t`the port of ${pod} on ${inDevice} is not in hairpin mode`,
    unknown: l10n.t`${missing('bridge -d link')}: the hairpin mode of its ports is not known`,
    key: `hairpin ${inDevice} ${pod}`,
  };
  const answer = known(question, state.facts);
  if (answer === true) return undefined;
  return fork(question, (branch, holds) => {
    settle(branch, question, holds);
    if (!holds) branch.ending = { kind: 'LOST', reason };
  });
}

function isSamePort(node: NodeState, state: State, hop: Address): boolean {
  const { packet, inDevice } = state;
  if (sameAddress(packet.source, hop)) return true;
  const port = portIn(node, state);
  return port !== undefined && port === portBefore(node, inDevice, hop);
}
