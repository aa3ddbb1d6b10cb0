import * as l10n from '@vscode/l10n';
import { statementInWords } from '../../../core/describe/nft/statement';
import type { SourceRange } from '../../../core/source';
import { elementsOn } from '../../../syntax/nft/ruleset/set';
import type { Block as TextBlock } from '../../../syntax/nft/structure/blocks';
import { quiet, strong, type Block, type HoverContent } from '../../../workspace/hover/content';
import { ruleAt, tableOf, type NftListing, type NftRulePlace } from '../place';
import { baseBlocks } from './baseHover';
import { elementBlocks } from './elementHover';
import { nameBlocks } from './nameHover';
import { propertyAt } from './propertyHover';
import { shareBlocks } from './shareHover';
import { tableAt } from './tableHover';

/** What there is to say about a place of a listing; undefined where that is nothing. */
export function nftHoverAt(
  listing: NftListing,
  line: number,
  column: number,
): HoverContent | undefined {
  const named = listing.names.at(line, column);
  const place = ruleAt(listing, line);
  if (named) {
    const { use } = named;
    const said = place && statementAt(place, line, column);
    const blocks = nameBlocks(listing, named);
    return { ...use, blocks: said ? [...said.blocks, ...blocks] : blocks };
  }
  const block = listing.names.blockAt(line);
  if (place) return statementAt(place, line, column);
  if (block && line === block.baseLine) {
    return whole(listing, line, baseBlocks(listing, block, line));
  }
  return (
    (block && elementAt(listing, block, line, column)) ??
    propertyAt(listing, block, line, column) ??
    tableAt(listing, line)
  );
}

/** The statement under the cursor; between two of them, the rule as a whole. */
function statementAt(
  { rule, table, chain, index }: NftRulePlace,
  line: number,
  column: number,
): HoverContent | undefined {
  const found = rule.statements.find(({ range }) => covers(range, line, column));
  if (found) {
    const { start, end } = found.range;
    return { start, end, blocks: [[statementInWords(found)], ...shareBlocks(found)] };
  }
  const items = rule.statements.map((statement) => [statementInWords(statement)]);
  if (items.length === 0) return undefined;
  const where = quiet(l10n.t` of chain ${chain.name}, table ${table.family} ${table.name}`);
  const { start, end } = rule.range;
  return { start, end, blocks: [[strong(l10n.t`Rule ${index + 1}`), where], { items }] };
}

function elementAt(
  listing: NftListing,
  block: TextBlock,
  line: number,
  column: number,
): HoverContent | undefined {
  if (block.elementsLine === undefined || line < block.elementsLine) return undefined;
  const elements = elementsOn(listing.source, listing.lines, block, line, column);
  const element = elements.find(({ range }) => covers(range, line, column));
  if (!element) return undefined;
  const { start, end } = element.range;
  const table = listing.names.tableAt(line);
  const set = table && tableOf(listing, table)?.sets?.get(block.name);
  return { start, end, blocks: elementBlocks(element, block.name, set?.key) };
}

function covers(range: SourceRange, line: number, column: number): boolean {
  return range.line === line && column >= range.start && column <= range.end;
}

function whole({ lines }: NftListing, line: number, blocks: readonly Block[]): HoverContent {
  const text = lines.line(line);
  return { start: text.length - text.trimStart().length, end: text.length, blocks };
}
