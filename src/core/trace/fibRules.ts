import { l10n } from '../l10n';
import { missing } from '../missing';
import type { Facts } from './facts';
import { contains, formatAddress, prefixLength } from '../address';
import type { Network } from '../address';
import type { NetworkInterface, NodeState, NumberRange, RoutingRule } from '../node';
import { and, isUnknown, not, unknown } from '../truth';
import type { Truth } from '../truth';
import { known } from './answer';
import type { Open } from './answer';
import type { RouteKey } from './routeKey';

/**
 * fib_rule_match and fib4_rule_match or fib6_rule_match: does the rule select the packet. `not`
 * inverts all of it, the devices too.
 */
export function selects(
  node: NodeState,
  rule: RoutingRule,
  key: RouteKey,
  facts: Facts,
): boolean | Open {
  let truth: Truth = true;
  for (const part of parts) {
    truth = and(truth, part(rule, key, node));
    if (truth === false) break;
  }
  const answer = rule.negated ? not(truth) : truth;
  if (!isUnknown(answer)) return answer;
  const to = formatAddress(key.destination);
  const question: Open = {
    condition: l10n.t`the routing rule applies to ${to}: ${rule.text}`,
    otherwise: l10n.t`the routing rule does not apply to ${to}: ${rule.text}`,
    unknown: answer.unknown,
    key: `routing rule ${rule.text} ${to} ${key.mark} ${key.inDevice} ${key.outDevice}`,
  };
  return known(question, facts) as boolean | Open;
}

type Part = (rule: RoutingRule, key: RouteKey, node: NodeState) => Truth;

const parts: readonly Part[] = [
  ({ inInterface }, { inDevice = 'lo' }) => inInterface === undefined || inInterface === inDevice,
  ({ outInterface }, { outDevice }) => outInterface === undefined || outInterface === outDevice,
  ({ mark }, key) => !mark || ((key.mark ^ mark.value) & mark.mask) === 0,
  ({ tunnelId }, { inDevice = 'lo' }) => {
    if (tunnelId === undefined || tunnelId === 0) return true;
    return inDevice === 'lo'
      ? false
      : unknown(l10n.t`the key of the tunnel it came by is not known`);
  },
  ({ vrf }, key, node) => !vrf || inVrf(key, node),
  ({ uids }, { uid = 0 }) => !uids || isSender(uids, uid),
  ({ from }, { source, destination: { family } }) =>
    isAny(from) || (source ? contains(from!, source) : family === 4 && isUnspecified(from!)),
  ({ to }, { destination }) => isAny(to) || contains(to!, destination),
  ({ tos }, key) => {
    const mask = key.destination.family === 6 ? 0xfc : tos?.mask;
    return !tos || ((key.tos ?? 0) & mask!) === tos.value;
  },
  ({ protocol }, key) => protocol === undefined || protocol === key.protocol,
  ({ sourcePorts }, { sourcePort, openPort }) => {
    if (!sourcePorts) return true;
    return openPort === undefined ? within(sourcePorts, sourcePort) : unknown(openPort);
  },
  ({ destinationPorts }, { destinationPort }) =>
    !destinationPorts || within(destinationPorts, destinationPort),
  ({ others }) => others.length === 0 || unknown(l10n.t`not modelled: ${others.join(' ')}`),
];

function isAny(network: Network | undefined): boolean {
  return !network || prefixLength(network) === 0;
}

/** A network that 0.0.0.0 lies in, which is the source of a look-up without one. */
function isUnspecified({ address }: Network): boolean {
  return address.words.every((word) => word === 0);
}

function within({ from, to }: NumberRange, value: number | undefined): boolean {
  return (value ?? 0) >= from && (value ?? 0) <= to;
}

const everybody = 4294967295;

function isSender({ from, to }: NumberRange, uid: number | 'unknown'): Truth {
  if (uid !== 'unknown') return uid >= from && uid <= to;
  return (from === 0 && to >= everybody) || unknown(l10n.t`the sender’s uid is not known`);
}

/** l3mdev_fib_rule_match: only devices with a master can be a VRF's, or a VRF itself. */
function inVrf({ inDevice = 'lo', outDevice }: RouteKey, { interfaces }: NodeState): Truth {
  const asked = interfaces?.filter(({ name }) => name === inDevice || name === outDevice);
  if (!asked) return unknown(l10n.t`${missing('ip addr')}: the device may be in a VRF`);
  for (const { name, master, kind } of asked) {
    const above = interfaces?.find((device) => device.name === master);
    const vrf = kind === 'vrf' ? name : above && mayBeVrf(above, interfaces!) ? master : undefined;
    if (vrf === undefined) continue;
    const sure = kind === 'vrf' || above?.kind === 'vrf';
    // Its packets pass the hooks a second time, with the VRF as their device (vrf_l3_rcv).
    return unknown(
      sure
        ? l10n.t`${name} is of the VRF ${vrf}; the ways of packets through a VRF are not modelled`
        : l10n.t`${name} may be in the VRF ${vrf} (ip -d link tells), which is not modelled`,
    );
  }
  return false;
}

/** What has ports with a hairpin mode is a bridge. */
function mayBeVrf({ name, kind }: NetworkInterface, all: readonly NetworkInterface[]): boolean {
  if (kind !== undefined) return kind === 'vrf';
  return !all.some(({ master, hairpin }) => master === name && hairpin !== undefined);
}
