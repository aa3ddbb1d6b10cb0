import type { DumpKindId } from '../dumps/kinds';
import type { NamedOrigin } from '../dumps/origin';

/** One file, or one command's output, before it is read. */
export interface DumpFile {
  /** With `/` between folders: `nodes/node-a/ipset-save.txt`. */
  readonly path: string;
  /** The beginning of its text, 4 KiB or all of a shorter one. */
  readonly head: string;
  /** In bytes. */
  readonly size: number;
  /** What the command wrote beside it; a file `NAME.stderr` in the same folder counts as well. */
  readonly stderr?: string;
  /** Why the text is not what the command should have printed: a time-out, a cut connection. */
  readonly problem?: string;
  /** Of a text with the outputs of several hosts: which. */
  readonly hosts?: readonly string[];
}

export interface ClassifiedFile extends DumpFile {
  readonly kind: DumpKindId;
  /** What the file's name, or the command above the lines, tells of them. */
  readonly origin?: NamedOrigin;
  /** Of a file with several commands' outputs: the lines of this one. */
  readonly lines?: { readonly start: number; readonly end: number };
}

/** The files of one node. */
export interface NodeFolder {
  readonly name: string;
  /** The folder that holds them, without a `/` at its end; empty for the top. */
  readonly path: string;
  readonly files: readonly ClassifiedFile[];
}
