import type { Uri } from 'vscode';
import { contextAt, readFacts, type Surroundings } from '../../../src/language/rules/dumpFacts';
import type { DumpContext } from '../../../src/language/rules/context';
import { finish } from '../../../src/core/work';
import { indexLines } from '../../../src/syntax/iptables/lines/lineIndex';
import { textLines } from '../../../src/syntax/textLines';
import { readDumpDocument, type DumpDocument } from '../../../src/workspace/dumpDocument';
import { testParser } from '../../syntax/parser';

const parser = await testParser();

/** A dump as the extension host has it, without VS Code. */
export function openDump(text: string): DumpDocument {
  const lines = textLines(text);
  const uri = { toString: () => 'file:///dump' } as Uri;
  return finish(readDumpDocument(uri, lines, indexLines(lines), parser));
}

/** The dump's context at the place of `|`, which is taken out of the text. */
export async function openAtMarker(
  marked: string,
  surroundings: Surroundings = {},
): Promise<{ context: DumpContext; line: number; column: number }> {
  const at = marked.indexOf('|');
  const before = marked.slice(0, at).split('\n');
  const line = before.length - 1;
  const dump = openDump(marked.slice(0, at) + marked.slice(at + 1));
  const facts = await readFacts(dump, surroundings, () => Promise.resolve());
  const context = contextAt(dump, line, facts, surroundings);
  if (!context) throw new Error('The marker stands in no dump');
  return { context, line, column: before[line]!.length };
}
