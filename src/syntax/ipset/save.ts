import * as l10n from '@vscode/l10n';
import type { Finding } from '../../core/finding';
import type { IpSet } from '../../core/ipset/types';
import { lineRange, parseLines, unknownLine, wordsOf } from '../lines';
import type { LineReader, Parsed } from '../lines';
import { rangeBudget } from './entry';
import { addElement, addPlainElement, finishSet, setOptions, startSet } from './setBuilder';
import type { SetBuilder } from './setBuilder';

/**
 * Reads `ipset save`, that is `create NAME TYPE OPTIONS` and `add NAME ELEMENT` lines, in a file
 * for `ipset restore` also in their short forms `-N` and `-A`.
 */
export function ipsetSaveParser(source: string): LineReader<ReadonlyMap<string, IpSet>> {
  const sets = new Map<string, SetBuilder>();
  const findings: Finding[] = [];
  /** The set of the line above, and how lines that add to it begin. */
  let last: SetBuilder | undefined;
  let add = '';
  const budget = rangeBudget();
  return {
    line(text, line) {
      if (last && text.startsWith(add) && addPlainElement(last, text, line)) return;
      const words = wordsOf(text);
      const [command, name, third] = words;
      if (!command || command.text.startsWith('#') || ignored.has(command.text)) return;
      const range = { source, line, start: command.start, end: words[words.length - 1]!.end };
      if (isCreate(command.text) && name && third?.text.includes(':')) {
        if (sets.has(name.text)) {
          const message = l10n.t`The set ${name.text} was created above already; its elements are added to the first.`;
          findings.push({ severity: 'warning', code: 'ipset-created-twice', message, range });
          return;
        }
        const options = setOptions(words.slice(3).map((word) => word.text));
        add = `add ${name.text} `;
        last = startSet(name.text, third.text, options, range, add.length, budget);
        sets.set(name.text, last);
      } else if (isAdd(command.text) && name && third) {
        const set = sets.get(name.text);
        if (set) {
          addElement(set, words.slice(2), line, findings);
          [last, add] = [set, `add ${name.text} `];
        } else findings.push(notCreated(name.text, range));
      } else findings.push(unknownLine(lineRange(source, line, text), 'ipset save'));
    },
    end() {
      const value = new Map([...sets].map(([name, set]) => [name, finishSet(set, true)]));
      return { value, findings };
    },
  };
}

export function parseIpsetSave(text: string, source: string): Parsed<ReadonlyMap<string, IpSet>> {
  return parseLines(text, ipsetSaveParser(source));
}

function isCreate(command: string): boolean {
  return command === 'create' || command === '-N' || command === '--create' || command === 'n';
}

function isAdd(command: string): boolean {
  return command === 'add' || command === '-A' || command === '--add' || command === 'a';
}

/** What a file for `ipset restore` may hold besides, without effect on the elements below. */
const ignored: ReadonlySet<string> = new Set(['COMMIT', 'flush', '-F', 'quit']);

function notCreated(name: string, range: Finding['range']): Finding {
  const message = l10n.t`No create line above names the set ${name}: the element is left out.`;
  return { severity: 'warning', code: 'ipset-not-created', message, range };
}
