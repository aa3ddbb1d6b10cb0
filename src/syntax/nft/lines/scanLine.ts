import { isLeftOutMark } from '../../leftOut';
import { isShellPrompt } from '../../shellPrompt';
import { kindCode } from './lineKind';

/** What one line holds; the name is empty (start = end) where it declares nothing. */
export interface ScannedLine {
  /** Of `kindCode`. */
  kind: number;
  /** Of the table, chain, set, map or object that begins here. */
  nameStart: number;
  nameEnd: number;
  /** How many braces it opens more than it closes, outside of quotes. */
  braces: number;
}

export function emptyScan(): ScannedLine {
  return { kind: 0, nameStart: 0, nameEnd: 0, braces: 0 };
}

/** Goes over the line once or twice, without any copy of it. */
export function scanLine(text: string, scan: ScannedLine): void {
  scan.nameStart = scan.nameEnd = 0;
  scan.braces = text.includes('{') || text.includes('}') ? bracesOf(text) : 0;
  const start = skipBlanks(text, 0);
  if (start === text.length) {
    scan.kind = kindCode.blank;
    return;
  }
  const end = wordEnd(text, start);
  scan.kind = kindOf(text, start, end, scan);
}

function kindOf(text: string, start: number, end: number, scan: ScannedLine): number {
  switch (text.charCodeAt(start)) {
    case 35: // #
      return hashLine(text, start);
    case 125: // }
      return kindCode.close;
    case 46: // .
    case 0x2026: // …
      return /^(?:\.{3}[.…]*|…[.…]*)$/.test(text.slice(start, end)) ? kindCode.cut : kindCode.text;
  }
  const word = text.slice(start, Math.min(end, start + 12));
  const keyword = keywords.get(word);
  if (keyword !== undefined) return keyword(text, end, scan);
  // Rules stand behind a blank and hold none of a prompt's signs; prompts stand at the beginning.
  if (start === 0 && mayBePrompt(text) && isShellPrompt(text)) return kindCode.prompt;
  return kindCode.text;
}

type Keyword = (text: string, end: number, scan: ScannedLine) => number;

/** `chain NAME {`: a block begins, else the word is something else's. */
function block(kind: number): Keyword {
  return (text, end, scan) => {
    const start = skipBlanks(text, end);
    const stop = wordEnd(text, start);
    if (start === stop || text.charCodeAt(skipBlanks(text, stop)) !== 123) return kindCode.text;
    scan.nameStart = start;
    scan.nameEnd = stop;
    return kind;
  };
}

/** `table ip NAME {`; the family may be left out. */
function table(text: string, end: number, scan: ScannedLine): number {
  const family = skipBlanks(text, end);
  const familyEnd = wordEnd(text, family);
  const name = skipBlanks(text, familyEnd);
  const named = name < text.length && text.charCodeAt(name) !== 123;
  scan.nameStart = named ? name : family;
  scan.nameEnd = named ? wordEnd(text, name) : familyEnd;
  const opens = text.charCodeAt(skipBlanks(text, scan.nameEnd)) === 123;
  if (opens) return kindCode.table;
  scan.nameStart = scan.nameEnd = 0;
  return kindCode.text;
}

/** `ct helper NAME {`. */
function conntrackObject(text: string, end: number, scan: ScannedLine): number {
  const what = skipBlanks(text, end);
  const stop = wordEnd(text, what);
  if (!/^(helper|timeout|expectation)$/.test(text.slice(what, stop))) return kindCode.text;
  return block(kindCode.object)(text, stop, scan);
}

/** `type nat hook ...`; `type ipv4_addr` belongs to a set. */
function base(text: string, end: number): number {
  const what = skipBlanks(text, end);
  const hook = skipBlanks(text, wordEnd(text, what));
  return text.startsWith('hook', hook) ? kindCode.base : kindCode.text;
}

const command: Keyword = (text, end) => {
  const what = skipBlanks(text, end);
  // `add @set { ... }`, `update @set`, `reset tcp option` begin rules.
  const object = text.slice(what, wordEnd(text, what));
  return /^(table|chain|rule|set|map|element|flowtable|counter|quota|limit|ct|ruleset)$/.test(
    object,
  )
    ? kindCode.command
    : kindCode.text;
};

const keywords: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ['table', table],
  ['chain', block(kindCode.chain)],
  ['set', block(kindCode.set)],
  ['map', block(kindCode.map)],
  ...['flowtable', 'counter', 'quota', 'limit', 'synproxy', 'secmark'].map(
    (word): [string, Keyword] => [word, block(kindCode.object)],
  ),
  ['ct', conntrackObject],
  ['type', base],
  [
    'elements',
    (text, end) =>
      text.charCodeAt(skipBlanks(text, end)) === 61 ? kindCode.elements : kindCode.text,
  ],
  ['nft', (text, end, scan) => nftCommand(text, end, scan)],
  ...[
    'add',
    'insert',
    'create',
    'replace',
    'delete',
    'destroy',
    'flush',
    'reset',
    'rename',
    'list',
  ].map((word): [string, Keyword] => [word, command]),
]);

/** `nft add rule ...`, `nft 'add rule ...'`, `nft list ruleset`: a command; what it is, is behind it. */
function nftCommand(text: string, end: number, scan: ScannedLine): number {
  const start = skipBlanks(text, end);
  const verb = text.slice(start, wordEnd(text, start)).replace(/^'/, '');
  if (verb === 'list' || verb.startsWith('-')) return kindCode.prompt;
  return keywords.get(verb) === command ? command(text, wordEnd(text, start), scan) : kindCode.text;
}

/** Old versions print a part of a rule as `# match-set ...`, and then a counter. */
function hashLine(text: string, start: number): number {
  if (/^#\s*(sudo )?nft\s/.test(text.slice(start, start + 20))) return kindCode.prompt;
  if (isLeftOutMark(text)) return kindCode.cut;
  if (!text.includes(' counter', start)) return kindCode.comment;
  // Pages take the indentation away; what begins otherwise may be a rule that somebody took out.
  const isRule = start > 0 || /^# (?:match-set|xt_\w+) /.test(text.slice(0, 40));
  return isRule ? kindCode.text : kindCode.comment;
}

function mayBePrompt(text: string): boolean {
  return /[#$%>+➜❯λ»─]/.test(text.slice(0, 120));
}

function bracesOf(text: string): number {
  let braces = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) quoted = !quoted;
    else if (quoted) continue;
    else if (code === 123) braces++;
    else if (code === 125) braces--;
  }
  return braces;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBlank(text.charCodeAt(at))) at++;
  return at;
}

function wordEnd(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isBlank(code) || code === 123 || code === 125 || code === 59) break;
  }
  return at;
}

/** Blanks, tabs, a lone carriage return, no-break blanks of pasted text, a byte order mark. */
function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 13 || code === 160 || code === 0xfeff;
}
