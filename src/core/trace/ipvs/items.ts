import type { NodeState } from '../../node';
import type { HookItem } from '../hook/hookItem';
import type { Hook } from '../trace';

/** The dummy device on which kube-proxy puts every Service address in ipvs mode. */
export const kubeIpvsDevice = 'kube-ipvs0';

/** Whether IPVS may take packets here: its table is at hand, or the device shows that it should be. */
export function hasIpvs({ ipvs, interfaces }: NodeState): boolean {
  return ipvs !== undefined || interfaces?.some(({ name }) => name === kubeIpvsDevice) === true;
}

/** ip_vs_ops4 and ip_vs_ops6 (net/netfilter/ipvs/ip_vs_core.c). */
export function ipvsItems(hook: Hook): readonly HookItem[] {
  switch (hook) {
    case 'input':
      return [
        { kind: 'ipvs', priority: 98, direction: 'out' },
        { kind: 'ipvs', priority: 99, direction: 'in' },
      ];
    case 'output':
      return [
        { kind: 'ipvs', priority: -99, direction: 'out' },
        { kind: 'ipvs', priority: -98, direction: 'in' },
      ];
    case 'forward':
      return [
        { kind: 'ipvs', priority: 99, direction: 'in' },
        { kind: 'ipvs', priority: 100, direction: 'out' },
      ];
    default:
      return [];
  }
}
