import * as vscode from 'vscode';
import type { NftDocuments } from '../../workspace/nftDocuments';
import { rangeOf } from '../../workspace/places';
import { foundAt } from './found';
import { linesRange, nameRange } from './symbols';

/**
 * From a name to its chain, set, map or object; from the address of an element of a verdict map to the chain
 * that it goes to.
 */
export function nftDefinitionProvider(documents: NftDocuments): vscode.DefinitionProvider {
  return {
    async provideDefinition(document, { line, character }, token) {
      const listing = await documents.open(document, token);
      if (!listing) return [];
      const found = foundAt(listing, line, character);
      if (!found?.block) return [];
      return [
        {
          originSelectionRange: rangeOf(found.use),
          targetUri: listing.uri,
          targetRange: linesRange(listing, found.block.line, found.block.end),
          targetSelectionRange: nameRange(listing, found.block),
        },
      ];
    },
  };
}

/** Jumps to a chain, look-ups in a set, rules with an object, and elements that go to a chain. */
export function nftReferenceProvider(documents: NftDocuments): vscode.ReferenceProvider {
  return {
    async provideReferences(document, { line, character }, { includeDeclaration }, token) {
      const listing = await documents.open(document, token);
      const found = listing && foundAt(listing, line, character);
      if (!found) return [];
      const ranges = listing.names.uses(found).map(rangeOf);
      if (includeDeclaration && found.block) ranges.unshift(nameRange(listing, found.block));
      return ranges.map((range) => new vscode.Location(listing.uri, range));
    },
  };
}

export function nftHighlightProvider(documents: NftDocuments): vscode.DocumentHighlightProvider {
  return {
    async provideDocumentHighlights(document, { line, character }, token) {
      const listing = await documents.open(document, token);
      const found = listing?.names.at(line, character);
      if (!found) return undefined;
      const uses = listing!.names
        .uses(found)
        .map(
          (use) => new vscode.DocumentHighlight(rangeOf(use), vscode.DocumentHighlightKind.Read),
        );
      if (!found.block) return uses;
      const own = nameRange(listing!, found.block);
      return [new vscode.DocumentHighlight(own, vscode.DocumentHighlightKind.Write), ...uses];
    },
  };
}
