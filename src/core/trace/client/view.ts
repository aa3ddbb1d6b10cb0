import { l10n } from '../../l10n';
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

/** What the client sees, in a word or two. */
export function seesText(sees: ClientView['sees']): string {
  switch (sees) {
    case 'refused':
      return l10n.t`refused`;
    case 'unreachable':
      return l10n.t`unreachable`;
    case 'silence':
      return l10n.t`silence`;
    case 'unknown':
      return l10n.t`unknown`;
  }
}
