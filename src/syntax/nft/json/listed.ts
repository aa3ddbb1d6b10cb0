import type { Work } from '../../../core/work';
import { charactersAtOnce, parseJson } from '../../json/parse';
import { memberEnd, skipBlanks } from '../../json/scan';
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
    const end = memberEnd(text, at);
    if (end - paused > charactersAtOnce) {
      yield;
      paused = at;
    }
    const object = end < 0 ? undefined : yield* parseJson(text.slice(at, end));
    if (object === undefined) return false;
    take(object as Json);
    at = end;
  }
  at = skipBlanks(text, at + 1);
  return text[at] === '}' && skipBlanks(text, at + 1) === text.length;
}
