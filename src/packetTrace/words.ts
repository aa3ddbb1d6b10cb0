import * as vscode from 'vscode';
import { connectionText, layConnection } from '../core/packetTrace/connection';
import { logNotes } from '../core/packetTrace/lay';
import { placeChain, placeRule } from '../core/packetTrace/place';
import type { PlaceLine, TraceLine } from '../core/packetTrace/line';
import { describeRule } from '../core/describe/rule';
import { traceLine } from '../syntax/packetTrace/read';
import type { NodeFolders } from '../workspace/nodeFolders';
import { textsOf } from '../workspace/kernelTrace';

/**
 * What is said of a line of a trace, a paragraph each: the rule that it names in the dump beside it, and
 * what its head shows. Empty for a line of anything else.
 */
export async function wordsOfLine(
  folders: NodeFolders,
  uri: vscode.Uri,
  number: number,
  text: string,
): Promise<readonly string[]> {
  const source = uri.toString();
  const line = traceLine(text, { source, line: number, start: 0, end: text.length });
  return line ? [...(await wordsOfRule(folders, uri, line)), ...notesOf(line)] : [];
}

async function wordsOfRule(
  folders: NodeFolders,
  uri: vscode.Uri,
  line: TraceLine,
): Promise<readonly string[]> {
  if (line.kind === 'head') return [];
  if (line.kind === 'connection') {
    const { state } = await folders.of(uri);
    return connectionText(layConnection(state, line.entry));
  }
  if (line.kind !== 'rule') return [endText(line)];
  const { state } = await folders.of(uri);
  const placed = placeChain(state, line.head?.family ?? 4, line);
  if (!placed) {
    return [vscode.l10n.t('The dumps beside this trace have no chain {0}.', line.chain)];
  }
  const { rule, why } = placeRule(placed.chain, line, await textsOf(state, uri));
  if (!rule) return [why];
  const sentence = describeRule(rule, { table: line.table });
  return [sentence, vscode.l10n.t('Found {0}.', why)];
}

function endText({ kind, chain }: PlaceLine): string {
  return kind === 'policy'
    ? vscode.l10n.t(
        'The end of {0}: its policy, or a rule without matches whose target is a verdict.',
        chain,
      )
    : vscode.l10n.t('The end of {0}: back to the chain that called it.', chain);
}

function notesOf(line: TraceLine): readonly string[] {
  return line.kind === 'head' && line.form === 'log' ? logNotes(line.head) : [];
}
