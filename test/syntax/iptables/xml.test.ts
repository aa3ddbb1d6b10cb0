import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { saveOfXml } from '../../../src/syntax/iptables/xml';

const fixture = (name: string) => readFileSync(`test/fixtures/dumps/iptables-xml/${name}`, 'utf8');
const save = fixture('iptables-save.txt');
const xml = fixture('iptables.xml');

/** iptables-xml puts chains in the order of their first rules. */
function tablesOf(text: string): readonly unknown[] {
  return text.split(/^(?=\*)/m).map((table) => {
    const lines = table.trimEnd().split('\n');
    const chains = lines.filter((line) => line.startsWith(':')).sort();
    return [lines[0], chains, lines.filter((line) => line.startsWith('-A')), lines.at(-1)];
  });
}

suite('iptables-xml', () => {
  test('says what iptables-save said', () => {
    assert.deepEqual(tablesOf(saveOfXml(xml)), tablesOf(save));
  });

  test('cut in the middle of a table, it has no COMMIT', () => {
    const cut = saveOfXml(xml.slice(0, xml.indexOf('KUBE-SEP-B')));
    assert.match(cut, /^\*nat\n/m);
    assert.equal(cut.match(/^COMMIT$/gm)?.length, 1);
  });

  test('what is no XML of it gives nothing', () => {
    assert.equal(saveOfXml('').trim(), '');
    assert.equal(saveOfXml('<a><<b>></c>').trim(), '');
  });
});
