import type { ElementData } from '../../core/rules/set';
import { elementsOn } from '../../syntax/nft/ruleset/set';
import type { Named, NameUse } from '../../syntax/nft/structure/names';
import { objectOfMap } from '../../syntax/nft/structure/objectMaps';
import type { NftListing } from './place';

type Found = Named & { readonly use: NameUse };

/** The name under the cursor, or the chain or object that the element there gives. */
export function foundAt(listing: NftListing, line: number, column: number): Found | undefined {
  return listing.names.at(line, column) ?? ofElement(listing, line, column);
}

function ofElement(listing: NftListing, line: number, column: number): Found | undefined {
  const { names, lines, source } = listing;
  const block = names.blockAt(line);
  const table = names.tableAt(line);
  if (!table || block?.elementsLine === undefined || line < block.elementsLine) return undefined;
  const element = elementsOn(source, lines, block, line, column).find(
    ({ range }) => column >= range.start && column <= range.end,
  );
  const given = element?.data && namedBy(element.data, objectOfMap(block, lines));
  const found = given && names.find(given.kind, table, given.name);
  return found && { ...found, use: element.range };
}

/**
 * What data of a map names: a chain, or one of the objects that the map gives.
 *
 * @param object the kind of these
 */
function namedBy(
  data: ElementData,
  object: string | undefined,
): Pick<Named, 'kind' | 'name'> | undefined {
  if (data.kind === 'verdict') {
    const { verdict } = data;
    const leads = verdict.kind === 'goto' || verdict.kind === 'jump';
    return leads ? { kind: 'chain', name: verdict.chain } : undefined;
  }
  const [value] = data.kind === 'values' ? data.values : [];
  if (object === undefined || value?.kind !== 'text') return undefined;
  return { kind: object, name: value.text };
}
