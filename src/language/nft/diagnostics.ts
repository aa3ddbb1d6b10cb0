import * as l10n from '@vscode/l10n';
import type * as vscode from 'vscode';
import type { NftDocument, NftDocuments } from '../../workspace/nftDocuments';
import { rangeOf } from '../../workspace/places';
import { DocumentProblems, problemAt } from '../../workspace/problems';

/** So many names that nothing declares are told. */
const mostNames = 100;

/** Shows what is wrong with open listings: their shape, and names that nothing declares. */
export function showNftFindings(documents: NftDocuments): vscode.Disposable {
  return new DocumentProblems('nft-listing', 'nft-listing', async (document, set) => {
    const listing = await documents.open(document);
    if (listing) set([...shapeOf(listing), ...undeclared(listing)]);
  });
}

function shapeOf({ ruleset }: NftDocument): vscode.Diagnostic[] {
  return ruleset.findings.map((finding) => problemAt(rangeOf(finding.range), finding));
}

/**
 * In a table whose braces are whole, a name that no line declares: nft would not load it, so the listing
 * shows a part (`nft list chain ...`), or was edited.
 */
function undeclared({ blocks, names, lines }: NftDocument): vscode.Diagnostic[] {
  const found: vscode.Diagnostic[] = [];
  for (const table of blocks.tables) {
    if (!table.complete) continue;
    const whole = `nft list table ${table.family ?? 'ip'} ${table.name}`;
    for (const { kind, name, uses } of names.undeclared(table)) {
      for (const use of uses) {
        if (found.length >= mostNames || use.start >= lines.line(use.line).length) return found;
        const message =
          kind === 'chain'
            ? l10n.t`This listing has no chain ${name}: \`${whole}\` shows the whole table.`
            : kind === 'set'
              ? l10n.t`This listing has no set or map ${name}: \`${whole}\` shows the whole table.`
              : l10n.t`This listing has no ${kind} ${name}: \`${whole}\` shows the whole table.`;
        const code = 'name-not-declared';
        found.push(problemAt(rangeOf(use), { severity: 'information', code, message }));
      }
    }
  }
  return found;
}
