import type { NodeState } from '../../node';
import type { HookRun, State } from '../state';

/** What a match is asked about. */
export interface MatchContext {
  readonly node: NodeState;
  readonly state: State;
  readonly run: HookRun;
  /** `table/chain/rule/match`: which match of which rule it is, for those that count. */
  readonly place: string;
}
