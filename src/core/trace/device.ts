import type { NodeState } from '../node';

/** A device's name, '' where the hook has none, undefined where the dumps do not tell. */
export type Device = string | undefined;

/**
 * The group of a device (`group default`, `group 5`): undefined where no dump tells it, or it has a name,
 * whose number /etc/iproute2/group has.
 */
export function deviceGroup({ interfaces }: NodeState, device: Device): number | undefined {
  const found = interfaces?.find(({ name }) => name === device)?.group;
  const number = found === 'default' ? 0 : Number(found ?? NaN);
  return Number.isNaN(number) ? undefined : number;
}
