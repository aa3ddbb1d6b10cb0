import type { NamedObject } from '../../../core/rules/ruleset';
import type { Lines } from '../../textLines';
import { readCounter } from '../expressions/element';
import { readLimit, readQuota } from '../statements/limits';
import type { Block } from '../structure/blocks';
import { linesText } from '../structure/statementText';
import { lineText, Reader } from '../text/reader';
import { wholeLine } from './handle';

/** `counter x { packets 1 bytes 60 }`, `quota`, `limit`, `ct helper`, `flowtable`, ... */
export function readObject(source: string, lines: Lines, block: Block): NamedObject {
  const header = lines.line(block.line);
  const kind = /^\s*(ct \w+|\w+)/.exec(header)?.[1] ?? '';
  const body = linesText('', lines, block.line + 1, Math.max(block.line + 2, block.end)).text;
  const [, facts] = /^\s*(?:comment "[^"]*"\s*)?(.*)/s.exec(body)!;
  const reader = new Reader(lineText(source, block.line, 0, `${kind} ${facts}`));
  const about = { kind, name: block.name, declared: wholeLine(source, block.line, header) };
  if (kind === 'counter') {
    const counters = readCounter(reader);
    return { ...about, ...(counters && { counters }) };
  }
  const statement =
    kind === 'quota' ? readQuota(reader) : kind === 'limit' ? readLimit(reader) : undefined;
  return { ...about, ...(statement && { statement: { ...statement, range: about.declared } }) };
}
