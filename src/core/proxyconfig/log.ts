import type { SourceRange } from '../source';
import type { ProxyMode } from './keys/key';

/** What kube-proxy wrote into its log at its last start. */
export interface ProxyLog {
  /** The last that it says is that its Node has no zone: it takes no topology hints into account. */
  readonly zoneMissing?: boolean;
  /** `v1.36.2`. */
  readonly version?: string;
  readonly mode?: LogMode;
  /** Why it could not use IPVS. */
  readonly ipvsProblem?: { readonly text: string; readonly range: SourceRange };
  /** As written: `30s`. */
  readonly sync?: {
    readonly syncPeriod: string;
    readonly minSyncPeriod: string;
    readonly range: SourceRange;
  };
}

export interface LogMode {
  readonly name: ProxyMode | 'userspace';
  readonly range: SourceRange;
}
