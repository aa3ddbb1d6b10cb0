import type { NodeState } from '../../node';
import type { Ending, Option } from '../environment';
import type { HookRun, State } from '../state';

/** What a target does with the packet; it has changed the state already where it does. */
export type Effect =
  /** On with the next rule. */
  | { readonly kind: 'continue'; readonly text: string }
  /** The end of the table. */
  | { readonly kind: 'accept'; readonly text: string }
  | { readonly kind: 'return'; readonly text: string }
  | {
      readonly kind: 'chain';
      readonly chain: string;
      readonly goto: boolean;
      readonly text: string;
    }
  | { readonly kind: 'end'; readonly ending: Omit<Ending, 'range'>; readonly text: string }
  /** Something decides that no dump tells. */
  | { readonly kind: 'fork'; readonly text: string; readonly options: readonly TargetOption[] };

/** `go`: on with the next rule, or the end of the table, or of the packet. */
export interface TargetOption extends Omit<Option, 'enter'> {
  readonly go: 'continue' | 'accept' | Omit<Ending, 'range'>;
  readonly change?: (state: State) => void;
}

export interface TargetContext {
  readonly node: NodeState;
  readonly state: State;
  readonly run: HookRun;
}
