import assert from 'node:assert/strict';
import { linesOfBytes, textLines } from '../../src/syntax/textLines';

const pause = () => Promise.resolve();

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
