import * as vscode from 'vscode';
import { elementsOn } from '../../syntax/nft/ruleset/set';
import type { Named, NameUse } from '../../syntax/nft/structure/names';
import type { NftDocument, NftDocuments } from '../../workspace/nftDocuments';
import { rangeOf } from '../../workspace/places';
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

type Found = Named & { readonly use: NameUse };

/** The name under the cursor, or the chain that the element there goes to. */
function foundAt(listing: NftDocument, line: number, column: number): Found | undefined {
  return listing.names.at(line, column) ?? ofElement(listing, line, column);
}

/** The chain of the element under the cursor. */
function ofElement(listing: NftDocument, line: number, column: number): Found | undefined {
  const { names, lines, source } = listing;
  const block = names.blockAt(line);
  const table = names.tableAt(line);
  if (!table || block?.elementsLine === undefined || line < block.elementsLine) return undefined;
  const element = elementsOn(source, lines, block, line, column).find(
    ({ range }) => column >= range.start && column <= range.end,
  );
  const verdict = element?.data?.kind === 'verdict' ? element.data.verdict : undefined;
  if (!element || (verdict?.kind !== 'goto' && verdict?.kind !== 'jump')) return undefined;
  const chain = names.find('chain', table, verdict.chain);
  return chain && { ...chain, use: element.range };
}
