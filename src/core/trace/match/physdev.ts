import { ofPacket } from '../facts';
import { l10n } from '../../l10n';
import { missing } from '../../missing';
import type { InterfacePattern, PhysdevMatch } from '../../rules/match';
import type { Negatable } from '../../rules/optionValue';
import { both, negate } from '../answer';
import type { Answer } from '../answer';
import { bridgeSysctl, callsRules, portBefore, portIn, portsOf } from '../bridge/bridgePort';
import type { StatementContext } from './context';
import { deviceFits } from './header';

/**
 * physdev_mt (net/netfilter/xt_physdev.c). A packet that did not come in by a port of a bridge, or
 * by one whose packets br_netfilter does not hand on, matches only what is negated.
 */
export function physdevMatch(match: PhysdevMatch, context: StatementContext): Answer {
  const { node, state } = context;
  const asked = [match.in, match.out, match.isIn, match.isOut, match.isBridged];
  const parts = asked.filter((part) => part !== undefined);
  const device = state.packet.inInterface;
  const ports = portsOf(node, device);
  const plain = parts.every(({ negated }) => negated);
  if (device === undefined || state.looped || ports?.length === 0) return plain;
  const { family } = state.header.destination;
  const called = callsRules(node, family);
  if (called === false) return plain;
  if (!ports || called === undefined) {
    const unknown = ports
      ? l10n.t`${bridgeSysctl(family)} is not known`
      : l10n.t`${missing('ip addr')}: ${device} may be a bridge`;
    return {
      condition: l10n.t`physdev holds`,
      otherwise: l10n.t`physdev does not hold`,
      unknown,
      key: ofPacket(
        `physdev ${JSON.stringify(parts.map(({ value, negated }) => [value, negated]))}`,
      ),
    };
  }
  return onBridge(match, context);
}

/** Only what is switched has a port to leave by, and not before FORWARD. */
function onBridge(match: PhysdevMatch, { node, state, run }: StatementContext): Answer {
  const leaves = state.switched && (run.hook === 'forward' || run.hook === 'postrouting');
  const sure: readonly [Negatable<true> | undefined, boolean][] = [
    [match.isBridged, leaves],
    [match.isIn, true],
    [match.isOut, leaves],
  ];
  if (sure.some(([asked, holds]) => asked && holds === asked.negated)) return false;
  if (match.out && !leaves) return false;
  const out = portBefore(node, state.packet.inInterface, state.header.destination);
  return both(
    named(match.in, portIn(node, state), l10n.t`bridge port it came by`),
    named(match.out, out, l10n.t`bridge port it leaves by`),
  );
}

function named(
  asked: Negatable<InterfacePattern> | undefined,
  port: string | undefined,
  what: string,
): Answer {
  return asked ? negate(deviceFits(port, asked.value, what), asked.negated) : true;
}
