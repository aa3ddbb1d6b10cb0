import { l10n } from '../l10n';
import type { Device } from './device';
import { ending } from './environment';
import type { Environment, Outcome } from './environment';
import { unfollowedAt, withGiven } from './hook/given';
import { withoutIpv6 } from './route/disableIpv6';
import { listens } from './route/multicast';
import { outDevice } from './route/routeResult';
import type { State } from './state';

/** After POSTROUTING: out by the device, or over the loopback device back in. */
export function transmit(environment: Environment, state: State): Outcome {
  const { route, original, sentBy } = state;
  if (!sentBy && state.header.destination.family === 6 && isLooped(environment, state)) {
    return copyBack(state);
  }
  if (route?.kind !== 'local' && !original && !sentBy) {
    const device = outDevice(state);
    state.given = withGiven(state.given, unfollowedAt(environment.node, device, 'out'));
    return delivered(device);
  }
  state.looped = true;
  state.inDevice = outDevice(state);
  state.stage = 'prerouting';
  const refused = withoutIpv6(environment.node, state);
  return refused === undefined ? undefined : ending('LOST', refused);
}

/**
 * ip_mc_output, ip6_finish_output2: of a broadcast, or a packet to a group that the device surely
 * listens to, a copy goes back in by that device; of IPv4 first, of IPv6 after the packet itself.
 */
export function isLooped({ node }: Environment, { route, header, looped }: State): boolean {
  if (looped) return false;
  if (route?.kind === 'broadcast') return true;
  if (route?.kind !== 'multicast') return false;
  return listens(node, route.device, header.destination) === true;
}

/** The packet is out by its device; the copy passes POSTROUTING once more. */
function copyBack(state: State): undefined {
  state.sentBy = outDevice(state);
  const effect = l10n.t`out by ${state.sentBy}; a copy goes back in`;
  state.steps.push({ kind: 'routing', mark: state.mark, effect });
  state.looped = true;
  state.stage = 'postrouting';
}

/** What its copy waited for: the packet itself, at POSTROUTING again. */
export function sendOriginal(state: State): void {
  const effect = l10n.t`the copy for the node itself is done; the packet goes on`;
  state.steps.push({ kind: 'routing', mark: state.mark, effect });
  Object.assign(state, state.original);
  state.original = undefined;
  state.ending = undefined;
  state.walk = undefined;
  state.run = undefined;
  state.stage = 'postrouting';
}

/** The end of a packet that reached a program of the node, or left by a device. */
export function delivered(device: Device): Outcome {
  const text =
    device === 'local'
      ? l10n.t`delivered to the node itself`
      : l10n.t`delivered by ${device ?? l10n.t`a device`}`;
  return ending('ACCEPT', text, { delivered: device });
}
