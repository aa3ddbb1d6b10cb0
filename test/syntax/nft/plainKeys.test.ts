import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Value } from '../../../src/core/rules/value';
import { lookUp } from '../../../src/core/trace/sets/tableSet';
import type { State } from '../../../src/core/trace/state';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
import { plainKeysOn } from '../../../src/syntax/nft/expressions/plainKeys';
import { singleValue } from '../../../src/syntax/nft/values/value';

const types = ['ipv4_addr', 'inet_proto', 'inet_service'];
const state = { lists: undefined, facts: new Map(), written: new Map() } as unknown as State;

suite('keys of single values', () => {
  test('are told without reading the elements; what is not one leaves the line to the reader', () => {
    const keys = (text: string) => plainKeysOn(text, 0, types);
    assert.deepEqual(
      keys('\t\t10.96.0.10 . tcp . 53 comment "a, } b" : goto service-X, 1.2.3.4 . 17 . 80,'),
      ['174063626|6|53', '16909060|17|80'],
    );
    assert.deepEqual(keys('\t\t1.2.3.4 . udp . 5 : drop }'), ['16909060|17|5']);
    for (const odd of [
      '1.2.3.0/24 . tcp . 80,',
      '1.2.3.4-1.2.3.9 . tcp . 80,',
      '1.2.3.4 . tcp . 80-90,',
      '1.2.3.4 . tcp . http,',
      '1.2.3.4 . tcp,',
      '1.2.3.4 . tcp . 80 . 9,',
      '1.2.3 . tcp . 80,',
      '1.2.3.256 . tcp . 80,',
      '* : drop,',
      '1.2.3.4 . tcp . 80 comment "cut',
      '1.2.3.4 . tcp . 80',
      '1.2.3.4 . tcp . 80 { }, 1.2.3.5 . tcp . 80,',
    ]) {
      assert.equal(keys(odd), undefined, odd);
    }
    assert.deepEqual(plainKeysOn('fd00::1, fd00::2 }', 0, ['ipv6_addr'])?.length, 2);
  });

  test('each element of a real listing is found as itself', () => {
    const path = '../../../samples/kubernetes-1.36-nftables/node-a/nft-list-ruleset.txt';
    const text = readFileSync(new URL(path, import.meta.url), 'utf8');
    const { tables } = nftRuleset('x', text);
    let found = 0;
    for (const table of tables) {
      for (const set of table.sets!.values()) {
        if (set.flags.includes('dynamic')) continue;
        for (const element of set.elements) {
          const key = element.key?.map(singleValue);
          if (!key?.every((value): value is Value => value !== undefined)) continue;
          const { range } = element;
          const reference = { kind: 'named', name: set.name, range } as const;
          const looked = lookUp(reference, key, table, state);
          assert.ok(looked.kind === 'found', `${set.name} ${range.line}`);
          assert.deepEqual(looked.element, element);
          found++;
        }
      }
    }
    assert.ok(found > 100, String(found));
    const [table] = tables;
    const range = { source: '', line: 0, start: 0, end: 0 };
    const none: Value[] = [
      { kind: 'address', address: { family: 4, words: [1] } },
      { kind: 'number', number: 6 },
      { kind: 'number', number: 1 },
    ];
    const looked = lookUp({ kind: 'named', name: 'service-ips', range }, none, table!, state);
    assert.equal(looked.kind, 'none');
  });
});
