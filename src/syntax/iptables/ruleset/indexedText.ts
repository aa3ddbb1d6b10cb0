import type { Lines } from '../../textLines';
import type { LineIndex } from '../lines/lineIndex';
import type { Structure } from '../structure/structure';

/** A text of rules, its index, and what its lines are. */
export interface IndexedText {
  /** As the caller names the text: a path or URI. */
  readonly source: string;
  readonly lines: Lines;
  readonly index: LineIndex;
  readonly structure: Structure;
}
