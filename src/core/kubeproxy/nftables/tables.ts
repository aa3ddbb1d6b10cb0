import type { Family } from '../../address';
import type { SourceRange } from '../../source';
import type { LocalTraffic, NodePortAddressesSeen } from '../seen';

/** The lines of `table ip kube-proxy` in which its configuration shows. */
export interface NftablesProxyTable {
  readonly family: Family;
  /** The `table` line. */
  readonly range: SourceRange;
  /** The mark that says "masquerade", where a rule shows it. */
  readonly mark?: { readonly bits: number; readonly range: SourceRange };
  /** undefined where the table is cut before the rule would stand. */
  readonly traffic?: LocalTraffic & { readonly range?: SourceRange };
  readonly nodePorts?: NodePortAddressesSeen;
}
