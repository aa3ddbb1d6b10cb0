import type { IpvsTimeouts } from '../ipvs/state';
import type { NodeState } from '../node';
import type { IndexedObjects } from '../objects/types';
import type { ProxyVersion } from './version';
import type { ProxyLog } from './log';

/** What is at hand of one node to compare a configuration with. */
export interface ProxyNode {
  readonly state: NodeState;
  readonly objects?: IndexedObjects;
  readonly version?: ProxyVersion;
  readonly log?: ProxyLog;
  /** `ipvsadm -L --timeout`. */
  readonly timeouts?: IpvsTimeouts;
}
