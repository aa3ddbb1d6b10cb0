import assert from 'node:assert/strict';
import { chainAt, nameColumns } from '../../../src/language/rules/chainAt';
import { indexLines } from '../../../src/syntax/iptables/lines/lineIndex';
import { structureOf } from '../../../src/syntax/iptables/structure/structure';
import { textLines } from '../../../src/syntax/textLines';

/** The chain at the `|` in the text, as `table chain`. */
function at(marked: string): string | undefined {
  const cursor = marked.indexOf('|');
  const before = marked.slice(0, cursor).split('\n');
  const text = marked.slice(0, cursor) + marked.slice(cursor + 1);
  const lines = textLines(text);
  const structure = structureOf(indexLines(lines), lines);
  const line = before.length - 1;
  const found = chainAt(structure, line, lines.line(line), before.at(-1)!.length);
  if (!found) return undefined;
  const { chain, start, end } = found;
  const name = structure.chains.name(chain);
  assert.equal(lines.line(line).slice(start, end), name);
  const declared = structure.chains.declaration(chain);
  if (declared !== undefined) {
    const columns = nameColumns(structure, chain, declared, lines.line(declared));
    assert.equal(lines.line(declared).slice(columns.start, columns.end), name);
  }
  return `${structure.tables[structure.chains.table(chain)]!.name} ${name}`;
}

const filter = '*filter\n:KUBE-SERVICES - [0:0]\n-A KUBE-SERVICES -j DROP\nCOMMIT\n';

suite('chainAt', () => {
  test('the declaration, the chain of a rule and its jump', () => {
    assert.equal(at(`${filter}*nat\n:KUBE-SER|VICES - [0:0]\nCOMMIT`), 'nat KUBE-SERVICES');
    assert.equal(at(`${filter}*nat\n-A KUBE-SERVICES| -j X\nCOMMIT`), 'nat KUBE-SERVICES');
    assert.equal(at('*nat\n:X - [0:0]\n-A Y -s 10.0.0.1 -j |X\nCOMMIT'), 'nat X');
    assert.equal(at('*nat\n:X - [0:0]\n[5:300] -A Y -g X|\nCOMMIT'), 'nat X');
  });

  test('one name in two tables is two chains', () => {
    assert.equal(at(`${filter.replace('-A K', '-A |K')}`), 'filter KUBE-SERVICES');
    assert.equal(at(`${filter}*nat\n-A OUTPUT -j KUBE-S|ERVICES\nCOMMIT`), 'nat KUBE-SERVICES');
  });

  test('a name in a comment, also of another table', () => {
    const rule = '-A KUBE-SERVICES -m comment --comment "not accepted by KUBE-|FW-A" -j DROP';
    assert.equal(at(`*filter\n${rule}\nCOMMIT\n*nat\n:KUBE-FW-A - [0:0]\nCOMMIT`), 'nat KUBE-FW-A');
  });

  test('nothing on targets that are no chains, and on other words', () => {
    assert.equal(at('*nat\n-A X -j DN|AT --to-destination 10.0.0.1\nCOMMIT'), undefined);
    assert.equal(at('*nat\n-A X -d 10.0.|0.1 -j Y\nCOMMIT'), undefined);
    assert.equal(at('|'), undefined);
  });
});
