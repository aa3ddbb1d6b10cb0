import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { finish } from '../../../src/core/work';
import { parseLinesInSlices } from '../../../src/syntax/lines';
import { eachListed } from '../../../src/syntax/nft/json/listed';
import type { Json } from '../../../src/syntax/nft/json/value';
import { nftJsonParser, nftParser } from '../../../src/syntax/nft/nodeFacts';

function listed(text: string): { readonly whole: boolean; readonly objects: readonly Json[] } {
  const objects: Json[] = [];
  const whole = finish(eachListed(text, (object) => objects.push(object)));
  return { whole, objects };
}

const awkward = [
  { a: 'a } ] " \\' },
  { b: '\\\\', c: ['{', { d: '"}"' }, '\\"'], 'e"{': [] },
  {},
  { f: null, g: [[1, -2.5e3], true] },
  ...[null, -2.5e3, 'a, ] }', true],
];

suite('nft -j: its objects one by one', () => {
  test('are those of JSON.parse', () => {
    const real = readFileSync('test/fixtures/nft/kube-proxy-1.36/nft-list-ruleset.json', 'utf8');
    for (const text of [
      real,
      JSON.stringify({ nftables: awkward }),
      ` ${JSON.stringify({ nftables: awkward }, undefined, 2)}\r\n`,
      '{"nftables":[]}',
    ]) {
      const { nftables } = JSON.parse(text) as { readonly nftables: readonly Json[] };
      assert.deepEqual(listed(text), { whole: true, objects: nftables });
    }
  });

  test('a set of thousands, which is parsed in pieces, is that of JSON.parse', () => {
    const elem = Array.from({ length: 5001 }, (_, i) =>
      i % 3 === 1 ? `10.0.0.${i}` : { elem: { val: i, comment: '"elem": [ ] , }' } },
    );
    const comment = 'x "elem": [1] '.repeat(20);
    for (const object of [
      { set: { comment, name: 'a', elem, flags: ['interval'] } },
      { set: { name: 'a', elem: [], comment: comment.repeat(500) } },
      {
        rule: { expr: [{ set: [{ elem }] }, { x: { elem: [1, 2] } }], comment: 'y'.repeat(70_000) },
      },
    ]) {
      const nftables = [object, { table: {} }];
      const text = JSON.stringify({ nftables });
      assert.deepEqual(listed(text), { whole: true, objects: nftables });
    }
    const text = JSON.stringify({ nftables: [{ set: { elem } }] });
    const pieces = [...eachListed(text, () => undefined)].length;
    for (const [right, wrong] of [
      ['}]}}', '},]}}'],
      ['"elem":[', '"elem":[,'],
      ['}]}}', '}}}'],
    ] as const) {
      assert.equal(listed(text.replace(right, wrong)).whole, false, wrong);
    }
    assert.ok(pieces >= text.length / 65_536, `${pieces} pauses`);
  });

  test('what is cut anywhere, or goes on behind its end, is not whole', () => {
    const text = JSON.stringify({ nftables: awkward });
    for (let end = 0; end < text.length; end++) {
      assert.equal(listed(text.slice(0, end)).whole, false, text.slice(0, end));
    }
    for (const wrong of [
      `${text}x`,
      `${text}}`,
      '{"nftables":[{}{}]}',
      '{"nftables":[{},]}',
      '{"nftables":[,{}]}',
      '{"nftables":[{"a":1]}',
      '{"nftables":[{a:1}]}',
      '{"nftables":{}}',
      '[]',
    ]) {
      assert.equal(listed(wrong).whole, false, wrong);
    }
  });

  test('hostile text takes no longer than its length', () => {
    for (const text of [
      '{"nftables":['.padEnd(500_000, '{'),
      `{"nftables":[{"${'\\'.repeat(500_000)}`,
    ]) {
      assert.equal(listed(text).whole, false);
    }
  });

  test('big rulesets are read with pauses, text and JSON', async () => {
    const chains = Array.from({ length: 6000 }, (_, i) => `service-${i}`);
    const about = { family: 'ip', table: 't' };
    const json = JSON.stringify({
      nftables: [
        { table: { family: 'ip', name: 't' } },
        ...chains.map((name) => ({ chain: { ...about, name, handle: 1 } })),
        ...chains.map((chain) => ({ rule: { ...about, chain, expr: [{ drop: null }] } })),
      ],
    });
    const text = `table ip t {\n${chains.map((name) => `\tchain ${name} {\n\t\tdrop\n\t}\n`).join('\n')}}\n`;
    for (const [written, parser, expected] of [
      [json, nftJsonParser('a'), 3],
      [text, nftParser('b'), 10],
    ] as const) {
      let pauses = 0;
      const pause = () => Promise.resolve(void pauses++);
      const { value, findings } = await parseLinesInSlices(written, parser, pause, Infinity);
      assert.deepEqual(findings, []);
      const [table] = value.nftables!.tables;
      assert.equal(table!.chains.size, chains.length);
      assert.equal(table!.chains.get('service-5999')!.rule(0).target?.kind, 'DROP');
      assert.ok(pauses >= expected, `${pauses} pauses`);
    }
  });
});
