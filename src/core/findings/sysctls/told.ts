import type { Family } from '../../address';
import type { NodeState } from '../../node';
import type { SourceRange } from '../../source';

/** One sysctl of a node, with the line that tells it. */
export interface ToldSysctl {
  readonly name: string;
  readonly value: string;
  readonly range: SourceRange;
}

/** The first of some names that a dump tells: `net.ipv4.ip_forward` is one switch with two. */
export function toldSysctl(
  { sysctls, sysctlPlaces }: NodeState,
  ...names: readonly string[]
): ToldSysctl | undefined {
  for (const name of names) {
    const value = sysctls?.get(name);
    const range = sysctlPlaces?.get(name);
    if (value !== undefined && range) return { name, value, range };
  }
  return undefined;
}

/** Whether a device's own value of `net.ipv4.conf.DEVICE.NAME` is not 0. */
export function isSetOnADevice({ sysctls }: NodeState, family: Family, name: string): boolean {
  const start = `net.ipv${family}.conf.`;
  for (const [key, value] of sysctls ?? []) {
    if (value === '0' || !key.startsWith(start) || !key.endsWith(`.${name}`)) continue;
    if (!/^(?:all|default|lo)$/.test(key.slice(start.length, -name.length - 1))) return true;
  }
  return false;
}
