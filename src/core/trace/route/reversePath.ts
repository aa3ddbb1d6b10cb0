import { l10n } from '../../l10n';
import { missing } from '../../missing';
import { formatAddress } from '../../address';
import type { Address } from '../../address';
import { devicesWith } from '../../devicesWith';
import type { NodeState } from '../../node';
import { known } from '../answer';
import type { Answer } from '../answer';
import { customRules, knowsRoutes, lookUp } from './fib';
import { tablesOf } from './fibTables';
import type { Lookup } from './fib';
import { martian } from './way';
import type { InputKey, Routing, RoutingContext } from './way';
import { deviceMaximum, deviceSwitch } from './sysctl';
import { vrfOf } from './vrf';

/** Where the packet goes, by which the way back is asked. */
interface Forth {
  /** Undefined for a broadcast. */
  readonly destination?: Address;
  /** `lo` where the node itself gets it. */
  readonly outDevice: string | undefined;
}

/**
 * fib_validate_source (net/ipv4/fib_frontend.c): refuses a source of the node's own, and with
 * rp_filter one that does not lead back. The way back is asked as of a packet from `forth.destination`
 * that came in by the device it goes out by, so that routing rules for `from` and `iif` count.
 *
 * @returns undefined where it passes
 */
export function refusedSource(
  context: RoutingContext,
  key: InputKey,
  forth: Forth,
): Routing | undefined {
  const { node, facts } = context;
  const { source, arrival } = key;
  if (arrival === 'lo' || arrival === undefined) return undefined;
  const accepts = deviceSwitch(node, 'accept_local', arrival) === true;
  const filter = deviceMaximum(node, 'rp_filter', arrival);
  const own = !accepts && devicesWith(node.interfaces ?? [], source).length > 0;
  const byAddress = own ? martian(source, 'source', l10n.t`it is the node’s own`) : undefined;
  const asked =
    knowsRoutes(node, 4) &&
    (filter !== 0 || known(isFullyChecked(node, arrival, accepts, forth), facts));
  if (asked === false) return byAddress;
  const back = lookUp(node, backKey(context, key, forth), facts);
  if (back.kind === 'open') return { kind: 'open', question: back.question };
  const byRoute = judged(context, key, back, { filter, accepts, forth });
  if (asked === true || (byRoute === undefined) === (byAddress === undefined)) return byRoute;
  return { kind: 'open', question: asked };
}

interface Checked {
  readonly filter: number | undefined;
  readonly accepts: boolean;
  readonly forth: Forth;
}

/** __fib_validate_source, after its look-up. */
function judged(
  context: RoutingContext,
  key: InputKey,
  back: Lookup,
  { filter, accepts, forth }: Checked,
): Routing | undefined {
  const { node } = context;
  const { source, arrival } = key;
  if (back.kind === 'route') {
    const { type } = back.route;
    if (type !== 'unicast' && !(type === 'local' && accepts)) {
      const why = type === 'local' ? l10n.t`it is the node’s own` : l10n.t`its route is ${type}`;
      return martian(source, 'source', why);
    }
    if (back.route.nextHops.some(({ device }) => device === arrival)) return undefined;
  }
  // Without a route, or on a device without an address, rp_filter 2 is as strict as 1.
  const lastResort = back.kind !== 'route' || hasNoAddress(node, arrival);
  if (filter === undefined) {
    context.assume(
      l10n.t`rp_filter does not stop ${formatAddress(source)} at ${arrival}, although the way back is another: its value is not known`,
    );
    return undefined;
  }
  if (filter === 1 || (filter > 0 && lastResort === true)) {
    return martian(source, 'source', l10n.t`rp_filter is ${filter} on ${arrival}`);
  }
  if (filter === 0 || lastResort === false) return undefined;
  const question = {
    condition: l10n.t`${arrival} has an IPv4 address`,
    otherwise: l10n.t`${arrival} has no IPv4 address, so that rp_filter 2 refuses ${formatAddress(source)}`,
    unknown: missing('ip addr'),
    key: `has address ${arrival} ${forth.outDevice}`,
  };
  const answer = known(question, context.facts);
  if (typeof answer !== 'boolean') return { kind: 'open', question: answer };
  return answer
    ? undefined
    : martian(source, 'source', l10n.t`rp_filter is ${filter} on ${arrival}, which has no address`);
}

function backKey({ node }: RoutingContext, key: InputKey, forth: Forth) {
  const { source, arrival, mark, tos, protocol, sourcePort, destinationPort, openPort } = key;
  const marked = deviceSwitch(node, 'src_valid_mark', arrival) === true;
  return {
    destination: source,
    source: forth.destination,
    inDevice: vrfOf(node, arrival)?.name ?? forth.outDevice ?? 'lo',
    mark: marked ? mark : 0,
    tos,
    protocol,
    sourcePort: destinationPort,
    destinationPort: sourcePort,
    openPort,
  };
}

/**
 * Whether the way back is asked without rp_filter, too: for realms (fib_num_tclassid_users); of what
 * leaves by the device that it came in by, for redirects (IN_DEV_TX_REDIRECTS); and where the addresses
 * alone do not tell what is local (fib_has_custom_local_routes, fib4_has_custom_rules).
 */
function isFullyChecked(
  node: NodeState,
  arrival: string,
  accepts: boolean,
  { outDevice }: Forth,
): Answer {
  const { routes = [], routingRules } = node;
  const custom = customRules(routingRules, 4);
  if (tablesOf(routes, 4).hasRealms || custom?.some(({ realms }) => realms !== undefined)) {
    return true;
  }
  if (!accepts && (custom || tablesOf(routes, 4).hasOwnLocal)) return true;
  return outDevice === arrival && deviceSwitch(node, 'send_redirects', arrival);
}

/** True or false, or undefined where no dump tells the addresses. */
function hasNoAddress({ interfaces }: NodeState, device: string | undefined): boolean | undefined {
  const own = interfaces?.find(({ name }) => name === device);
  return own && !own.addresses.some(({ address }) => address.family === 4);
}
