import type { KeyPart, SetElement, TableSet } from '../../../core/rules/set';
import type { Lines } from '../../textLines';
import type { ElementTypes } from '../expressions/element';
import { readElements } from '../expressions/elements';
import { readSelector } from '../expressions/selector';
import { typeOf } from '../expressions/typeOf';
import type { Block } from '../structure/blocks';
import { withoutShell, type CommandBlock } from '../structure/commands';
import { secondsOf } from '../text/duration';
import { pieceAt } from '../text/linePieces';
import { lineText, numberOf, partOf, Reader } from '../text/reader';
import { listedElements } from './elements';
import { handleOf, wholeLine } from './handle';

/** Where a set is written: as a block of a listing, by commands, or both. */
export interface SetPlaces {
  readonly name: string;
  readonly block?: Block;
  readonly command?: CommandBlock;
}

/**
 * A set or map of a table: what it is, at once; its elements when they are asked for.
 *
 * @param terse the listing has no elements of any set, so it does not tell that there are none
 */
export function readSet(source: string, lines: Lines, places: SetPlaces, terse: boolean): TableSet {
  const { name, block, command } = places;
  const about = propertiesOf([
    ...blockProperties(lines, block),
    ...commandProperties(lines, command),
  ]);
  const types: ElementTypes = { key: about.key.map(typeNamed), data: about.data?.map(typeNamed) };
  const line = block?.line ?? command?.line ?? command?.elements[0]?.line ?? 0;
  const header = lines.line(line);
  const handle = handleOf(header);
  const first = block?.elementsLine;
  return {
    kind: (block ?? command)?.kind === 'map' || about.data ? 'map' : 'set',
    name,
    ...about,
    elements: listedElements(source, lines, {
      listed: first === undefined ? undefined : { first, end: block!.end },
      added: command?.elements ?? [],
      types,
    }),
    complete: !terse && (block?.complete ?? false),
    ...(handle !== undefined && { handle }),
    declared: wholeLine(source, line, header),
  };
}

function blockProperties(lines: Lines, block: Block | undefined): string[] {
  if (!block) return [];
  const found: string[] = [];
  for (let line = block.line + 1; line < (block.elementsLine ?? block.end); line++) {
    for (const property of propertiesIn(lines.line(line))) found.push(property);
  }
  return found;
}

function commandProperties(lines: Lines, command: CommandBlock | undefined): string[] {
  const body = command?.body;
  return body ? propertiesIn(withoutShell(lines.line(body.line)).slice(body.start, body.end)) : [];
}

/** What semicolons part; one within quotes is the comment's. */
function propertiesIn(text: string): string[] {
  return text.match(/(?:"[^"]*(?:"|$)|[^;"])+/g) ?? [];
}

type Properties = Pick<TableSet, 'key' | 'data' | 'flags' | 'timeout' | 'size' | 'comment'>;

/** Without the semicolons and blanks behind it. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && ' \t;'.includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}

function propertiesOf(lines: readonly string[]): Properties {
  let found: Properties = { key: [], flags: [] };
  for (const line of lines) {
    const [, name, rest = ''] = /^\s*(\S+)\s+(\S.*)$/.exec(line) ?? [];
    const value = withoutEnd(rest);
    if (name === 'type' || name === 'typeof') found = { ...found, ...readType(value) };
    else if (name === 'flags')
      found = { ...found, flags: value.split(',').map((one) => one.trim()) };
    else if (name === 'comment') found = { ...found, comment: value.replace(/^"|"$/g, '') };
    else if (name === 'size') {
      // Since 1.1.2 nft says beside it how many there are: `size 65535	# count 3`.
      const size = numberOf(value.split(/\s/, 1)[0]!);
      if (size !== undefined) found = { ...found, size };
    } else if (name === 'timeout') {
      const timeout = secondsOf(value);
      if (timeout !== undefined) found = { ...found, timeout };
    }
  }
  return found;
}

/** The elements at a place of a set's or map's block: those of its line, of a long one those nearby. */
export function elementsOn(
  source: string,
  lines: Lines,
  block: Block,
  line: number,
  column: number,
): readonly SetElement[] {
  const { key, data } = propertiesOf(blockProperties(lines, block));
  const types: ElementTypes = { key: key.map(typeNamed), data: data?.map(typeNamed) };
  const text = lines.line(line);
  const { start, end } = pieceAt(text, column);
  return [...readElements(partOf(lineText(source, line, 0, text), start, end), types)];
}

/** `ipv4_addr . inet_proto : verdict`; behind typeof stand expressions: `ip saddr : meta mark`. */
function readType(text: string): Pick<TableSet, 'key' | 'data'> {
  const colon = text.indexOf(' : ');
  const key = parts(colon < 0 ? text : text.slice(0, colon));
  return colon < 0 ? { key } : { key, data: parts(text.slice(colon + 3)) };
}

function parts(text: string): KeyPart[] {
  return text.split(' . ').map((name) => ({ name: name.trim().replace(/^interval /, '') }));
}

/** The type that values are read as: `ipv4_addr`, of typeof that of the expression. */
export function typeNamed({ name }: KeyPart): string | undefined {
  if (!name.includes(' ') && !/^[io]if(name)?$/.test(name)) return name;
  const expression = readSelector(new Reader(lineText('', 0, 0, name)));
  return expression && typeOf(expression);
}
