import assert from 'node:assert/strict';
import { loadYaml } from '../../src/cluster/loadYaml';
import { encode, wholeLines } from '../../src/cluster/pieces';

async function all<T>(work: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of work) found.push(one);
  return found;
}

suite('pieces of a large text', () => {
  test('whole lines of about a megabyte; a longer line stays whole', async () => {
    const line = `${'x'.repeat(99)}\n`;
    const text = line.repeat(25_000);
    const pieces = await all(wholeLines([text.slice(0, 50), text.slice(50)]));
    assert.equal(pieces.join(''), text);
    assert.deepEqual(
      [pieces.length > 1, pieces.every((piece) => piece.endsWith('\n'))],
      [true, true],
    );
    assert.ok(pieces.every((piece) => piece.length <= 1.1 * 1024 * 1024));
    const long = `${'y'.repeat(3 * 1024 * 1024)}\nend`;
    assert.deepEqual(
      (await all(wholeLines([long]))).map((piece) => piece.length),
      [long.length - 3, 3],
    );
    assert.deepEqual(await all(wholeLines([])), []);
  });

  test('bytes of characters that are longer than one', async () => {
    async function* parts() {
      yield 'a–';
      yield '中';
    }
    assert.equal(Buffer.from(await encode(parts())).toString(), 'a–中');
  });
});

suite('YAML that repeats itself', () => {
  test('an alias is read; one of itself, and thirty lines for thousands of millions, are refused', () => {
    assert.deepEqual(loadYaml('a: &x [1]\nb: *x\nc: *x\n'), { a: [1], b: [1], c: [1] });
    assert.throws(() => loadYaml('a: &x\n  b: *x\n'), /aliases repeat too much/);
    const bomb = Array.from(
      { length: 30 },
      (_, i) => `a${i}: &a${i} [${i === 0 ? '1, 1' : `*a${i - 1}, *a${i - 1}`}]`,
    );
    assert.throws(() => loadYaml(`${bomb.join('\n')}\n`), /aliases repeat too much/);
    assert.equal(loadYaml('"*"'), '*');
    assert.deepEqual(loadYaml('{"a": null, "b": "*"}'), { a: null, b: '*' });
  });
});
