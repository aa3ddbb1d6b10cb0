import assert from 'node:assert/strict';
import { Budget } from '../../../src/cluster/bundle/archive/budget';
import { formOf, unpackerOf } from '../../../src/cluster/bundle/archive/form';
import { safePath } from '../../../src/cluster/bundle/archive/safePath';

suite('what an archive is, may name and may cost', () => {
  test('its form by its first bytes', () => {
    const head = (...bytes: number[]) =>
      Uint8Array.from([...bytes, ...new Array<number>(300).fill(0)]);
    const tar = new Uint8Array(512);
    tar.set(Buffer.from('ustar'), 257);
    for (const [bytes, form] of [
      [head(0x50, 0x4b, 3, 4), 'zip'],
      [head(0x50, 0x4b, 5, 6), 'zip'],
      [head(0x50, 0x4b, 3, 6), undefined],
      [head(0x1f, 0x8b), 'gzip'],
      [head(0x1f, 0x8c), undefined],
      [head(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), 'xz'],
      [tar, 'tar'],
      [new Uint8Array(3), undefined],
    ] as const) {
      assert.equal(formOf(bytes), form);
    }
    assert.equal(unpackerOf(head(0x28, 0xb5, 0x2f, 0xfd)), 'zstd -d');
    assert.equal(unpackerOf(head(0x42, 0x5a, 0x68)), 'bunzip2 -k');
    assert.equal(unpackerOf(head(0x42, 0x5a, 0x69)), undefined);
  });

  test('a path that stays inside, and those that do not', () => {
    for (const [path, safe] of [
      ['a/b.txt', 'a/b.txt'],
      ['./a//./b.txt', 'a/b.txt'],
      ['a\\b.txt', 'a/b.txt'],
      ['a/..b', 'a/..b'],
      ['../a', undefined],
      ['a/../../b', undefined],
      ['/etc/passwd', undefined],
      ['\\\\host\\x', undefined],
      ['C:\\x', undefined],
      ['c:x', undefined],
      ['a\0b', undefined],
      ['.', undefined],
      ['', undefined],
    ] as const) {
      assert.equal(safePath(path), safe, path);
    }
    assert.equal(safePath('a'.repeat(4096)), 'a'.repeat(4096));
    assert.equal(safePath('a'.repeat(4097)), undefined);
  });

  const limits = { entries: 2, fileBytes: 10, keptBytes: 15, unpackedBytes: 100, depth: 1 };

  test('so many entries and bytes, and not one more', () => {
    const budget = new Budget(limits);
    const why = () => budget.exhausted;
    for (let i = 0; i < 2; i++) budget.entry();
    budget.unpack(100);
    assert.equal(why(), undefined);
    budget.unpack(1);
    assert.match(why() ?? '', /^Unpacked/);
    budget.entry();
    assert.match(why() ?? '', /more than 2 entries/);
    assert.deepEqual(budget.notes, [why()]);
    assert.deepEqual([budget.deeper(0), budget.deeper(1)], [true, false]);
  });

  test('a file that is too large, or has no room beside the others, is left out with a note', () => {
    const budget = new Budget(limits);
    assert.equal(budget.fits('a', 10), true);
    assert.equal(budget.fits('a', 11), false);
    budget.keep(8);
    assert.equal(budget.fits('b', 7), true);
    assert.equal(budget.fits('b', 8), false);
    assert.equal(budget.fits('c', 8), false);
    assert.deepEqual(
      budget.notes.map((note) => note.split(' ').slice(0, 2).join(' ')),
      ['a is', 'The files'],
    );
    for (let i = 0; i < 50; i++) budget.leaveOut(`note ${i}`);
    assert.equal(budget.notes.length, 20);
  });
});
