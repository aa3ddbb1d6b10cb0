import { indexOrEnd, nonEmpty, skipBlanks, withoutParts, type Part } from './parts';

/**
 * Leaves out what a Secret holds, whatever its keys are called, where a text quotes one: a refusal of the
 * API server, an annotation of what was applied last.
 */
export function withoutSecretObjects(text: string): string {
  if (!/\bkind[\\"']{0,4}\s{0,4}[:=]\s{0,4}[\\"']{0,4}Secret\b/.test(text)) return text;
  const parts: Part[] = [];
  const data = /\b(?:data|stringData)[\\"']{0,4}:/g;
  for (const { 0: found, index } of text.matchAll(data)) {
    if (index < (parts.at(-1)?.end ?? 0)) continue;
    const at = skipBlanks(text, index + found.length);
    const part =
      text[at] === '{' ? nonEmpty(at + 1, indexOrEnd(text, '}', at)) : block(text, index, at);
    if (part) parts.push(part);
  }
  return withoutParts(text, parts);
}

/** The lines of YAML below a key that are indented more than it. */
function block(text: string, key: number, at: number): Part | undefined {
  if (text[at] !== '\n' && !text.startsWith('\r\n', at)) return undefined;
  const indent = key - (text.lastIndexOf('\n', key) + 1);
  let end = at;
  for (;;) {
    const line = text.indexOf('\n', end) + 1;
    if (line === 0) return nonEmpty(at, text.length);
    const depth = /^ */.exec(text.slice(line, line + 200))![0].length;
    if (depth <= indent && text[line + depth]?.trim()) return nonEmpty(at, line - 1);
    end = line;
  }
}
