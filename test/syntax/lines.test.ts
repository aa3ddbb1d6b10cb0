import assert from 'node:assert/strict';
import {
  lineRange,
  linesOf,
  parseLines,
  parseLinesInSlices,
  unknownLine,
  wordsOf,
  type LineReader,
} from '../../src/syntax/lines';

suite('a text line by line', () => {
  test('a line ends with LF, CR LF or CR; the last need not', () => {
    for (const [text, lines] of [
      ['', []],
      ['a', ['a']],
      ['a\n', ['a']],
      ['a\nb', ['a', 'b']],
      ['a\r\nb\rc\n', ['a', 'b', 'c']],
      ['\n\na', ['', '', 'a']],
      ['a\r\n\r\n', ['a', '']],
      ['a\n\r', ['a', '']],
      [' a \n', [' a ']],
    ] as const) {
      assert.deepEqual([...linesOf(text)], lines, JSON.stringify(text));
    }
  });

  test('words, with what is quoted in them', () => {
    for (const [line, words] of [
      ['', []],
      [' \t', []],
      ['add S 10.0.0.1', ['add', 'S', '10.0.0.1']],
      ['  a\tb  ', ['a', 'b']],
      ['comment "two words" x', ['comment', '"two words"', 'x']],
      ['a="b c"d e', ['a="b c"d', 'e']],
      ['"say \\"hi there\\"" x', ['"say \\"hi there\\""', 'x']],
      ['"a \\\\" b', ['"a \\\\"', 'b']],
      ['"cut off', ['"cut off']],
      ['"cut off\\', ['"cut off\\']],
      ['"" x', ['""', 'x']],
    ] as const) {
      assert.deepEqual(
        wordsOf(line).map(({ text }) => text),
        words,
        line,
      );
      for (const { text, start, end } of wordsOf(line)) assert.equal(line.slice(start, end), text);
    }
  });

  test('the place of a line is that of its text', () => {
    const place = (text: string) => {
      const { source, line, start, end } = lineRange('x', 7, text);
      assert.deepEqual([source, line], ['x', 7]);
      return [start, end];
    };
    assert.deepEqual(place('  a b '), [2, 5]);
    assert.deepEqual(place('a'), [0, 1]);
    assert.deepEqual(place(''), [0, 0]);
    assert.deepEqual(place('   '), [3, 3]);
    const range = lineRange('x', 7, 'a');
    assert.deepEqual(
      { ...unknownLine(range, 'ipset'), message: undefined },
      { severity: 'warning', code: 'unknown-line', message: undefined, range },
    );
  });

  suite('a reader of lines', () => {
    const finding = unknownLine(lineRange('x', 0, 'a'), 'x');
    function reader(): LineReader<readonly string[]> {
      const value: string[] = [];
      return {
        line: (text, number) => void value.push(`${number} ${text}`),
        end: () => ({ value, findings: [finding] }),
      };
    }
    const text = 'a\nb\nc\nd\ne\n';
    const expected = { value: ['0 a', '1 b', '2 c', '3 d', '4 e'], findings: [finding] };

    test('gets each with its number, at once or with a pause after some', async () => {
      assert.deepEqual(parseLines(text, reader()), expected);
      let pauses = 0;
      const pause = () => Promise.resolve(void pauses++);
      assert.deepEqual(await parseLinesInSlices(text, reader(), pause, 2), expected);
      assert.equal(pauses, 2);
      await parseLinesInSlices('a\n'.repeat(1000), reader(), pause);
      assert.equal(pauses, 6);
    });

    test('may pause at its end, too', async () => {
      let pauses = 0;
      const pause = () => Promise.resolve(void pauses++);
      const ending = {
        ...reader(),
        *ending() {
          yield;
          yield;
          return { value: ['other'], findings: [] };
        },
      };
      assert.deepEqual(await parseLinesInSlices(text, ending, pause), {
        ...{ value: ['other'], findings: [] },
      });
      assert.ok(pauses >= 1);
      assert.deepEqual(parseLines(text, { ...ending, ...reader() }), expected);
    });
  });
});
