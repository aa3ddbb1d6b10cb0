import * as vscode from 'vscode';
import type { OpenNode, NodeFolders } from '../../workspace/nodeFolders';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import { runInSlices } from '../../workspace/slices';
import type { NodeContext } from './context';
import { readNodeIndex, type NodeIndex } from './nodeIndex';
import { ruleLines, type RuleLine } from './ruleLines';
import { nodeWordAt, type NodeText } from './word';
import { documentLines } from '../../workspace/documentLines';

/**
 * Reads what is known around a dump; undefined when `token` asked to stop, and where no word that
 * means something here stands at the place: most of a rule, whose node need not be read then.
 */
export type ContextOf = (
  document: vscode.TextDocument,
  position: vscode.Position,
  token: vscode.CancellationToken,
) => Promise<NodeContext | undefined>;

/** @param log told of folders that can't be read; the features then say nothing. */
export function contextOpener(
  documents: DumpDocuments,
  folders: NodeFolders,
  log: vscode.LogOutputChannel,
): ContextOf {
  const indexes = new WeakMap<OpenNode, Promise<NodeIndex>>();
  return async (document, { line, character }, token) => {
    const text = nodeText(document);
    if (!nodeWordAt(text, line, character)) return undefined;
    try {
      const reading = await folders.of(document.uri);
      const { state: node, objects } = reading;
      let index = indexes.get(reading);
      if (!index) indexes.set(reading, (index = runInSlices(readNodeIndex(node, objects))));
      const known = await index;
      if (token.isCancellationRequested) return undefined;
      return {
        text,
        node,
        objects,
        index: known,
        async rulesNaming(sought) {
          const found: RuleLine[] = [];
          for (const source of new Set(node.rulesets.map((each) => each.source))) {
            const dump = await documents.at(vscode.Uri.parse(source, true), token);
            if (!dump) return found;
            found.push(...(await runInSlices(ruleLines(source, dump.lines, sought))));
          }
          return found;
        },
      };
    } catch (error) {
      log.error(`Reading the files beside ${document.uri.toString()}:`, error as Error);
      return undefined;
    }
  };
}

/** The text of a document as this folder reads it. */
export function nodeText(document: vscode.TextDocument): NodeText {
  return {
    language: document.languageId as NodeText['language'],
    source: document.uri.with({ query: '', fragment: '' }).toString(),
    lines: documentLines(document),
  };
}
