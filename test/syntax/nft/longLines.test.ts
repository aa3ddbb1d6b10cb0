import assert from 'node:assert/strict';
import type { NodeState } from '../../../src/core/node';
import type { Value } from '../../../src/core/rules/value';
import { indexElements, lookUp } from '../../../src/core/trace/sets/tableSet';
import { unready } from '../../../src/core/trace/sets/ready';
import type { State } from '../../../src/core/trace/state';
import { linePieces, pieceAt } from '../../../src/syntax/nft/text/linePieces';
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

function tablesOf(blocks: string) {
  return nftRuleset('x', `table ip t {\n${blocks}\n}\n`).tables;
}

function tableOf(type: string, elements: string) {
  const kind = type.includes(':') ? 'map' : 'set';
  const flags = type === 'ipv4_addr' ? '\n\t\tflags interval' : '';
  return tablesOf(
    `\t${kind} s {\n\t\ttype ${type}${flags}\n\t\telements = { ${elements} }\n\t}`,
  )[0]!;
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

  for (const separator of [', ', ',\n\t\t\t     ']) {
    test(`a set of thousands in a rule is read in pieces when it is gone over: ${JSON.stringify(separator)}`, () => {
      const texts = Array.from(
        { length: count },
        (_, i) => `${element['ipv4_addr : verdict']!(i)}`,
      );
      const ruleOf = (elements: string) =>
        tablesOf(`\tchain c {\n\t\tip daddr vmap { ${elements} } counter # handle 7\n\t}`)[0]!
          .chains.get('c')!
          .rule(0);
      const rule = ruleOf(texts.join(separator));
      assert.deepEqual(
        [rule.statements.map(({ kind }) => kind), rule.handle],
        [['vmap', 'counter'], 7],
      );
      const [map] = rule.statements;
      assert.ok(map?.kind === 'vmap' && map.map.kind === 'anonymous');
      const { elements } = map.map;
      assert.ok(!Array.isArray(elements) && elements.plain);
      assert.equal(elements.length, count);
      const read = [...elements];
      for (const i of [0, 1, 6001, count - 1]) {
        const alone = ruleOf(texts[i]!).statements[0];
        assert.ok(alone?.kind === 'vmap' && alone.map.kind === 'anonymous');
        const [expected] = alone.map.elements;
        assert.deepEqual([read[i]!.key, read[i]!.comment], [expected!.key, expected!.comment]);
        const { line, start, end } = read[i]!.range;
        const written = texts.join(separator).split('\n')[line - 2]!;
        const from = line === 2 ? start - '\t\tip daddr vmap { '.length : start;
        assert.ok(written.slice(from).startsWith(texts[i]!) && end - start === texts[i]!.length);
      }

      let pauses = 0;
      const work = unready(rule, tablesOf('')[0]!, { sets: undefined } as NodeState);
      while (work?.next().done === false) pauses++;
      assert.ok(pauses >= 1, String(pauses));
      const found = lookUp(map.map, [singleValue(read[7]!.key![0]!)!], tablesOf('')[0]!, state);
      assert.ok(found.kind === 'found' && found.element.data?.kind === 'verdict');
    });
  }

  test('braces in braces, or without an end, are read as where they are short', () => {
    for (const make of [
      (listed: string) => `{ ${listed}{ 10.0.0.2 } } accept`,
      (listed: string) => `{ ${listed} accept`,
    ]) {
      const [long, short] = [2000, 2].map((times) => {
        const rule = `ip daddr ${make('10.0.0.1, '.repeat(times))}`;
        const [table] = tablesOf(`\tchain c {\n\t\t${rule}\n\t}`);
        return table!.chains
          .get('c')!
          .rule(0)
          .statements.map(({ kind }) => kind);
      });
      assert.deepEqual(long, short);
    }
  });
});
