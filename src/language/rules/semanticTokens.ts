import * as vscode from 'vscode';
import { markRoles } from '../../core/marks/roles';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import { rulesetAt } from '../../workspace/dumpDocument';
import { rangeOf } from '../../workspace/places';
import { knownTokens, tokenModifiers, tokenTypes } from './knownTokens';

export const legend = new vscode.SemanticTokensLegend([...tokenTypes], [...tokenModifiers]);

/** Colours what only the analysis knows, for the visible lines: a dump may have 200,000. */
export function semanticTokensProvider(
  documents: DumpDocuments,
): vscode.DocumentRangeSemanticTokensProvider {
  return {
    async provideDocumentRangeSemanticTokens(document, { start, end }, token) {
      const dump = await documents.open(document, token);
      if (!dump) return undefined;
      const builder = new vscode.SemanticTokensBuilder(legend);
      const rolesOf = new Map(dump.rulesets.map((ruleset) => [ruleset, markRoles([ruleset])]));
      for (let line = start.line; line <= end.line; line++) {
        const ruleset = rulesetAt(dump, line);
        const roles = (ruleset && rolesOf.get(ruleset)) ?? [];
        for (const known of knownTokens(dump.structure, roles, line, dump.lines.line(line))) {
          const range = rangeOf({ line, ...known });
          builder.push(range, known.type, [...known.modifiers]);
        }
      }
      return builder.build();
    },
  };
}
