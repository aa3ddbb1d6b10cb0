import type { Option } from '../environment';
import type { Ending } from '../trace';
import type { Choice } from '../expression/choice';
import type { State } from '../state';

/** What an action does with the packet; it has changed the state already where it does. */
export type Effect =
  /** On with the next statement. */
  | { readonly kind: 'continue'; readonly text: string }
  /** On with the next rule, as if this one did not match (NFT_BREAK). */
  | { readonly kind: 'fail' }
  /** Which element of a map it takes is open; it is carried out again in each branch. */
  | Choice
  /** The end of the base chain. */
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
  | { readonly kind: 'fork'; readonly text: string; readonly options: readonly ActionOption[] };

/** `go`: on with the next statement, or the next rule, or the end of the base chain, or of the packet. */
export interface ActionOption extends Omit<Option, 'enter'> {
  readonly go: 'continue' | 'fail' | 'accept' | Omit<Ending, 'range'>;
  readonly change?: (state: State) => void;
}
