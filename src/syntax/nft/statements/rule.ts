import { protocolNumbers } from '../../../core/packet';
import type { Counters } from '../../../core/rules/counters';
import type { TableFamily } from '../../../core/rules/ruleset';
import type { Statement } from '../../../core/rules/statement';
import { readCounter } from '../expressions/element';
import { readConcat, readExpression } from '../expressions/expression';
import { readSelector } from '../expressions/selector';
import { readSetReference } from '../expressions/set';
import { typeOf } from '../expressions/typeOf';
import { readVerdict } from '../expressions/verdict';
import { numberOf, Reader, type StatementText } from '../text/reader';
import { pieceLength } from '../text/linePieces';
import { tokensOf } from '../text/tokens';
import { statementWords } from '../values/keywords';
import { readLimit, readQuota } from './limits';
import { readMatch } from './match';
import { readNat } from './nat';
import { readObjectMap } from './objectMap';
import { readMeter, readSetUpdate } from './sets';
import { readLog, readQueue, readReject } from './verdicts';
import { readHidden, readXt } from './xt';

/** What the text of one rule says. */
export interface RuleParts {
  /** A comment is the match that always holds, as in iptables. */
  readonly statements: readonly Statement[];
  /** Of the first counter. */
  readonly counters?: Counters;
  /** `# handle 5` of `nft -a`. */
  readonly handle?: number;
}

/**
 * Reads a rule from left to right. A part that is not understood becomes one unknown statement, and
 * reading goes on where the next one begins.
 *
 * @param family of the table: it decides what a bare `reject` sends
 */
export function readRule(text: StatementText, family: TableFamily | undefined): RuleParts {
  // Sets of thousands are read when they are gone over, in pieces.
  const reader = new Reader(text, tokensOf(text.text, pieceLength));
  const statements: Statement[] = [];
  const context: Context = { family, counted: false };
  let handle: number | undefined;
  while (!reader.done) {
    if (reader.take(';')) continue;
    if (reader.word() === '#' && reader.word(1) === 'handle') {
      handle = numberOf(reader.word(2));
      reader.at += 3;
    } else {
      statements.push(readStatement(reader, context));
    }
  }
  const counter = statements.find((one) => one.kind === 'counter' && one.counters);
  const counters = counter?.kind === 'counter' ? counter.counters : undefined;
  return { statements, ...(counters && { counters }), ...(handle !== undefined && { handle }) };
}

/** What the reading of a statement depends on. */
interface Context {
  readonly family: TableFamily | undefined;
  /** Whether the rule has had its counter. */
  counted: boolean;
  /** In the braces of a set's update: there is no further one in it. */
  readonly inner?: true;
}

/** The statement at which the reader is; of what is none, an unknown one up to where one begins. */
function readStatement(reader: Reader, context: Context): Statement {
  const from = reader.at;
  const known = readKnown(reader, context);
  if (known) return known;
  reader.at = from + 1;
  while (!reader.done && !beginsStatement(reader)) reader.at++;
  return { kind: 'unknown', text: reader.text(from), range: reader.range(from) };
}

function beginsStatement(reader: Reader): boolean {
  const word = reader.word();
  if (statementWords.has(word) || word === '#' || word === ';') return true;
  const from = reader.at;
  const selector = readSelector(reader);
  reader.at = from;
  return selector !== undefined;
}

function readKnown(reader: Reader, context: Context): Statement | undefined {
  const word = reader.word();
  const inner: Context = { ...context, inner: true };
  switch (word) {
    case 'accept':
    case 'drop':
    case 'return':
    case 'continue':
    case 'jump':
    case 'goto':
      return readVerdict(reader);
    case 'counter':
      context.counted = true;
      return readObjectMap(reader, word, [word, 'name']) ?? readCounterStatement(reader);
    case 'dnat':
    case 'snat':
    case 'masquerade':
    case 'redirect':
      return readNat(reader);
    case 'reject':
      return readReject(reader, context.family);
    case 'queue':
      return readQueue(reader);
    case 'log':
      return readLog(reader);
    case 'limit':
      return readObjectMap(reader, word, [word, 'name']) ?? readLimit(reader);
    case 'quota':
      return readObjectMap(reader, word, [word, 'name']) ?? readQuota(reader);
    case 'add':
    case 'update':
    case 'delete':
      return context.inner ? undefined : readSetUpdate(reader, (at) => readStatement(at, inner));
    case 'meter':
      return context.inner ? undefined : readMeter(reader, (at) => readStatement(at, inner));
    case 'notrack': {
      const from = reader.at++;
      return { kind: 'CT', notrack: true, text: 'notrack', range: reader.range(from) };
    }
    case 'comment':
      return readComment(reader);
    case 'xt':
      return readXt(reader);
    case '#':
      return readHidden(reader, context.counted);
    case 'tproxy':
    case 'fwd':
    case 'dup':
    case 'flow':
    case 'synproxy':
    case 'last':
    case 'reset':
      return readOther(reader, word);
    default:
      return readByExpression(reader);
  }
}

function readCounterStatement(reader: Reader): Statement | undefined {
  const from = reader.at;
  if (reader.word(1) === 'name') {
    reader.at += 2;
    const name = reader.takeText();
    return name === undefined ? undefined : { kind: 'counter', name, range: reader.range(from) };
  }
  const counters = readCounter(reader);
  return { kind: 'counter', ...(counters && { counters }), range: reader.range(from) };
}

function readComment(reader: Reader): Statement | undefined {
  const from = reader.at++;
  const text = reader.takeText();
  return text === undefined ? undefined : { kind: 'comment', text, range: reader.range(from) };
}

/** `tproxy to :15001`, `fwd to "eth1"`, `flow add @f`, `synproxy mss 1460`: up to the next statement. */
function readOther(
  reader: Reader,
  word: 'tproxy' | 'fwd' | 'dup' | 'flow' | 'synproxy' | 'last' | 'reset',
): Statement {
  const from = reader.at++;
  if (word === 'flow' || word === 'reset') reader.at++;
  // `synproxy name ip saddr map @m`.
  if (word === 'synproxy' && reader.take('name') && reader.token()?.kind !== 'string') {
    readExpression(reader);
  }
  // `dup to ip saddr map { ... } device "eth0"`: what is said of where to belongs to it.
  if (reader.take('ip') || reader.take('ip6') || reader.word() === 'to') reader.take('to');
  if (word === 'dup' || word === 'fwd') {
    readExpression(reader);
    if (reader.take('device')) reader.takeText();
  } else while (!reader.done && !beginsStatement(reader)) reader.at++;
  const [text, range] = [reader.text(from), reader.range(from)];
  switch (word) {
    case 'tproxy':
      return { kind: 'tproxy', text, range };
    case 'fwd':
      return { kind: 'fwd', text, range };
    case 'synproxy':
      return { kind: 'unknown', text, range };
    case 'reset':
      return { kind: 'neutral', text, protocol: protocolNumbers.tcp, range };
    default:
      return { kind: 'neutral', text, range };
  }
}

/** Settings of `ct` that name an object of the table: nothing a trace follows. */
const objectKeys = ['helper', 'timeout', 'expectation'] as const;

/** `KEY vmap ...`, `SELECTOR set VALUE`, `SELECTOR OPERATOR VALUE`. */
function readByExpression(reader: Reader): Statement | undefined {
  const from = reader.at;
  for (const key of objectKeys) {
    const map = readObjectMap(reader, `ct ${key}`, ['ct', key, 'set']);
    if (map) return map;
    if (!reader.take('ct', key, 'set')) continue;
    reader.takeText();
    return { kind: 'neutral', text: reader.text(from), range: reader.range(from) };
  }
  if (reader.take('ct', 'event', 'set')) {
    do reader.takeText();
    while (reader.take(','));
    return { kind: 'neutral', text: reader.text(from), range: reader.range(from) };
  }
  if (reader.take('ct', 'count')) {
    reader.take('over');
    reader.takeNumber();
    const [text, range] = [reader.text(from), reader.range(from)];
    return { kind: 'unmodelled', name: 'ct count', text, range };
  }
  // What stands alone, without any selector in it, compares with nothing.
  const first = readSelector(reader);
  reader.at = from;
  if (!first && reader.word() !== '(') return undefined;
  const left = readConcat(reader);
  if (!left || left.kind === 'constant') return undefined;
  if (reader.take('vmap')) {
    const map = readSetReference(reader, left);
    return map && { kind: 'vmap', key: left, map, range: reader.range(from) };
  }
  if (reader.take('set')) {
    const value = readExpression(reader, typeOf(left));
    return value && { kind: 'assign', to: left, value, range: reader.range(from) };
  }
  return readMatch(reader, from, left);
}
