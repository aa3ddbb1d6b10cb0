import type { TableFamily } from '../../../core/rules/ruleset';

/** `chain NAME { ... }` and its like. Lines count from 0; `end` is one after the last line. */
export interface Block {
  readonly kind: 'chain' | 'set' | 'map' | 'object';
  /** Of an object, as nft names it: `counter`, `ct helper`, `flowtable`. */
  readonly object?: string;
  readonly name: string;
  readonly line: number;
  readonly end: number;
  /** False where its closing brace is missing, or lines were left out in it. */
  readonly complete: boolean;
  /** `type nat hook ...` of a base chain. */
  readonly baseLine?: number;
  /** `elements = {` of a set or map. */
  readonly elementsLine?: number;
}

/** `table ip NAME { ... }`. */
export interface TableBlock {
  /** undefined where the listing's beginning is cut off, so that no line names the table. */
  readonly line?: number;
  readonly family: TableFamily | undefined;
  readonly name: string;
  readonly end: number;
  readonly complete: boolean;
  readonly blocks: readonly Block[];
  /** `comment "..."`, `flags dormant`. */
  readonly properties: readonly number[];
}

/** What the lines of a text are, put together. */
export interface NftBlocks {
  readonly tables: readonly TableBlock[];
  /** `add rule ...`: lines of kind command, outside of any block. */
  readonly commands: readonly number[];
  /** Shell prompts, and `# nft list ruleset`. */
  readonly prompts: readonly number[];
  /** Lines outside of any table that are nothing of these. */
  readonly strays: readonly number[];
  /** Closing braces of what began before the text did. */
  readonly closings: readonly number[];
}
