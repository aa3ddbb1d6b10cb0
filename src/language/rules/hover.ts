import type * as vscode from 'vscode';
import type { FactsStore } from './facts';
import { hoverAt } from './hover/hoverAt';
import { hoverOf } from '../../workspace/hover/hoverOf';
import { rangeOf } from '../../workspace/places';

/** Hovers for rules. */
export function hoverProvider(facts: FactsStore): vscode.HoverProvider {
  return {
    async provideHover(document, { line, character }, token) {
      const context = await facts.contextAt(document, line, token);
      const content = context && hoverAt(context, line, character);
      if (!content) return undefined;
      return hoverOf(content.blocks, rangeOf({ line, ...content }));
    },
  };
}
