import { l10n } from '../../l10n';
import { missing } from '../../missing';
import type { Facts } from '../facts';
import { contains, formatAddress, prefixLength } from '../../address';
import type { Network } from '../../address';
import type { NetworkInterface, NodeState, NumberRange, RoutingRule } from '../../node';
import { and, isUnknown, not, unknown } from '../../truth';
import type { Truth } from '../../truth';
import { known } from '../answer';
import type { Open } from '../answer';
import type { RouteKey } from './routeKey';
import { vrfOf, vrfOfKey } from './vrf';

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
  ({ inInterface }, { inDevice = 'lo' }, node) =>
    inInterface === undefined || inInterface === inDevice || byVrf(node, inInterface, inDevice),
  ({ outInterface }, { outDevice }, node) =>
    outInterface === undefined ||
    byVrf(node, outInterface, outDevice) ||
    outInterface === outDevice,
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

/**
 * A rule for a VRF as a device takes what goes by one of its devices only in later kernels
 * (fib_rule_iif_match, fib_rule_oif_match); whom l3mdev_update_flow leaves the VRF itself, too.
 */
function byVrf(node: NodeState, asked: string, device: string | undefined): Truth {
  const vrf = vrfOf(node, device);
  return (
    vrf?.name === asked &&
    unknown(l10n.t`whether ${asked}, a VRF, is asked for depends on the kernel`)
  );
}

/** l3mdev_fib_rule_match: only devices with a master can be a VRF's, or a VRF itself. */
function inVrf(key: RouteKey, node: NodeState): Truth {
  const { interfaces } = node;
  if (!interfaces) return unknown(l10n.t`${missing('ip addr')}: the device may be in a VRF`);
  if (vrfOfKey(node, key)) return true;
  const { inDevice = 'lo', outDevice } = key;
  const asked = interfaces.filter(({ name }) => name === inDevice || name === outDevice);
  for (const { name, master } of asked) {
    const above = interfaces.find((device) => device.name === master);
    if (!above || !mayBeVrf(above, interfaces)) continue;
    return unknown(l10n.t`${name} may be in the VRF ${master} (ip -d link tells)`);
  }
  return false;
}

/** What has ports with a hairpin mode is a bridge. */
function mayBeVrf({ name, kind }: NetworkInterface, all: readonly NetworkInterface[]): boolean {
  if (kind !== undefined) return false;
  return !all.some(({ master, hairpin }) => master === name && hairpin !== undefined);
}
