import type { SourceRange } from '../../source';
import type { Path } from '../trace';

/** What the client sees of a packet that the node did not deliver. */
export interface ClientView {
  /**
   * refused: at once, "connection refused"; unreachable: at once, another error; silence: nothing,
   * until it gives up; unknown: the node answers, and no dump tells whether that gets to the client.
   */
  readonly sees: 'refused' | 'unreachable' | 'silence' | 'unknown';
  /** In words, with what it gets or why it gets nothing. */
  readonly text: string;
  /** What stopped the node's answer: a rule, a policy. */
  readonly range?: SourceRange;
  /** The way of the node's answer through its own rules; undefined where it sends none. */
  readonly way?: Path;
}
