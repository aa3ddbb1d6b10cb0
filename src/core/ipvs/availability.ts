import type { RealServer } from './state';

/** What of a real server decides whether a scheduler may take it. */
export type Limits = Pick<
  RealServer,
  'weight' | 'upperThreshold' | 'lowerThreshold' | 'activeConnections' | 'inactiveConnections'
>;

/** Whether a scheduler gives it new connections: not with weight 0, nor with as many as its limit. */
export function isAvailable(server: Limits): boolean {
  return server.weight > 0 && !isOverloaded(server);
}

/** IP_VS_DEST_F_OVERLOAD: as many connections as `-x` allows, of those that are counted. */
export function isOverloaded(server: Limits): boolean {
  return isLimited(server) && (connectionsOf(server) ?? 0) >= server.upperThreshold!;
}

/**
 * Whether the counts leave it open: there are none, or they are between the two limits, where a server that
 * was full still takes none (ip_vs_dest_update_overload).
 */
export function mayBeOverloaded(server: Limits): boolean {
  if (!isLimited(server) || isOverloaded(server)) return false;
  const { upperThreshold = 0, lowerThreshold } = server;
  const lower = lowerThreshold || upperThreshold - (upperThreshold >> 2);
  return (connectionsOf(server) ?? Infinity) >= lower;
}

function isLimited({ upperThreshold = 0 }: Limits): boolean {
  return upperThreshold > 0;
}

function connectionsOf({ activeConnections, inactiveConnections }: Limits): number | undefined {
  return activeConnections === undefined || inactiveConnections === undefined
    ? undefined
    : activeConnections + inactiveConnections;
}
