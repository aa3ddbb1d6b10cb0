import type { Certainty } from '../certainty';
import type { Finding, Severity } from '../finding';
import type { Programmed } from '../kubeproxy/programmed';
import type { ProxyModeName } from '../kubeproxy/proxyMode';
import type { NodeState } from '../node';
import type { IndexedObjects } from '../objects/types';

/** What is at hand to find faults in. */
export interface CheckContext {
  readonly node: NodeState;
  readonly programmed: Programmed;
  readonly objects?: IndexedObjects;
  /** Other nodes of the cluster, whose own addresses count. */
  readonly others: readonly NodeState[];
}

/** What a check found: all but what the check itself says. */
export type Found = Pick<Finding, 'message' | 'range' | 'related' | 'service'> & {
  /** Where it is less than the check's own. */
  readonly severity?: Severity;
};

/** One fault that dumps can show: what it takes to look for it, and where it is. */
export interface Check {
  /** In kebab case; its page is docs/findings/CODE.md, in Chinese docs/findings/zh-cn/CODE.md. */
  readonly code: string;
  /** `error` only where traffic is surely broken. */
  readonly severity: Severity;
  /** One clause for lists and settings: `rules of both backends are in force`. */
  readonly title: string;
  /** Looked for only where kube-proxy runs in one of these, as surely as `certainty` asks. */
  readonly modes?: readonly ProxyModeName[];
  /** `certain` where a likely mode would accuse the wrong one; `likely` by default. */
  readonly certainty?: Exclude<Certainty, 'unknown'>;
  /** Found together and shown together: what to see to before Kubernetes 1.40. */
  readonly group?: 'ready-for-1.40';
  /** Yields `undefined` where others may go first. */
  find(context: CheckContext): Generator<Found | undefined>;
}
