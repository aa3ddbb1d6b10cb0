import type { Work } from '../../../core/work';
import { charactersAtOnce, parseJsonAt } from '../../json/parse';
import { skipBlanks } from '../../json/scan';
import type { Json } from './value';

const head = /^\s*\{\s*"nftables"\s*:\s*\[/;

/**
 * Goes over the objects of `{"nftables": [{...}, {...}]}` one by one, so that they need not all be kept.
 *
 * @returns false where the text is no such JSON, or not whole; some of its objects were taken then
 */
export function* eachListed(text: string, take: (object: Json) => void): Work<boolean> {
  let at = head.exec(text)?.[0].length;
  if (at === undefined) return false;
  let paused = at;
  for (let first = true; ; first = false) {
    at = skipBlanks(text, at);
    if (text[at] === ']') break;
    if (!first && text[at++] !== ',') return false;
    const read = yield* parseJsonAt(text, at);
    if (!read) return false;
    take(read.value as Json);
    at = read.end;
    if (at - paused > charactersAtOnce) {
      yield;
      paused = at;
    }
  }
  at = skipBlanks(text, at + 1);
  return text[at] === '}' && skipBlanks(text, at + 1) === text.length;
}
