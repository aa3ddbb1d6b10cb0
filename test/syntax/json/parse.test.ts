import assert from 'node:assert/strict';
import fc from 'fast-check';
import { finish } from '../../../src/core/work';
import { jsonError, parseJson, parseJsonAt } from '../../../src/syntax/json/parse';
import { withPauses } from '../../pauses';

const inPieces = (text: string, atOnce?: number): unknown => finish(parseJson(text, atOnce));

function byJsonParse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

suite('JSON parsed in pieces', () => {
  const pieces = fc.integer({ min: 1, max: 60 });

  test('is what JSON.parse makes of it, for pieces of any size', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat({ max: 3 }), pieces, (value, indent, atOnce) => {
        const text = JSON.stringify(value, undefined, indent);
        assert.deepEqual(inPieces(text, atOnce), byJsonParse(text));
      }),
    );
  });

  test('is refused where JSON.parse refuses it', () => {
    const odd = fc.constantFrom(...'[]{},:"\\ 1-', '\0', '\f', 'null', '');
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.array(fc.record({ at: fc.nat(), length: fc.nat({ max: 2 }), odd }), { maxLength: 3 }),
        pieces,
        (value, changes, atOnce) => {
          const text = changes.reduce((so, { at, length, odd: piece }) => {
            const from = at % (so.length + 1);
            return so.slice(0, from) + piece + so.slice(from + length);
          }, JSON.stringify(value));
          assert.deepEqual(inPieces(text, atOnce), byJsonParse(text), text);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('has no member where a comma stands without one', () => {
    const long = JSON.stringify('x'.repeat(20));
    for (const text of [
      ...[
        `[,${long}]`,
        `[${long},]`,
        `[${long},,${long}]`,
        `[${long} ${long}]`,
        `[,]`,
        `[${long}}`,
      ],
      ...[`{,"a":${long}}`, `{"a":${long},}`, `{"a":[${long}}`, `{"a" [${long}]}`, `{[${long}]}`],
      ...[`[${long}]]`, `[[${long}]`, `{"a":[${long}]`, `{1:[${long}]}`],
    ]) {
      assert.equal(inPieces(text, 8), undefined, text);
    }
  });

  test('keys that JavaScript knows are keys like any other, and the last of two counts', () => {
    const text = '{"__proto__":{"a":[1,2,3]},"constructor":1,"b":[1,2,3],"b":[4,5,6],"7":0}';
    const value = inPieces(text, 4);
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.deepEqual(JSON.stringify(value), JSON.stringify(JSON.parse(text)));
  });

  test('pauses within long lists, however deep they stand', () => {
    const item = { metadata: { name: 'a' }, spec: { ports: [{ port: 80 }] } };
    const subset = { addresses: Array.from({ length: 5000 }, (_, i) => ({ ip: `10.0.0.${i}` })) };
    for (const value of [
      Array.from({ length: 5000 }, () => item),
      { kind: 'List', items: Array.from({ length: 5000 }, () => item) },
      { kind: 'EndpointsList', items: [{ subsets: [subset] }] },
      { data: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`key-${i}`, 'value'])) },
    ]) {
      const text = JSON.stringify(value);
      const { value: read, pauses } = withPauses(parseJson(text));
      assert.deepEqual(read, value);
      assert.ok(pauses >= Math.floor(text.length / 65_536), `${pauses} pauses of ${text.length}`);
    }
  });

  test('a member of a longer text is read to its end, a long one with pauses', () => {
    const long = JSON.stringify({ elem: Array.from({ length: 40_000 }, (_, i) => i) });
    for (const [member, least] of [
      ['12', 0],
      ['"a, ]"', 0],
      ['{"a": [1, 2]}', 0],
      [long, Math.floor(long.length / 65_536)],
    ] as const) {
      const text = `[0, ${member} , 1]`;
      const { value, pauses } = withPauses(parseJsonAt(text, 3));
      assert.deepEqual(value?.value, JSON.parse(member));
      assert.match(text.slice(value!.end, value!.end + 2), /^ ?,/);
      assert.ok(pauses >= least, `${pauses} pauses of ${member.length}`);
    }
    for (const broken of ['', ', 1', '{"a": 1', long.slice(0, -1), long.replace(',9,', ',,')]) {
      assert.equal(finish(parseJsonAt(`[0, ${broken}`, 3)), undefined, broken.slice(0, 9));
    }
  });

  test('blanks are those of JSON, and no others', () => {
    const long = JSON.stringify('x'.repeat(20));
    for (const blank of [' ', '\t', '\r', '\n', '\r\n\t ']) {
      const text = `${blank}[${blank}1${blank},${blank}${long}${blank}]${blank}`;
      assert.deepEqual(inPieces(text, 4), JSON.parse(text));
    }
    for (const other of ['\f', '\v', '\u00a0', '\ufeff']) {
      assert.equal(inPieces(`[1,${other}${long}]`, 4), undefined);
      assert.equal(inPieces(`${other}[1,${long}]`, 4), undefined);
    }
  });

  test('what is wrong with a text is told of one that is short enough to be read at once', () => {
    assert.equal(jsonError('[1]'), undefined);
    assert.ok(jsonError('[1') instanceof SyntaxError);
    const most = `[${' '.repeat(65_535)}`;
    assert.ok(jsonError(most) instanceof SyntaxError);
    assert.equal(jsonError(` ${most}`), undefined);
  });

  test('a text of nothing but brackets, quotes or backslashes is refused', () => {
    for (const unit of ['[', '{"a":', '[[],', '"', '\\', '"\\"', '[1,', '{"a":[', '[{"a":"b"},']) {
      const text = unit.repeat(300_000);
      assert.equal(inPieces(text), undefined);
    }
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    assert.ok(Array.isArray(inPieces(deep)));
  });
});
