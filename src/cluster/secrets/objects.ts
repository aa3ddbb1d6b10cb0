import { blockBelow, indexOrEnd, nonEmpty, skipBlanks, withoutParts, type Part } from './parts';

/**
 * Leaves out what a Secret holds, whatever its keys are called, where a text quotes one: a refusal of the
 * API server, an annotation of what was applied last.
 */
export function withoutSecretObjects(text: string): string {
  const parts: Part[] = [];
  // Nothing but Secrets has stringData.
  const data = ofSecret.test(text)
    ? /\b(?:data|stringData)[\\"']{0,4}:/g
    : /\bstringData[\\"']{0,4}:/g;
  for (const { 0: found, index } of text.matchAll(data)) {
    if (index < (parts.at(-1)?.end ?? 0)) continue;
    const at = skipBlanks(text, index + found.length);
    const part =
      text[at] === '{' ? nonEmpty(at + 1, indexOrEnd(text, '}', at)) : blockBelow(text, index, at);
    if (part) parts.push(part);
  }
  return withoutParts(text, parts);
}

/** A manifest, or the command that changes one. */
const ofSecret = /\bkind[\\"']{0,4}\s{0,4}[:=]\s{0,4}[\\"']{0,4}Secret\b|\bpatch secrets?[ /]/;
