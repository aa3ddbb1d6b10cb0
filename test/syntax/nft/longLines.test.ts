import assert from 'node:assert/strict';
import type { Value } from '../../../src/core/rules/value';
import { indexElements, lookUp } from '../../../src/core/trace/sets/tableSet';
import type { State } from '../../../src/core/trace/state';
import { linePieces, pieceAt } from '../../../src/syntax/nft/ruleset/linePieces';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
import { singleValue } from '../../../src/syntax/nft/values/value';

const state = { lists: undefined, facts: new Map(), written: new Map() } as unknown as State;
const count = 12_000;

const element: Readonly<Record<string, (i: number) => string>> = {
  'ipv4_addr : verdict': (i) =>
    `10.${i >> 8}.${i & 255}.1 comment "a, }" : ${i % 2 ? 'accept' : 'drop'}`,
  'ipv4_addr . inet_service': (i) => `10.${i >> 8}.${i & 255}.1 . ${i + 1}`,
  ipv4_addr: (i) => `10.${i >> 8}.${i & 255}.0/24`,
};

function tableOf(type: string, elements: string) {
  const kind = type.includes(':') ? 'map' : 'set';
  const flags = type === 'ipv4_addr' ? '\n\t\tflags interval' : '';
  const text = `table ip t {\n\t${kind} s {\n\t\ttype ${type}${flags}\n\t\telements = { ${elements} }\n\t}\n}\n`;
  return nftRuleset('x', text).tables[0]!;
}

suite('nft: sets of thousands in one line', () => {
  for (const [type, make] of Object.entries(element)) {
    test(`${type}: read in pieces, each element found, as where each has its line`, () => {
      const texts = Array.from({ length: count }, (_, i) => make(i));
      const long = tableOf(type, texts.join(', '));
      const { elements } = long.sets!.get('s')!;
      assert.equal(elements.length, count);
      const short = [...tableOf(type, texts.join(',\n\t\t\t     ')).sets!.get('s')!.elements];
      const plain = (one: unknown) =>
        JSON.stringify(one, (key, value: unknown) => (key === 'range' ? undefined : value));
      assert.equal(plain([...elements]), plain(short));

      let longest = 0;
      let read = 0;
      for (const part of elements.plain!.parts()) {
        const size = 'keys' in part ? part.keys.length : part.elements.length;
        longest = Math.max(longest, size);
        read += size;
      }
      assert.ok(read === count && longest < 1000, `${read} read, ${longest} at once`);

      let pauses = 0;
      for (const work = indexElements(elements); work.next().done !== true; pauses++);
      assert.ok(pauses >= 1, String(pauses));
      for (const wanted of [0, 1, 6001, count - 1].map((i) => short[i]!)) {
        const key = wanted.key!.map((part): Value =>
          part.kind === 'network'
            ? { kind: 'address', address: part.network.address }
            : singleValue(part)!,
        );
        const reference = { kind: 'named', name: 's', range: wanted.range } as const;
        const found = lookUp(reference, key, long, state);
        assert.ok(found.kind === 'found' && plain(found.element) === plain(wanted));
        const missing = key.map((part): Value =>
          part.kind === 'number' ? { kind: 'number', number: 65_000 } : part,
        );
        if (type.includes('service')) {
          assert.equal(lookUp(reference, missing, long, state).kind, 'none');
        }
      }
    });
  }

  test('a line is cut behind commas outside of quotes, and ends with its brace', () => {
    const long = `elements = { ${'1.1.1.1 comment "x, } y", '.repeat(1000)}2.2.2.2 } 3.3.3.3, `;
    const pieces = [...linePieces(long)];
    assert.ok(pieces.length > 2);
    for (const { start, end } of pieces.slice(0, -1)) {
      assert.match(long.slice(start, end), /y",$/);
    }
    assert.match(long.slice(0, pieces.at(-1)!.end), /2\.2\.2\.2 }$/);
    assert.deepEqual(pieceAt(long, 9000), pieces[1]);
    assert.deepEqual(pieceAt(long, long.length), pieces.at(-1));
    assert.deepEqual([...linePieces('1.1.1.1 } a, b')], [{ start: 0, end: 14 }]);
  });
});
