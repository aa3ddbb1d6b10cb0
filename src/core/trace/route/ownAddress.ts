import type { Address, Family } from '../../address';
import type { NodeState } from '../../node';
import { kubeIpvsDevice } from '../ipvs/items';

/**
 * The first address that the node has of a family to be reached by from outside, and none of those that
 * ipvs mode binds for Services; undefined where no dump tells.
 */
export function ownAddress({ interfaces = [] }: NodeState, family: Family): Address | undefined {
  for (const { name, addresses } of interfaces) {
    if (name === 'lo' || name === kubeIpvsDevice) continue;
    const found = addresses.find(
      ({ address, scope }) => address.family === family && scope === 'global',
    );
    if (found) return found.address;
  }
  return undefined;
}
