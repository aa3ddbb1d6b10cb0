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

  /** Of `*nat`, the lines that a chain X with this in it comes to. */
  const rules = (inner: string) => {
    const [table, chain, ...lines] = saveOfXml(
      `<iptables-rules version="1.0"><table name="nat" ><chain name="X" >${inner}</chain></table>`,
    )
      .trimEnd()
      .split('\n');
    assert.deepEqual([table, chain, lines.pop()], ['*nat', ':X - [0:0]', 'COMMIT']);
    return lines;
  };
  const accept = '<actions>\n<ACCEPT  />\n</actions>\n';

  // What iptables-xml 1.8.9 makes of `iptables-save -c`.
  test('counters of chains and rules', () => {
    const counted = `<rule packet-count="5" byte-count="300" >${accept}</rule>`;
    assert.deepEqual(rules(counted), ['[5:300] -A X -j ACCEPT']);
    assert.deepEqual(rules(`<rule >${accept}</rule>`), ['-A X -j ACCEPT']);
    assert.equal(
      saveOfXml(
        '<table name="raw" ><chain name="OUTPUT" policy="DROP" packet-count="7" byte-count="420" /></table>',
      ),
      '*raw\n:OUTPUT DROP [7:420]\nCOMMIT\n',
    );
  });

  test('rules that iptables-xml -c put into one are several again', () => {
    const mark = '<MARK ><set-xmark >0x1/0x1</set-xmark></MARK>';
    const conditions = '<conditions><match ><p >tcp</p></match></conditions>';
    assert.deepEqual(
      rules(
        `<rule packet-count="1" byte-count="60" >${conditions}<actions>${mark}<!-- Combine action from next rule --><call ><Y /></call><goto ><Z /></goto></actions></rule><rule >${accept}</rule>`,
      ),
      [
        '[1:60] -A X -p tcp -j MARK --set-xmark 0x1/0x1',
        '-A X -p tcp -j Y',
        '-A X -p tcp -g Z',
        '-A X -j ACCEPT',
      ],
    );
  });

  test('options without a value, negated ones, matches and actions without options', () => {
    const conditions = (inner: string) =>
      rules(`<rule ><conditions>${inner}</conditions><actions>\n</actions></rule>`);
    for (const [inner, options] of [
      ['<match ><s  invert="1">10.0.0.0/8</s><f  /></match>', '! -s 10.0.0.0/8 -f'],
      [
        '<addrtype ><dst-type >LOCAL</dst-type><limit-iface-in  /></addrtype><mark ><mark  invert="1">0x1</mark></mark>',
        '-m addrtype --dst-type LOCAL --limit-iface-in -m mark ! --mark 0x1',
      ],
      ['<socket  /><mark ><mark >0x1</mark></mark>', '-m socket -m mark --mark 0x1'],
      ['<!-- mark --><tcp ><syn  /></tcp>', '-m tcp --syn'],
    ] as const) {
      assert.deepEqual(conditions(inner), [`-A X ${options}`], inner);
    }
  });

  test('a value is quoted where both ends are', () => {
    for (const [text, value] of [
      ['&quot;a b&quot;', '"a b"'],
      [
        '&quot;say &quot;hi&quot; \\ it&apos;s &lt;&amp;&gt;&quot;',
        '"say \\"hi\\" \\\\ it\\\'s <&>"',
      ],
      ['&quot;&quot;', '""'],
      ['&quot;', '"'],
      ['&quot;a', '"a'],
      ['a&quot;', 'a"'],
      ['&amp;quot;', '&quot;'],
    ] as const) {
      assert.deepEqual(
        rules(
          `<rule ><conditions><comment ><comment >${text}</comment></comment></conditions></rule>`,
        ),
        [`-A X -m comment --comment ${value}`],
        text,
      );
    }
  });

  test('cut at its beginning or within an element, the rest counts', () => {
    for (const [text, lines] of [
      [`<chain name="X" ><rule >${accept}</rule></chain></table>`, []],
      [`rule >${accept}</rule></chain></table>`, []],
      ['table name="nat" >', []],
      [
        `<table name="nat" ><chain name="X" ><rule >${accept}</rule><rule ><actions`,
        ['*nat', ':X - [0:0]', '-A X -j ACCEPT'],
      ],
      ['<table name="nat" ><chain name="X" ></rule><chain name="Y', ['*nat', ':X - [0:0]']],
      ['<table name="nat" ><chain name="X" packet-count="5" >', ['*nat', ':X - [0:0]']],
    ] as const) {
      assert.deepEqual(saveOfXml(text).trimEnd().split('\n').filter(Boolean), lines, text);
    }
  });

  test('a table of as many rules as a large cluster has', () => {
    const count = 130_000;
    assert.equal(rules('<rule ></rule>'.repeat(count)).length, count);
  });

  test('what is no XML of it gives nothing', () => {
    assert.equal(saveOfXml('').trim(), '');
    assert.equal(saveOfXml('<a><<b>></c>').trim(), '');
  });
});
