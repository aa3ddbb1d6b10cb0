import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fillIndex, fillIndexInSlices } from '../../src/syntax/indexLines';
import { KindIndex } from '../../src/syntax/kindIndex';
import { Names } from '../../src/syntax/names';
import { textLines } from '../../src/syntax/textLines';

const kinds = ['blank', 'short', 'long'] as const;

/** What a line is by its length, its text as a name, and its length. */
class LengthIndex extends KindIndex<(typeof kinds)[number], Int32Array> {
  constructor(capacity = 2) {
    super(kinds, capacity, new Int32Array(capacity));
  }

  protected set(line: number, text: string): void {
    const [kind, name, length] = this.lines.columns;
    kind[line] = text === '' ? 0 : text.length < 3 ? 1 : 2;
    name[line] = this.names.intern(text, 0, text.length, name[line - 1] ?? 0);
    length[line] = text.length;
  }

  get all(): readonly unknown[] {
    const [, names, lengths] = this.lines.columns;
    return Array.from({ length: this.count }, (_, line) => [
      ...[this.kind(line), this.kindCode(line), this.names.text(names[line]!), lengths[line]],
    ]);
  }
}

const expected = (lines: readonly string[]) =>
  lines.map((text) => {
    const code = text === '' ? 0 : text.length < 3 ? 1 : 2;
    return [kinds[code], code, text, text.length];
  });

const indexOf = (lines: readonly string[]) =>
  fillIndex(new LengthIndex(), textLines(lines.join('\n')));

suite('an index of lines', () => {
  test('holds each line, however many', () => {
    const lines = ['a', '', 'abc', 'abc', 'ab', 'xbc', 'abcd', 'a'];
    assert.deepEqual(indexOf(lines).all, expected(lines));
    assert.equal(indexOf(lines).count, lines.length);
  });

  test('after edits as one that is made anew', () => {
    const texts = fc.array(fc.constantFrom('', 'a', 'ab', 'abc', 'xyz'), { maxLength: 12 });
    const edits = fc.array(fc.tuple(fc.nat(15), fc.nat(15), texts), { maxLength: 6 });
    fc.assert(
      fc.property(texts, edits, (first, edits) => {
        const lines = first.length > 0 ? [...first] : [''];
        const index = indexOf(lines);
        for (const [start, removed, added] of edits) {
          index.edit(start, removed, added);
          lines.splice(start, removed, ...added);
        }
        assert.deepEqual(index.all, expected(lines));
      }),
    );
  });

  test('an edit outside of it is one at its end', () => {
    const index = indexOf(['a', 'b']);
    index.edit(9, 9, ['c']);
    index.edit(-3, -1, ['d']);
    assert.deepEqual(index.all, expected(['d', 'a', 'b', 'c']));
    index.edit(2, 9, []);
    assert.deepEqual(index.all, expected(['d', 'a']));
  });

  suite('filled in slices', () => {
    const lines = textLines(Array.from({ length: 2000 }, (_, i) => `${i}`).join('\n'));

    test('pauses after each 512 lines, where the time is over', async () => {
      let pauses = 0;
      const pause = () => Promise.resolve(void pauses++);
      const index = await fillIndexInSlices(new LengthIndex(), lines, pause, { slice: 0 });
      assert.equal(index?.count, 2000);
      assert.equal(pauses, 3);
      await fillIndexInSlices(new LengthIndex(), lines, pause, { slice: 1e9 });
      assert.equal(pauses, 3);
    });

    test('ends at a pause when nobody wants it', async () => {
      const stop = new AbortController();
      const pause = () => Promise.resolve(stop.abort());
      const { signal } = stop;
      const index = new LengthIndex();
      assert.equal(await fillIndexInSlices(index, lines, pause, { slice: 0, signal }), undefined);
      assert.equal(index.count, 512);
    });
  });
});

suite('names as numbers', () => {
  test('the same name is the same number, whatever is guessed', () => {
    const names = new Names();
    const text = 'KUBE-SVC-A KUBE-SVC-B KUBE-SEP-A';
    const a = names.intern(text, 0, 10, 0);
    const b = names.intern(text, 11, 21, a);
    const c = names.intern(text, 22, 32, a);
    assert.deepEqual([a, b, c], [1, 2, 3]);
    assert.equal(names.intern(text, 0, 10, a), a);
    assert.equal(names.intern(text, 0, 10, b), a);
    assert.equal(names.intern(text, 0, 4, a), 4);
    assert.equal(names.size, 5);
    assert.equal(names.text(b), 'KUBE-SVC-B');
    assert.equal(names.find('KUBE-SVC-B'), b);
  });

  test('0 is none', () => {
    const names = new Names();
    assert.equal(names.intern('abc', 1, 1, 0), 0);
    assert.equal(names.intern('abc', 2, 1, 0), 0);
    assert.equal(names.find('x'), 0);
    assert.equal(names.text(0), '');
    assert.equal(names.text(9), '');
    assert.equal(names.size, 1);
  });
});
