import type { Lines } from '../../textLines';
import type { Block } from './blocks';

/** NFT_OBJECT_*: what a map may give besides data and verdicts (include/uapi/linux/netfilter/nf_tables.h). */
const givesObject =
  /^\s*type(?:of)? .* : (counter|quota|limit|synproxy|secmark|ct helper|ct timeout|ct expectation)\s*(?:;|$)/;

/** The kind of objects that a map gives: `counter` of `type inet_service : counter`. */
export function objectOfMap(block: Block | undefined, lines: Lines): string | undefined {
  if (block?.kind !== 'map') return undefined;
  for (let line = block.line + 1; line < (block.elementsLine ?? block.end); line++) {
    const kind = givesObject.exec(lines.line(line))?.[1];
    if (kind !== undefined) return kind;
  }
  return undefined;
}

/** A quoted name and where it stands between its quotes. */
export interface QuotedName {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The names of objects that the elements of a map give: `80 comment "a : b" : "web"`. */
export function* objectsGiven(text: string, from = 0, end = text.length): Generator<QuotedName> {
  for (const { 0: found, 1: colon, 2: name = '', index } of text
    .slice(from, end)
    .matchAll(/(: )?"([^"]*)"/g)) {
    if (colon === undefined) continue;
    const start = from + index + found.length - 1 - name.length;
    yield { name, start, end: start + name.length };
  }
}
