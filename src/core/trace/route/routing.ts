import type { RouteKey } from './routeKey';
import { routeInput4, routeOutput4 } from './routing4';
import { routeInput6, routeOutput6 } from './routing6';
import type { InputKey, Routing, RoutingContext } from './way';

/** The way of a packet that came in by a device. */
export function routeInput(context: RoutingContext, key: InputKey): Routing {
  return key.destination.family === 4 ? routeInput4(context, key) : routeInput6(context, key);
}

/**
 * The way of a packet that the node sends, or that OUTPUT re-routes.
 *
 * @param key without source: an unbound or a raw socket, which takes what the route says; with one it
 *   need not be an address of the node (FLOWI_FLAG_ANYSRC)
 */
export function routeOutput(context: RoutingContext, key: RouteKey): Routing {
  return key.destination.family === 4 ? routeOutput4(context, key) : routeOutput6(context, key);
}
