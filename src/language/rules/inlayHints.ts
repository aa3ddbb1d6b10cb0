import * as vscode from 'vscode';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import { sharesChange, showsShares } from '../sharesShown';
import type { DumpContext } from './context';
import { contextAt } from './dumpFacts';
import type { FactsStore, OpenedFacts } from './facts';
import { shareHints } from './hints';

/** Effective shares behind probabilities, while the setting is on. */
export function inlayHintsProvider(
  facts: FactsStore,
  documents: DumpDocuments,
): vscode.InlayHintsProvider {
  return {
    onDidChangeInlayHints: sharesChange(documents),
    async provideInlayHints(document, { start, end }, token) {
      if (!showsShares(document)) return [];
      const opened = await facts.open(document, token);
      const context = opened && firstContext(opened, start.line, end.line);
      if (!context) return [];
      return shareHints(context, start.line, end.line).map(({ line, column, text }) => {
        const hint = new vscode.InlayHint(new vscode.Position(line, column), text);
        hint.paddingLeft = true;
        hint.tooltip = vscode.l10n.t(
          "The share of the chain's traffic that this rule gets: the rules before it take theirs first.",
        );
        return hint;
      });
    },
  };
}

/** The first line may stand before the dump: a comment, a shell prompt. */
function firstContext(
  { dump, facts, surroundings }: OpenedFacts,
  first: number,
  last: number,
): DumpContext | undefined {
  for (let line = first; line <= last; line++) {
    const context = contextAt(dump, line, facts, surroundings);
    if (context) return context;
  }
  return undefined;
}
