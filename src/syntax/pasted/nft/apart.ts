import { tokensOf, type Token } from '../../nft/text/tokens';
import { isShellPrompt } from '../../shellPrompt';
import { parts, type Cut, type TakenLine } from '../cut';
import { outsideBraces, ruleStarts } from './ruleStarts';

/** A table, chain, set or map with more behind its brace than `# handle 5`. */
const together =
  /\btable (?:ip|ip6|inet|arp|bridge|netdev) [^\s{]+ \{[ \t]*(?:# handle \d+[ \t]+)?[^\s#}]|^[ \t]*(?:chain|set|map) [^\s{]+ \{[ \t]*(?:# handle \d+[ \t]+)?[^\s#}]/m;

/** Whether lines of a listing of nft may have run together. */
export function mayRunTogether(text: string): boolean {
  return together.test(text);
}

/**
 * Takes a listing of nft apart whose lines ran together, as a chat leaves them: each block, property and
 * rule gets a line of its own. A line `...` stands where it is not told whether a rule ends: what the
 * chain says is not sure then.
 */
export function takenApart(lines: readonly string[]): readonly TakenLine[] {
  const blocks: BlockKind[] = [];
  return lines.flatMap((text, line) => {
    if (isShellPrompt(text) && !/\{/.test(text)) blocks.length = 0;
    // Behind a blank nothing is taken for a prompt.
    const cuts = cutsOf(text, blocks).sort((a, b) => a.at - b.at);
    return cuts.length === 0 ? [{ text, line, column: 0 }] : parts(text, line, cuts, '\t');
  });
}

type BlockKind = 'table' | 'chain' | 'set' | 'object';

/** @param blocks that are open before the line; those after it */
function cutsOf(text: string, blocks: BlockKind[]): Cut[] {
  if (blocks.length === 0 && !together.test(text)) {
    if (/^\s*table [^{]+\{/.test(text)) blocks.push('table');
    return [];
  }
  const tokens = tokensOf(text);
  const cuts: Cut[] = [];
  const cut = (at: number) => at > 0 && cuts.push({ at });
  for (let i = 0; i < tokens.length;) {
    const token = tokens[i]!;
    const block = blocks.at(-1);
    const header = headerAt(tokens, i, block);
    if (header) {
      cut(token.start);
      blocks.push(header.kind);
      i = header.end;
      cut(tokens[i - 1]!.end);
    } else if (block === undefined) i++;
    else if (isSign(token, '}')) {
      cut(token.start);
      cut(token.end);
      blocks.pop();
      i++;
    } else if (block === 'table') {
      if (/^(?:comment|flags)$/.test(token.text)) cut(token.start);
      i++;
    } else {
      const end = bodyEnd(tokens, i);
      // Rules that stand on lines of their own are as nft printed them.
      const own = i === 0 && end === tokens.length;
      const from = i === 0 ? 0 : tokens[i - 1]!.end;
      const body = text.slice(from, tokens[end]?.start);
      const starts = own ? [] : startsIn(block, body);
      for (const { at, unsure } of starts) cuts.push({ at: from + at, unsure });
      i = end;
    }
  }
  return cuts;
}

function startsIn(block: BlockKind, body: string): readonly Cut[] {
  if (block === 'chain') return ruleStarts(body);
  return block === 'set' ? propertyStarts(body) : [];
}

/** One after the last token of a block's body: that of its closing brace. */
function bodyEnd(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let i = from; i < tokens.length; i++) {
    if (isSign(tokens[i], '{')) depth++;
    else if (isSign(tokens[i], '}') && --depth < 0) return i;
  }
  return tokens.length;
}

const properties =
  /^(?:flags|timeout|gc-interval|size|policy|auto-merge|comment|elements|counter)$/;

/** `type ipv4_addr flags interval elements = { ... }` */
function propertyStarts(body: string): readonly Cut[] {
  const tokens = tokensOf(body);
  return outsideBraces(tokens).flatMap((i) => {
    const token = tokens[i]!;
    if (token.kind === 'string') return [];
    if (isSign(token, ';')) return [{ at: token.end }];
    // `flags dynamic,timeout`
    const flag = /^(?:,|flags)$/.test(tokens[i - 1]?.text ?? '');
    return !flag && properties.test(token.text) ? [{ at: token.start }] : [];
  });
}

const objects = /^(?:flowtable|counter|quota|limit|synproxy|secmark)$/;

/** The block that begins at a token, and one after the last token of its first line. */
function headerAt(
  tokens: readonly Token[],
  i: number,
  block: BlockKind | undefined,
): { readonly kind: BlockKind; readonly end: number } | undefined {
  const [word, second, third] = [tokens[i], tokens[i + 1], tokens[i + 2]];
  if (word?.kind !== 'word') return undefined;
  const opens = (at: number) => isSign(tokens[at], '{');
  if (block === undefined) {
    if (word.text !== 'table' || second?.kind !== 'word') return undefined;
    if (opens(i + 2)) return { kind: 'table', end: withHandle(tokens, i + 3) };
    return third && opens(i + 3) ? { kind: 'table', end: withHandle(tokens, i + 4) } : undefined;
  }
  if (block !== 'table') return undefined;
  if (word.text === 'ct' && opens(i + 3)) return { kind: 'object', end: withHandle(tokens, i + 4) };
  if (!opens(i + 2)) return undefined;
  const end = withHandle(tokens, i + 3);
  if (word.text === 'chain') return { kind: 'chain', end };
  if (word.text === 'set' || word.text === 'map') return { kind: 'set', end };
  return objects.test(word.text) ? { kind: 'object', end } : undefined;
}

function withHandle(tokens: readonly Token[], i: number): number {
  return isSign(tokens[i], '#') && tokens[i + 1]?.text === 'handle' ? i + 3 : i;
}

function isSign(token: Token | undefined, text: string): boolean {
  return token?.kind === 'sign' && token.text === text;
}
