import type { NodeState } from '../node';
import type { IpvsState } from './state';

/** The virtual servers where a dump shows all of them: what such a dump lacks is not there. */
export function wholeIpvs({ ipvs }: NodeState): IpvsState | undefined {
  return ipvs?.incomplete === undefined ? ipvs : undefined;
}
