import { l10n } from '../../l10n';
import { missing } from '../../missing';
import { formatAddress, sameAddress } from '../../address';
import type { FibExpression } from '../../rules/expression';
import { routeTypes } from '../../rules/nftNumbers';
import { isLimitedBroadcast, isMulticast, isZero } from '../../specialAddresses';
import { addressType } from '../addressType';
import { knowsRoutes, lookUp } from '../fib';
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
  const limit = flags.includes('iif') ? run.inDevice : flags.includes('oif') ? run.outDevice : '';
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

/** By which device the node would send to the address; with `iif` only if it is that one. */
function deviceValue(
  { flags, present }: FibExpression,
  { node, state, run }: StatementContext,
): Computed {
  const { source, destination } = state.header;
  const address = flags.includes('saddr') ? source : destination;
  const result = (device: string): Computed =>
    present ? number(device === '' ? 0 : 1) : text(device);
  const what = l10n.t`the route to ${formatAddress(address)}`;
  const wanted = flags.includes('iif') ? run.inDevice : flags.includes('oif') ? run.outDevice : '';
  if (wanted === undefined) return unsure(what, l10n.t`the device is not known`);
  // nft_fib_is_loopback: what comes from the node itself is right by definition.
  if (run.inDevice === 'lo' || state.looped) return result('lo');
  const unspecified =
    isZero(source) && (isLimitedBroadcast(destination) || isMulticast(destination));
  if (flags.includes('saddr') && unspecified) return result(wanted);
  if (!knowsRoutes(node, address.family)) return ofNode(what, missing('ip route show table all'));
  const mark = flags.includes('mark') ? state.mark : 0;
  const found = lookUp(node, { destination: address, mark, tos: state.tos, uid: 0 }, state.facts);
  if (found.kind === 'open') return ofNode(found.question.condition, found.question.unknown);
  if (found.kind === 'none') return result('');
  const { type, nextHops } = found.route;
  if (type !== 'unicast') return result('');
  const devices = nextHops.map(({ device }) => device ?? '');
  if (wanted !== '') return result(devices.includes(wanted) ? wanted : '');
  return result(devices[0] ?? '');
}

/** What no dump tells of the node, and so of every packet with that address. */
function ofNode(what: string, unknown: string | undefined): Computed {
  return { ...unsure(what, unknown), lasting: true };
}
