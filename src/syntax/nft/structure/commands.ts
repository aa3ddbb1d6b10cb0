import type { TableFamily } from '../../../core/rules/ruleset';
import type { Lines } from '../../textLines';
import { Reader, lineText } from '../text/reader';

/** A rule that stands on a line of its own behind a command: its text begins at `column`. */
export interface CommandRule {
  readonly line: number;
  readonly column: number;
}

/** What commands say of a chain, set or map. */
export interface CommandBlock {
  readonly kind: 'chain' | 'set' | 'map';
  readonly name: string;
  /** The line of `add chain ...`; undefined when only rules or elements name it. */
  line?: number;
  /** Where the text between its braces is. */
  body?: { readonly line: number; readonly start: number; readonly end: number };
  /** In the order of the chain: what was inserted, and what was added. */
  readonly inserted: CommandRule[];
  readonly added: CommandRule[];
  /** Lines of `add element`, and where the braces begin. */
  readonly elements: CommandRule[];
}

export interface CommandTable {
  readonly family: TableFamily;
  readonly name: string;
  readonly line: number;
  readonly blocks: Map<string, CommandBlock>;
}

/** What `nft` commands leave: tables by `family name`. */
export interface Commands {
  readonly tables: ReadonlyMap<string, CommandTable>;
  /** Lines of commands that are not followed, as `delete rule`. */
  readonly ignored: readonly number[];
}

const families = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'] as const;

/** Carries out the commands of these lines one after the other, as far as they say what is there. */
export function readCommands(lines: Lines, numbers: readonly number[]): Commands {
  const tables = new Map<string, CommandTable>();
  const ignored: number[] = [];
  for (const line of numbers) {
    if (!carryOut(tables, line, withoutShell(lines.line(line)))) ignored.push(line);
  }
  return { tables, ignored };
}

/** Of a command in a shell, quotes and backslashes become blanks: columns stay as they are. */
export function withoutShell(text: string): string {
  return /^\s*nft\s/.test(text) ? text.replace(/['\\]/g, ' ') : text;
}

function carryOut(tables: Map<string, CommandTable>, line: number, text: string): boolean {
  const reader = new Reader(lineText('', line, 0, text));
  reader.take('nft');
  const verb = reader.word();
  const object = reader.word(1);
  reader.at += 2;
  if (object === 'ruleset') {
    if (verb === 'flush') tables.clear();
    return verb === 'flush';
  }
  const family = reader.takeOneOf(families) ?? 'ip';
  const name = reader.takeText();
  if (name === undefined) return false;
  const key = `${family} ${name}`;
  if (/^(delete|destroy|flush)$/.test(verb)) return remove(tables, key, object, verb, reader);
  if (!/^(add|create|insert)$/.test(verb)) return false;
  const table = tables.get(key) ?? { family, name, line, blocks: new Map<string, CommandBlock>() };
  tables.set(key, table);
  return object === 'table' || addTo(table, verb, object, reader, line, text);
}

function remove(
  tables: Map<string, CommandTable>,
  key: string,
  object: string,
  verb: string,
  reader: Reader,
): boolean {
  if (object === 'table') {
    if (verb !== 'flush') return tables.delete(key) || true;
    for (const block of tables.get(key)?.blocks.values() ?? []) empty(block);
    return true;
  }
  if (!/^(chain|set|map)$/.test(object)) return false;
  const blocks = tables.get(key)?.blocks;
  const block = `${object === 'chain' ? 'chain' : 'set'} ${reader.takeText() ?? ''}`;
  const found = blocks?.get(block);
  if (verb !== 'flush') blocks?.delete(block);
  else if (found) empty(found);
  return true;
}

function empty(block: CommandBlock): void {
  block.inserted.length = block.added.length = block.elements.length = 0;
}

function addTo(
  table: CommandTable,
  verb: string,
  object: string,
  reader: Reader,
  line: number,
  text: string,
): boolean {
  const kind = object === 'rule' ? 'chain' : object === 'element' ? 'set' : object;
  const name = reader.takeText();
  if (name === undefined || (kind !== 'chain' && kind !== 'set' && kind !== 'map')) return false;
  const key = `${kind === 'chain' ? 'chain' : 'set'} ${name}`;
  const block: CommandBlock = table.blocks.get(key) ?? {
    ...{ kind, name, inserted: [], added: [], elements: [] },
  };
  table.blocks.set(key, block);
  if (object === 'rule') {
    if (reader.takeOneOf(['index', 'position', 'handle'])) reader.at++;
    const column = reader.token()?.start ?? text.length;
    if (verb === 'insert') block.inserted.unshift({ line, column });
    else block.added.push({ line, column });
    return true;
  }
  const brace = reader.token();
  if (brace?.text !== '{') {
    if (object !== 'element') block.line = line;
    return object !== 'element';
  }
  if (object === 'element') block.elements.push({ line, column: brace.start });
  else {
    block.line = line;
    block.body = { line, start: brace.end, end: text.lastIndexOf('}') };
  }
  return true;
}
