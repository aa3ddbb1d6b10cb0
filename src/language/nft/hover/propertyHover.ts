import * as l10n from '@vscode/l10n';
import { expressionInWords } from '../../../core/describe/nft/expression';
import { flagInWords, propertyInWords, typeInWords } from '../../../core/describe/nft/property';
import { statementInWords } from '../../../core/describe/nft/statement';
import { countersText } from '../../../core/flow/counters/countText';
import type { NamedObject, Table } from '../../../core/rules/ruleset';
import type { KeyPart } from '../../../core/rules/set';
import { readSelector } from '../../../syntax/nft/expressions/selector';
import type { Block as TextBlock } from '../../../syntax/nft/structure/blocks';
import { lineText, Reader } from '../../../syntax/nft/text/reader';
import { code, type Block, type HoverContent } from '../../../workspace/hover/content';
import { tableOf, type NftListing } from '../place';

/** What a line says of its table, chain, set, map or object: `size 65535`, `flags interval`. */
export function propertyAt(
  listing: NftListing,
  block: TextBlock | undefined,
  line: number,
  column: number,
): HoverContent | undefined {
  const owner = listing.names.tableAt(line);
  if (!owner || line === (block ?? owner).line) return undefined;
  if (block?.elementsLine !== undefined && line >= block.elementsLine) return undefined;
  const property = propertyOn(listing.lines.line(line), column);
  if (!property) return undefined;
  const table = tableOf(listing, owner);
  const blocks = block ? ofBlock(table, block, property) : ofTable(property);
  return blocks && { ...property, blocks };
}

interface Property {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** What stands between semicolons outside of quotes, up to what nft says beside it: `# count 5`. */
const between = /(?:"[^"]*"|[^;"#])+/g;

function propertyOn(text: string, column: number): Property | undefined {
  for (const { 0: written, index } of text.matchAll(between)) {
    const start = index + written.length - written.trimStart().length;
    const end = index + written.trimEnd().length;
    if (column < start || column > end) continue;
    const [, name, value] = /^(\S+)(.*)$/s.exec(text.slice(start, end)) ?? [];
    if (name === undefined || name === '}') return undefined;
    return { name, value: value!.trim().replace(/^= /, ''), start, end };
  }
  return undefined;
}

function ofTable({ name, value }: Property): Block[] | undefined {
  if (name === 'flags') return flagBlocks(value);
  const said = propertyInWords('table', name, value);
  return said === undefined ? undefined : [[said]];
}

function ofBlock(table: Table | undefined, block: TextBlock, property: Property) {
  const { name, value } = property;
  if (block.kind === 'set' || block.kind === 'map') {
    if (name === 'flags') return flagBlocks(value);
    const set = table?.sets?.get(block.name);
    if (set && (name === 'type' || name === 'typeof')) return typeBlocks(set);
  }
  const said = propertyInWords(block.object ?? block.kind, name, value);
  if (said !== undefined) return [[said]];
  const object = table?.objects?.find(
    (one) => one.kind === block.object && one.name === block.name,
  );
  return object && objectBlocks(object);
}

function flagBlocks(value: string): Block[] {
  const items = value.split(/[,\s]+/).map((flag) => {
    const said = flagInWords(flag);
    return said === undefined ? [code(flag)] : [code(flag), l10n.t`: ${said}`];
  });
  return [{ items }];
}

function typeBlocks({
  key,
  data,
}: {
  readonly key: readonly KeyPart[];
  readonly data?: readonly KeyPart[] | undefined;
}): Block[] {
  const blocks: Block[] = [[l10n.t('The parts of a key:')], { items: key.map(partSpans) }];
  if (data) blocks.push([l10n.t('What it gives for a key:')], { items: data.map(partSpans) });
  return blocks;
}

function partSpans({ name }: KeyPart) {
  const expression = readSelector(new Reader(lineText('', 0, 0, name)));
  const said = expression ? expressionInWords(expression) : typeInWords(name);
  return said === undefined || said === name ? [code(name)] : [code(name), l10n.t`: ${said}`];
}

/** What a counter counted; what a quota or limit asks. */
function objectBlocks({ counters, statement }: NamedObject): Block[] | undefined {
  if (counters) return [[l10n.t`Counted ${countersText(counters)}.`]];
  return statement && [[statementInWords(statement)]];
}
