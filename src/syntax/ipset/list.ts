import * as l10n from '@vscode/l10n';
import type { Finding } from '../../core/finding';
import type { IpSet } from '../../core/ipset/types';
import { lineRange, parseLines, unknownLine, wordsOf } from '../lines';
import type { LineReader, Parsed } from '../lines';
import { rangeBudget, type RangeBudget } from './entry';
import { addElement, addPlainElement, finishSet, setOptions, startSet } from './setBuilder';
import type { SetBuilder } from './setBuilder';

interface Block {
  readonly name: string;
  readonly range: IpSet['range'];
  type: string;
  options: ReadonlyMap<string, string>;
  /** `Number of entries`, which ipset prints since 6.29. */
  expected?: number;
  /** Set at `Members:`: the elements follow. */
  members?: SetBuilder;
  lines: number;
}

/**
 * Reads `ipset list`: blocks of `Name:`, `Type:`, `Header:`, ..., `Members:` and one element per
 * line. Without `Members:` (`ipset list -t`) or with fewer elements than the block says, the set is
 * not complete. A listing of nothing but names (`ipset list -n`) gives sets of the type `unknown`.
 */
export function ipsetListParser(source: string): LineReader<ReadonlyMap<string, IpSet>> {
  const sets = new Map<string, IpSet>();
  const findings: Finding[] = [];
  let block: Block | undefined;
  const budget = rangeBudget();

  function close(): void {
    if (!block) return;
    const { name, type, options, range, expected, lines } = block;
    const cut = block.members !== undefined && expected !== undefined && lines < expected;
    if (cut) {
      const message = l10n.t`The set ${name} has ${expected} entries, but only ${lines} are listed: the dump was cut.`;
      findings.push({ severity: 'warning', code: 'ipset-cut', message, range });
    }
    const set = block.members ?? startSet(name, type, options, range, 0, budget);
    sets.set(name, finishSet(set, block.members !== undefined && !cut));
    block = undefined;
  }

  return {
    line(text, line) {
      if (block?.members && addPlainElement(block.members, text, line)) {
        block.lines++;
        return;
      }
      const trimmed = text.trim();
      if (trimmed === '') return;
      const range = lineRange(source, line, text);
      const field =
        /^(Name|Type|Revision|Header|Size in memory|References|Number of entries|Members|Default|Timeout):(.*)$/s.exec(
          trimmed,
        );
      if (field?.[1] === 'Name') {
        close();
        block = { name: field[2]!.trim(), range, type: 'unknown', options: new Map(), lines: 0 };
      } else if (block?.members) {
        block.lines++;
        addElement(block.members, wordsOf(text), line, findings);
      } else if (block && field) {
        readField(block, field[1]!, field[2]!.trim(), budget);
      } else if (!block && !trimmed.includes(' ') && trimmed.length <= 31) {
        sets.set(
          trimmed,
          finishSet(startSet(trimmed, 'unknown', new Map(), range, 0, budget), false),
        );
      } else findings.push(unknownLine(range, 'ipset list'));
    },
    end() {
      close();
      return { value: sets, findings };
    },
  };
}

function readField(block: Block, name: string, value: string, budget: RangeBudget): void {
  if (name === 'Type') block.type = value;
  else if (name === 'Header') block.options = setOptions(value.split(/\s+/).filter(Boolean));
  else if (name === 'Number of entries') block.expected = Number(value);
  else if (name === 'Members') {
    block.members = startSet(block.name, block.type, block.options, block.range, 0, budget);
  }
}

export function parseIpsetList(text: string, source: string): Parsed<ReadonlyMap<string, IpSet>> {
  return parseLines(text, ipsetListParser(source));
}
