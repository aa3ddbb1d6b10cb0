import type { Address } from '../../address';
import type { Route } from '../../node';
import type { Device } from '../device';

/** The routing decision. */
export type RouteResult =
  /** To the node itself: addresses of its own, broadcast, multicast that it listens to. */
  | {
      readonly kind: 'local';
      readonly type: string;
      readonly device: Device;
      readonly route?: Route;
      /** dst_discard: over the loopback device to a group that nobody there listens to. */
      readonly discarded?: NoRoute;
    }
  /** Out by a device; undefined when the dumps do not tell which. */
  | {
      readonly kind: 'unicast' | 'multicast' | 'broadcast';
      readonly device: Device;
      readonly via?: Address;
      readonly route?: Route;
      /** ip6_pkt_discard_out: taken by OUTPUT's rules, and refused where it would leave. */
      readonly discarded?: NoRoute;
    }
  | NoRoute;

export interface NoRoute {
  readonly kind: 'error';
  /** What a sender on the node itself gets from send(2). */
  readonly error: string;
  readonly reason: string;
  /** The ICMP error that goes to whoever sent it through this node. */
  readonly reply?: string;
}

/** The device that a packet with this route leaves by; '' where it has none. */
export function outDevice({ route }: { readonly route: RouteResult | undefined }): Device {
  if (!route || route.kind === 'error') return '';
  return route.kind === 'local' ? 'lo' : route.device;
}
