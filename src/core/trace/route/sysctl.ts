import { l10n } from '../../l10n';
import type { NodeState } from '../../node';
import type { Answer } from '../answer';

/**
 * A switch that the kernel reads as `all` OR the device's own (IN_DEV_ORCONF):
 * net.ipv4.conf.{all,DEVICE}.NAME.
 *
 * @param device '' or undefined: only `all` is asked
 */
export function deviceSwitch(node: NodeState, name: string, device: string | undefined): Answer {
  const all = isSet(node, 'all', name);
  const own = device ? isSet(node, device, name) : false;
  if (all === true || own === true) return true;
  if (all === false && own === false) return false;
  const missing = `net.ipv4.conf.${all === undefined ? 'all' : device}.${name}`;
  return {
    condition: l10n.t`${missing} is 1`,
    otherwise: l10n.t`${missing} is 0`,
    unknown: l10n.t`${missing} is not known`,
    key: `sysctl ${missing}`,
  };
}

function isSet({ sysctls }: NodeState, device: string, name: string): boolean | undefined {
  const value = sysctls?.get(`net.ipv4.conf.${device}.${name}`);
  return value === undefined ? undefined : value !== '0';
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
