import type { Statement } from '../../../core/rules/statement';
import { readRule } from '../../nft/statements/rule';
import { lineText } from '../../nft/text/reader';
import { tokensOf, type Token } from '../../nft/text/tokens';
import type { Cut } from '../cut';

/**
 * Where rules begin in the text of a chain whose lines ran together. Tabs or a row of blanks that are left
 * of the lines' beginnings tell, or the handles of `nft -a` at their ends; else the statements: nothing
 * but a comment may stand behind a verdict (nft(8), "Statements"). Where a condition stands behind what
 * a rule does, it may be the next rule's: that is unsure.
 */
export function ruleStarts(text: string): readonly Cut[] {
  const tokens = tokensOf(text);
  const outside = outsideBraces(tokens);
  const cuts = ownLines(tokens, outside);
  const wide = [...gaps(text, tokens, outside)];
  if (wide.length > 0 || /^(?:\t| {6})/.test(text)) return [...cuts, ...wide];
  const handles = outside.filter((i) => isHandle(tokens, i));
  if (handles.length > 0) return [...cuts, ...handles.map((i) => ({ at: tokens[i + 2]!.end }))];
  const begins = [0, ...cuts.map(({ at }) => at), text.length];
  const inner = begins.slice(1).flatMap((end, i) => {
    const begin = begins[i]!;
    const piece = text.slice(begin, end);
    if (/^\s*(?:type \w+ hook|policy|comment)\s/.test(piece)) return [];
    return byStatements(piece).map(({ at, unsure }) => ({ at: begin + at, unsure }));
  });
  return [...cuts, ...inner];
}

/** The numbers of the tokens that stand in no braces of a set. */
export function outsideBraces(tokens: readonly Token[]): readonly number[] {
  let depth = 0;
  const outside: number[] = [];
  tokens.forEach(({ kind, text }, i) => {
    if (kind === 'sign' && text === '{') depth++;
    if (depth === 0) outside.push(i);
    if (kind === 'sign' && text === '}') depth--;
  });
  return outside;
}

/** Ends of what stands on a line of its own: the chain's declaration, policy and comment; and of rules. */
function ownLines(tokens: readonly Token[], outside: readonly number[]): Cut[] {
  const [first, second] = tokens;
  const comment = first?.text === 'comment' && second?.kind === 'string';
  const semicolons = outside.filter(
    (i) => tokens[i]!.text === ';' && tokens[i + 1]?.text !== 'policy',
  );
  return [
    ...(comment ? [{ at: second.end }] : []),
    ...semicolons.map((i) => ({ at: tokens[i]!.end })),
  ];
}

function* gaps(text: string, tokens: readonly Token[], outside: readonly number[]): Iterable<Cut> {
  for (const i of outside.slice(1)) {
    const gap = text.slice(tokens[i - 1]!.end, tokens[i]!.start);
    // iptables-nft itself prints up to three blanks.
    if (gap.includes('\t') || gap.length > 5) yield { at: tokens[i]!.start };
  }
}

function isHandle(tokens: readonly Token[], i: number): boolean {
  return tokens[i]?.text === '#' && tokens[i + 1]?.text === 'handle' && tokens[i + 2] !== undefined;
}

/** What has been read of a rule. */
interface RuleSoFar {
  readonly start: number;
  asked?: true;
  counted?: true;
  /** It does something: behind conditions another rule without any might do it. */
  acted?: true;
  ended?: true;
  /** `ip saddr 10.0.0.1 log drop` at a chain's end: the verdict may be that of another rule. */
  mayBeTwo?: true;
  /** Nothing of the chain behind its verdict would be reached without conditions. */
  final?: boolean;
}

function byStatements(text: string): readonly Cut[] {
  const cuts: Cut[] = [];
  let rule: RuleSoFar = { start: 0 };
  for (const statement of readRule(lineText('', 0, 0, text), undefined).statements) {
    const role = roleOf(statement);
    const at = statement.range.start;
    if (rule.ended && role === 'comment') continue;
    // No rule counts twice.
    const next = rule.ended || (rule.counted && role === 'counts');
    if (next || mayBeNext(rule, role)) {
      if (rule.mayBeTwo && !rule.final) cuts.push({ at: rule.start, unsure: true });
      // What is done without a condition is done, whether in this rule or in one before.
      cuts.push({ at, unsure: !next && rule.asked === true });
      rule = { start: at };
    }
    if (role === 'unknown') cuts.push({ at: rule.start, unsure: true });
    else if (role === 'asks') rule.asked = true;
    else if (role === 'counts') rule.counted = true;
    else if (role === 'acts') rule.acted = true;
    else rule.ended = true;
    if (role === 'ends' && rule.asked && rule.acted) rule.mayBeTwo = true;
    rule.final = finals.has(statement.kind);
  }
  if (rule.mayBeTwo) cuts.push({ at: rule.start, unsure: true });
  return cuts;
}

/** Whether the statement may be the first of the next rule. */
function mayBeNext({ asked, acted, counted }: RuleSoFar, role: Role): boolean {
  if (role === 'asks') return acted === true || (counted === true && asked === true);
  return role === 'ends' && acted === true && asked === undefined;
}

type Role = 'asks' | 'counts' | 'acts' | 'ends' | 'comment' | 'unknown';

/** Nothing of the chain is reached behind these. */
const finals: ReadonlySet<string> = new Set([
  ...['ACCEPT', 'DROP', 'RETURN', 'goto', 'REJECT', 'DNAT', 'SNAT', 'MASQUERADE', 'REDIRECT'],
]);

const ends: ReadonlySet<string> = new Set([
  ...['ACCEPT', 'DROP', 'RETURN', 'QUEUE', 'CONTINUE', 'jump', 'goto', 'vmap', 'REJECT', 'NFQUEUE'],
  ...['DNAT', 'SNAT', 'MASQUERADE', 'REDIRECT', 'fwd', 'unmodelled-target'],
]);

const acts: ReadonlySet<string> = new Set([
  ...['assign', 'set-update', 'neutral', 'LOG', 'NFLOG', 'CT', 'tproxy'],
]);

function roleOf(statement: Statement): Role {
  const { kind } = statement;
  // `# match-set ...` of old versions reaches as far as its reader thinks.
  if ('text' in statement && statement.text.startsWith('#')) return 'unknown';
  if (ends.has(kind)) return 'ends';
  if (acts.has(kind)) return 'acts';
  if (kind === 'counter') return 'counts';
  return kind === 'comment' || kind === 'unknown' ? kind : 'asks';
}
