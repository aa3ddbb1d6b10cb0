import { l10n } from '../l10n';
import type { NodeState } from '../node';
import type { Answer } from './answer';

/**
 * A switch that the kernel reads as `all` OR the device's own (IN_DEV_ORCONF):
 * net.ipv4.conf.{all,DEVICE}.NAME.
 *
 * @param device '' or undefined: only `all` is asked
 */
export function deviceSwitch(node: NodeState, name: string, device: string | undefined): Answer {
  const keys = ['all', ...(device ? [device] : [])].map((d) => `net.ipv4.conf.${d}.${name}`);
  const values = keys.map((key) => node.sysctls?.get(key));
  if (values.some((value) => value !== undefined && value !== '0')) return true;
  if (values.every((value) => value === '0')) return false;
  const missing = keys.find((_, i) => values[i] === undefined)!;
  return {
    condition: l10n.t`${missing} is 1`,
    otherwise: l10n.t`${missing} is 0`,
    unknown: l10n.t`${missing} is not known`,
    key: `sysctl ${missing}`,
  };
}

/** The greater of `all` and the device's own (IN_DEV_MAXCONF); undefined when not known. */
export function deviceMaximum(
  node: NodeState,
  name: string,
  device: string | undefined,
): number | undefined {
  const all = node.sysctls?.get(`net.ipv4.conf.all.${name}`);
  const own = device ? node.sysctls?.get(`net.ipv4.conf.${device}.${name}`) : '0';
  return all === undefined || own === undefined ? undefined : Math.max(Number(all), Number(own));
}
