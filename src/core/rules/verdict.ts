import type { SourceRange } from '../source';

interface VerdictBase {
  /** From `-j` to the end of the target's options; of nft the word itself with the chain. */
  readonly range: SourceRange;
}

/** `-j NAME` and `-g NAME` to a user chain, `jump NAME` and `goto NAME`. */
export interface ChainTarget extends VerdictBase {
  readonly kind: 'jump' | 'goto';
  readonly chain: string;
  /** Where the name stands. */
  readonly nameRange: SourceRange;
}

export interface VerdictTarget extends VerdictBase {
  readonly kind: 'ACCEPT' | 'DROP' | 'RETURN' | 'QUEUE';
}

/** nft's `continue`: decides nothing, so the rule goes on behind it (nft_do_chain). */
export interface ContinueVerdict extends VerdictBase {
  readonly kind: 'CONTINUE';
}

/** What a map of nft may hold for a key. */
export type Verdict = ChainTarget | VerdictTarget | ContinueVerdict;
