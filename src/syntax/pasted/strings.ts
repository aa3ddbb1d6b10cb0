import { hostMark } from '../dumps/hostMarks';
import { linesOf } from '../lines';
import type { TakenLine } from './cut';
import { beginsDump } from './prefixes';
import { unescaped } from './unescaped';

const mayHold: readonly RegExp[] = [
  /\\n.{0,4000}\\n/,
  /^[ \t]*"(?:[^"\\\n]|\\.)*",[ \t]*\r?$/m,
  /^[ \t]*\{.{0,400}"(?:log|message|msg|MESSAGE|line)":/m,
];

/** A string of JSON, or as Python prints it; one that was cut off ends with the line. */
const literals = /"((?:[^"\\]|\\.)*)(?:"|$)|'((?:[^'\\]|\\.)*)(?:'|$)/g;

/** Behind a key; of an object that stands for a host, its answer. */
const isKey = /^\s*:\s*(\{)?/;

/** What was run: `"cmd": "iptables-save"`, `"cmd": ["ip", "addr"]` */
const commands = /^(?:cmd|_raw_params|command)$/;

/** A container runtime's or a logger's record has a line of the output. */
const records = /^(?:log|message|msg|MESSAGE|line)$/;

/** Fewer items or records are no dump. */
const fewest = 3;

/**
 * The lines of dumps that a text holds as strings, with a line for each host and command that stands
 * beside them: answers of ansible and of a cloud's run-command, logs in JSON, `\n` in one long line.
 *
 * @returns undefined where there are none: then the text is what it is
 */
export function linesOfStrings(text: string): readonly TakenLine[] | undefined {
  if (!mayHold.some((form) => form.test(text))) return undefined;
  const strings = new Strings();
  let number = 0;
  for (const line of linesOf(text)) strings.line(line, number++);
  return strings.end();
}

/** Items of an array, or one field of records that follow each other. */
interface Items {
  readonly key: string;
  readonly lines: TakenLine[];
  count: number;
}

class Strings {
  readonly #taken: TakenLine[] = [];
  #dumps = 0;
  #key = '';
  #items: Items | undefined;
  #records: Items | undefined;
  /** What stands between the last string and the next. */
  #between = '';
  /** Whether the dump before was `stdout`, which `stdout_lines` repeats. */
  #repeated = false;

  line(text: string, line: number): void {
    const before = this.#dumps;
    let end = 0;
    let isRecord = false;
    let isLed = false;
    for (const match of text.matchAll(literals)) {
      this.#between += text.slice(end, match.index);
      if (end === 0) isLed = this.#lead(text.slice(0, match.index), line);
      end = match.index + match[0].length;
      const body = match[1] ?? match[2] ?? '';
      const key = isKey.exec(text.slice(end, end + 40));
      if (key) this.#named(body, key[1] !== undefined, line, match.index);
      else {
        isRecord ||= records.test(this.#key);
        this.#value(unescaped(body, line, match.index + 1));
      }
      this.#between = '';
    }
    this.#between += text.slice(end);
    if (!isRecord) this.#records = this.#close(this.#records);
    if (isLed || this.#dumps > before || this.#whole(text, line)) return;
    if (/^\s*(?:["'{]|[{}[\]]+,?\s*$|$)/.test(text)) return;
    this.#items = this.#close(this.#items);
    this.#taken.push({ text, line, column: 0 });
  }

  end(): readonly TakenLine[] | undefined {
    this.#close(this.#items);
    this.#close(this.#records);
    return this.#dumps > 0 ? this.#taken : undefined;
  }

  /** `node-a | CHANGED => ` before what the host answered. */
  #lead(text: string, line: number): boolean {
    const isMark = /[{[]\s*$/.test(text) && hostMark(text) !== undefined;
    if (isMark) this.#taken.push({ text, line, column: 0 });
    return isMark;
  }

  #named(name: string, isObject: boolean, line: number, column: number): void {
    this.#items = this.#close(this.#items);
    this.#key = name;
    const text = `=== ${name} ===`;
    if (isObject && hostMark(text)) this.#taken.push({ text, line, column });
  }

  #value(lines: readonly TakenLine[]): void {
    const [first] = lines;
    if (isDump(lines)) this.#take(this.#key, lines);
    else if (records.test(this.#key)) this.#records = added(this.#records, this.#key, lines);
    else if (first && commands.test(this.#key) && /^\s*:\s*$/.test(this.#between)) {
      this.#taken.push({ ...first, text: `$ ${first.text}` });
    } else {
      if (!/^\s*,\s*$/.test(this.#between)) this.#items = this.#close(this.#items);
      this.#items = added(this.#items, this.#key, lines);
    }
  }

  /** Escapes without quotes around them. */
  #whole(text: string, line: number): boolean {
    if (!/\\n.*\\n/.test(text)) return false;
    const lines = unescaped(text, line, 0);
    if (!isDump(lines)) return false;
    this.#take('', lines);
    return true;
  }

  #close(items: Items | undefined): undefined {
    const [first] = items?.lines ?? [];
    if (!items || !first) return;
    if (commands.test(items.key)) {
      const text = `$ ${items.lines.map((one) => one.text).join(' ')}`;
      this.#taken.push({ ...first, text });
    } else if (items.count >= fewest && isDump(items.lines)) this.#take(items.key, items.lines);
  }

  #take(key: string, lines: readonly TakenLine[]): void {
    const isLines = key.endsWith('stdout_lines');
    if (!isLines || !this.#repeated) for (const one of lines) this.#taken.push(one);
    this.#repeated = key === 'stdout';
    this.#dumps++;
  }
}

function added(items: Items | undefined, key: string, lines: readonly TakenLine[]): Items {
  const all = items ?? { key, lines: [], count: 0 };
  for (const one of lines) all.lines.push(one);
  all.count++;
  return all;
}

function isDump(lines: readonly TakenLine[]): boolean {
  return lines.length > 1 && lines.some(({ text }) => beginsDump(text));
}
