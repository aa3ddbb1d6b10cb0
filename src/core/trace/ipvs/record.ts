import type { HookRun, State } from '../state';
import type { IpvsStep } from '../trace';

/** Writes down what IPVS did with a packet. */
export function pushIpvs(
  { steps, mark }: State,
  { hook }: HookRun,
  step: Omit<IpvsStep, 'kind' | 'hook' | 'mark' | 'direction'>,
  direction: IpvsStep['direction'] = 'in',
): void {
  steps.push({ kind: 'ipvs', hook, direction, mark, ...step });
}
