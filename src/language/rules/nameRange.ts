import type * as vscode from 'vscode';
import type { DumpDocument } from '../../workspace/dumpDocument';
import { rangeOf } from '../../workspace/places';
import { nameColumns } from './chainAt';

/** Where the chain's name stands on a line that declares, fills or jumps to it. */
export function nameRange(
  { structure, lines }: Pick<DumpDocument, 'structure' | 'lines'>,
  chain: number,
  line: number,
): vscode.Range {
  return rangeOf({ line, ...nameColumns(structure, chain, line, lines.line(line)) });
}
