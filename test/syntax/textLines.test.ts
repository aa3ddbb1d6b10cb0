import assert from 'node:assert/strict';
import { linesBetween, linesOfBytes, linesOfPieces, textLines } from '../../src/syntax/textLines';

const pause = () => Promise.resolve();

suite('lines of a text', () => {
  test('as VS Code counts them: LF, CR LF and CR end one; what is outside is empty', () => {
    for (const [text, ...expected] of [
      ['', ''],
      ['a', 'a'],
      ['a\n', 'a', ''],
      ['a\nb', 'a', 'b'],
      ['a\r\nb\r\n', 'a', 'b', ''],
      ['a\rb', 'a', 'b'],
      ['\r\n', '', ''],
      ['\r\r\n\n', '', '', '', ''],
      ['\n\r', '', '', ''],
      ['a\n\nb\r', 'a', '', 'b', ''],
    ] as const) {
      const lines = textLines(text);
      const name = JSON.stringify(text);
      assert.equal(lines.count, expected.length, name);
      assert.deepEqual([...linesBetween(lines, 0, lines.count)], expected, name);
      for (const i of [-1, lines.count, lines.count + 1]) assert.equal(lines.line(i), '', name);
    }
    assert.deepEqual([...linesBetween(textLines('a\nb\nc\nd'), 1, 3)], ['b', 'c']);
    assert.deepEqual([...linesBetween(textLines('a'), 0, 0)], []);
  });

  test('of bytes in UTF-16, too', async () => {
    const lines = await linesOfBytes(Buffer.from('\uFEFFgröße\nb', 'utf16le'), pause);
    assert.deepEqual([...linesBetween(lines, 0, lines.count)], ['größe', 'b']);
  });

  test('of pieces, of which some hold nothing', async () => {
    async function* pieces() {
      yield* await Promise.resolve(['', 'a\nb\n', '', 'c\n', 'd']);
    }
    const lines = await linesOfPieces(pieces());
    assert.deepEqual([...linesBetween(lines, -1, lines.count + 1)], ['', 'a', 'b', 'c', 'd', '']);
    assert.deepEqual(
      [3, 0, 2, 1, 3].map((i) => lines.line(i)),
      ['d', 'a', 'c', 'b', 'd'],
    );
  });
});

suite('lines of bytes', () => {
  /** More than a megabyte a piece, with characters of several bytes and all line breaks. */
  const text = Array.from({ length: 60_000 }, (_, i) =>
    i % 3 === 0 ? `-A KUBE-SERVICES größe ${i}\r\n` : `${'x'.repeat(i % 97)} 🦊 ${i}\n`,
  ).join('');

  for (const [name, whole] of [
    ['several pieces', text],
    ['several pieces, the last line without an end', `${text}last`],
    ['a lone carriage return', `a\rb\n${text}`],
    ['one short piece', '*nat\nCOMMIT\n'],
    ['no break at all', '*nat'],
    ['nothing', ''],
  ] as const) {
    test(name, async () => {
      const expected = textLines(whole);
      const lines = await linesOfBytes(Buffer.from(whole), pause);
      assert.equal(lines.count, expected.count);
      for (let i = 0; i < lines.count; i++) assert.equal(lines.line(i), expected.line(i));
      // Backwards and beside, too.
      for (let i = lines.count + 1; i >= -1; i -= 991)
        assert.equal(lines.line(i), expected.line(i));
    });
  }
});
