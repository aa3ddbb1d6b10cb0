import { l10n } from '../../l10n';
import { missing } from '../../missing';
import { formatAddress, sameAddress } from '../../address';
import type { FibExpression } from '../../rules/expression';
import { routeTypes } from '../../rules/nftNumbers';
import { protocolNumbers } from '../../packet';
import { isZero } from '../../specialAddresses';
import { addressKind6 } from '../route/addressKind6';
import { addressType } from '../route/addressType';
import { isRefusedByLoopback, knowsRoutes, lookUp } from '../route/fib';
import { asSource, isOfLink } from '../route/reverseLookup';
import type { Device } from '../device';
import type { RouteKey } from '../route/routeKey';
import type { Header } from '../trace';
import { unfollowed, vrfOf } from '../route/vrf';
import type { StatementContext } from '../match/context';
import { number, text, unsure } from './computed';
import type { Computed } from './computed';

/** nft_fib4_eval, nft_fib4_eval_type (net/ipv4/netfilter/nft_fib_ipv4.c). */
export function fibValue(expression: FibExpression, context: StatementContext): Computed {
  return expression.result === 'type'
    ? typeValue(expression, context)
    : deviceValue(expression, context);
}

/** The local table alone decides; with a device only addresses of that device are local. */
function typeValue({ flags }: FibExpression, { node, state, run }: StatementContext): Computed {
  const address = flags.includes('saddr') ? state.header.source : state.header.destination;
  const what = l10n.t`the type of ${formatAddress(address)}`;
  const limit = limitOf(flags, run);
  if (limit === undefined) return unsure(what, l10n.t`the device is not known`);
  const type = addressType(node, address, limit === '' ? undefined : limit);
  if (address.family === 6 && limit !== '' && type === 'LOCAL') {
    // __nft_fib6_eval_type: ipv6_chk_addr with the device.
    const own = node.interfaces?.find(({ name }) => name === limit)?.addresses;
    if (!own) return ofNode(what, missing('ip addr'));
    const local = own.some((one) => sameAddress(one.address, address));
    return number(local ? routeTypes.local : routeTypes.unicast);
  }
  if (type === undefined) return ofNode(what, missing('ip route show table all', 'ip addr'));
  return number(routeTypes[type.toLowerCase() as keyof typeof routeTypes] ?? routeTypes.unicast);
}

/**
 * nft_fib4_eval, nft_fib6_eval: by which device the node would send to the address; with `iif` or `oif` only
 * if it is that one.
 */
function deviceValue(expression: FibExpression, context: StatementContext): Computed {
  const { flags, present } = expression;
  const { node, state, run } = context;
  const { source, destination } = state.header;
  const address = flags.includes('saddr') ? source : destination;
  const result = (device: string): Computed =>
    present ? number(device === '' ? 0 : 1) : text(device);
  const what = l10n.t`the route to ${formatAddress(address)}`;
  const unaddressed = isZero(source) && isSentUnaddressed(state.header);
  const wanted = unaddressed ? run.inDevice : limitOf(flags, run);
  if (wanted === undefined) return unsure(what, l10n.t`the device is not known`);
  // nft_fib_is_loopback: what comes from the node itself is right by definition.
  if (run.inDevice === 'lo' || state.looped) return result('lo');
  // Whichever address is asked for.
  if (unaddressed) return result(wanted);
  if (!knowsRoutes(node, address.family)) return ofNode(what, missing('ip route show table all'));
  const vrf = vrfOf(node, wanted);
  if (vrf) return unsure(what, unfollowed(vrf, wanted));
  const found = lookUp(node, lookupKey(expression, context, wanted), state.facts);
  if (found.kind === 'open') return ofNode(found.question.condition, found.question.unknown);
  if (found.kind === 'none') return result('');
  const { route, hops } = found;
  const isFour = address.family === 4;
  // A broadcast address has a device, too.
  if (route.type === 'local' || (route.type === 'anycast' && !isFour)) return result('');
  if (isRefusedByLoopback(route, hops)) return result('');
  const devices = (isFour ? route.nextHops : hops).map(({ device }) => device ?? '');
  if (wanted !== '') return result(devices.includes(wanted) ? wanted : '');
  return result(devices[0] ?? '');
}

/** The device that it must be: '' for any, or where the hook has none. The kernel takes one flag alone. */
function limitOf(
  flags: FibExpression['flags'],
  { inDevice, outDevice }: StatementContext['run'],
): Device {
  return flags.includes('iif') ? inDevice : flags.includes('oif') ? outDevice : '';
}

/** Who has no address yet: DHCP's requests; of IPv6 nft_fib_v6_skip_icmpv6, duplicate address detection. */
function isSentUnaddressed({ destination, protocol }: Header): boolean {
  if (destination.family === 4) return isOfLink(destination);
  return protocol === protocolNumbers.icmp6 && addressKind6(destination).scope === 'link';
}

/** From the packet's other end (fl4.saddr), and in FORWARD with `iif` as what came in by the other device. */
function lookupKey(
  { flags }: FibExpression,
  { state, run }: StatementContext,
  wanted: string,
): RouteKey {
  const { source, destination } = state.header;
  const [to, from] = flags.includes('saddr') ? [source, destination] : [destination, source];
  const turned = run.hook === 'forward' && flags.includes('saddr') && flags.includes('iif');
  const { scope, unicast } = addressKind6(to);
  const bound = to.family === 6 && unicast && scope === 'link';
  return {
    destination: to,
    source: asSource(from),
    inDevice: turned ? run.outDevice : undefined,
    mark: flags.includes('mark') ? state.mark : 0,
    tos: state.tos,
    uid: 0,
    ...(bound && { outDevice: wanted || run.inDevice, strict: true }),
  };
}

/** What no dump tells of the node, and so of every packet with that address. */
function ofNode(what: string, unknown: string | undefined): Computed {
  return { ...unsure(what, unknown), lasting: true };
}
