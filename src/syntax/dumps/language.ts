import { readPasted } from '../pasted/pasted';
import type { DumpKind } from './dumpKind';
import { kindOf } from './kinds';
import { outputsOf } from './outputs';
import { dumpKind } from './recognize';

/**
 * Prose may hold a line like `default via 192.168.77.1`, so these dumps have to begin as such: with
 * a prompt and a blank line before, at the most.
 */
const beginning = 4;

/**
 * VS Code's language of the dump that a text plainly is, by its beginning; of a post with dumps in it that of
 * the first one below the command that printed it.
 *
 * @param text not long: its first KiBs, or what somebody pasted by hand
 */
export function languageOf(text: string): DumpKind['language'] {
  const language = kindOf(dumpKind('', text))?.language;
  if (language === 'iptables-save' || language === 'nft-listing') {
    return language;
  }
  const first = text.split('\n', beginning).join('\n');
  return kindOf(dumpKind('', first))?.language ?? typedLanguage(text);
}

function typedLanguage(text: string): DumpKind['language'] {
  for (const { kind, command } of outputsOf(readPasted(text).text)) {
    const language = command && kindOf(kind)?.language;
    if (language !== undefined) return language;
  }
  return undefined;
}
