import type { Rule } from '../../../core/rules/ruleset';
import type { DumpContext, RulePlace } from '../context';
import { addressBlocks, addressIn } from './addressHover';
import { chainBlocks } from './chainHover';
import { commentBlocks } from './commentHover';
import type { Block, HoverContent } from '../../../workspace/hover/content';
import { counterBlocks, tableBlocks } from './lineHover';
import { markBlocks, markIn } from './markHover';
import { matchAt } from './matchAt';
import { probabilityBlocks } from './probabilityHover';
import { matchNameBlocks, optionBlocks, ruleBlocks, targetNameBlocks } from './ruleHover';
import { optionPlace, tokenAt, tokensOf, type OptionPlace, type Token } from './token';

/** What there is to say about the place of a dump; undefined where that is nothing. */
export function hoverAt(
  context: DumpContext,
  line: number,
  column: number,
): HoverContent | undefined {
  const text = context.lineText(line);
  const tokens = tokensOf(text);
  const at = tokenAt(tokens, column);
  const token = tokens[at];
  if (!token) return undefined;
  const place = context.ruleAt(line);
  const found = place
    ? inRule({ context, tokens, at, token, column, line, place })
    : outsideRules(context, text, token, line, column);
  if (!found || found.blocks.length === 0) return undefined;
  return { start: found.start ?? token.start, end: found.end ?? token.end, blocks: found.blocks };
}

interface Found {
  readonly blocks: readonly Block[];
  readonly start?: number;
  readonly end?: number;
}

/** `*nat`, `:KUBE-SERVICES - [0:0]`, `-N CHAIN`, `Chain CHAIN (2 references)`. */
function outsideRules(
  context: DumpContext,
  text: string,
  token: Token,
  line: number,
  column: number,
): Found | undefined {
  const counters = counterBlocks(token.text);
  if (counters) return { blocks: counters };
  if (text.startsWith('*')) return { blocks: tableBlocks(token.text.slice(1)) };
  const table = context.tableAt(line);
  const name = token.text.replace(/^:/, '');
  if (table?.chains.has(name)) return { blocks: chainBlocks(name, table, context) };
  if (token.text.startsWith('-')) {
    return { blocks: optionBlocks(token.text, undefined, undefined, undefined, 0) };
  }
  const mark = markIn(token.text, column - token.start, undefined);
  return mark && within(token, mark, markBlocks(mark, undefined, 0, context));
}

/** A part of a token. */
function within(
  token: Token,
  part: { start: number; end: number },
  blocks: readonly Block[],
): Found {
  return { blocks, start: token.start + part.start, end: token.start + part.end };
}

interface RuleCursor {
  readonly context: DumpContext;
  readonly tokens: readonly Token[];
  readonly at: number;
  readonly token: Token;
  readonly column: number;
  readonly line: number;
  readonly place: RulePlace;
}

function inRule(cursor: RuleCursor): Found | undefined {
  const { context, tokens, at, token, column, line, place } = cursor;
  const table = context.tableAt(line);
  if (!table) return undefined;
  const rule = place.chain.rule(place.index);
  const option = optionPlace(tokens, at);
  const { text } = token;

  const counters = counterBlocks(text);
  if (counters) return { blocks: counters };
  if (option.value === undefined && /^(?:-A|-I|--append|--insert)$/.test(text)) {
    return { blocks: ruleBlocks(place, table, context) };
  }
  if (option.value === 0 && /^(?:-A|-I|--append|--insert)$/.test(option.option ?? '')) {
    return { blocks: [...ruleBlocks(place, table, context), ...chainBlocks(text, table, context)] };
  }
  const mark = markIn(text, column - token.start, option.option);
  if (mark) return within(token, mark, markBlocks(mark, rule, column, context));
  if (isTargetName(rule, option, token)) {
    const { target } = rule;
    if (target?.kind === 'jump' || target?.kind === 'goto') {
      return { blocks: chainBlocks(target.chain, table, context) };
    }
    return { blocks: targetNameBlocks(text, rule) };
  }
  if (option.value === 0 && /^(?:-m|--match)$/.test(option.option ?? '')) {
    return { blocks: matchNameBlocks(text, rule, column) };
  }
  if (table.chains.has(text)) return { blocks: chainBlocks(text, table, context) };
  return inWords(cursor, rule, option);
}

/** Values and everything else: addresses, comments, probabilities, options. */
function inWords(
  { context, token, column, line, place }: RuleCursor,
  rule: Rule,
  option: OptionPlace,
): Found | undefined {
  const table = context.tableAt(line)!;
  const address = addressIn(token.text, column - token.start);
  if (address) {
    return within(token, address, addressBlocks(address, context));
  }
  const match = matchAt(rule, column);
  // Not at the word --comment, which a listing does not have.
  const atOption = option.option !== undefined && option.value === undefined;
  if (match?.kind === 'comment' && !atOption) {
    return { blocks: commentBlocks(match.text, context) };
  }
  if (match?.kind === 'statistic' && option.option !== '-m') {
    const name = option.option ?? '--probability';
    const described = optionBlocks(name, 'statistic', undefined, undefined, column);
    return { blocks: [...probabilityBlocks(place, table), ...described] };
  }
  if (option.option !== undefined) {
    const value = option.value === undefined ? undefined : token.text;
    const extension = option.extension;
    return { blocks: optionBlocks(option.option, extension, value, rule, column) };
  }
  // A listing has no options: say what the match or the whole rule does.
  const blocks = optionBlocks('', undefined, undefined, rule, column);
  return { blocks: blocks.length > 0 ? blocks : ruleBlocks(place, table, context) };
}

/** True for the name behind `-j`, and for the target column of a listing. */
function isTargetName({ target }: Rule, { option, value }: OptionPlace, token: Token): boolean {
  if (!target) return false;
  if (/^(?:-j|--jump|-g|--goto)$/.test(option ?? '')) return value === 0;
  // A row's target begins with its name. A comment may have the same word.
  return option === undefined && token.start === target.range.start;
}
