import assert from 'node:assert/strict';
import { at, toValue } from '../../../src/core/yamlNode';
import { finish } from '../../../src/core/work';
import { objectReader } from '../../../src/syntax/yaml/objects';
import { findItems, parseYaml } from '../../../src/syntax/yaml/parse';
import { splitDocuments } from '../../../src/syntax/yaml/split';

/** A licence above a manifest, as an editor on Windows writes it. */
function licence(lines: number): string {
  return `${'# Licensed under the Apache License\r\n'.repeat(lines)}kind: Service\r\n`;
}

/** Each map merges the one before twice: 2 to the power of `depth` pairs. */
function mergeBomb(depth: number): string {
  const lines = Array.from(
    { length: depth },
    (_, i) => `a${i + 1}: &a${i + 1}\n  <<: [*a${i}, *a${i}]`,
  );
  return `a0: &a0\n  key: 1\n${lines.join('\n')}\n`;
}

suite('YAML that is made to take for ever', () => {
  test('a thousand lines of comment with CRLF above a document belong to it', () => {
    const text = licence(1000);
    assert.deepEqual(splitDocuments(text), [{ start: 0, end: text.length }]);
    assert.deepEqual(splitDocuments('# only\r\n'.repeat(1000)), []);
  });

  test('a comment, a directive and a byte order mark before --- are no document', () => {
    const text = '\uFEFF%YAML 1.2\r\n # comment\r\n\t\r\n---\r\na: 1\r\n';
    assert.deepEqual(splitDocuments(text), [{ start: 0, end: text.length }]);
    assert.equal(splitDocuments(' %not a directive\n---\na: 1\n').length, 2);
  });

  test('merges that double thirty times are refused, with the reason', () => {
    const bomb = parseYaml(mergeBomb(30));
    assert.equal(bomb.root(0), undefined);
    assert.deepEqual(
      bomb.problems(0).map(({ code }) => code),
      ['TOO_MANY_MERGES'],
    );
    const few = parseYaml(mergeBomb(3)).root(0);
    assert.deepEqual(toValue(at(few, 'a3')), { key: 1 });
  });

  test('two thousand maps that merge the one before are refused', () => {
    const chain = Array.from({ length: 2_000 }, (_, i) => `a${i + 1}: &a${i + 1} { <<: *a${i} }`);
    const parsed = parseYaml(`a0: &a0 { key: 1 }\n${chain.join('\n')}\n`);
    assert.equal(parsed.root(0), undefined);
  });

  test('a map that merges itself keeps its own keys', () => {
    const root = parseYaml('a: &a\n  <<: *a\n  b: 1\n').root(0);
    assert.deepEqual(toValue(root), { a: { b: 1 } });
  });

  test('of 10,000 equal anchors an alias takes the last before it', () => {
    const anchors = Array.from({ length: 10_000 }, (_, i) => `- [&x ${i}, *x]\n`).join('');
    const value = toValue(parseYaml(anchors).root(0)) as number[][];
    assert.equal(value.length, 10_000);
    assert.ok(value.every(([own, alias], i) => own === i && alias === i));
  });

  test('of a list on one line no more is parsed than there is', () => {
    const service = (i: number) => ({ kind: 'Service', metadata: { name: `web-${i}` }, spec: {} });
    const items = Array.from({ length: 1000 }, (_, i) => service(i));
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    let parsed = 0;
    const parse = (part: string) => {
      parsed += part.length;
      return parseYaml(part);
    };
    const objects = finish(objectReader({ parseYaml: parse, findItems }, ['Service'])(text));
    assert.equal(objects.length, 1000);
    const [first] = objects;
    assert.equal(text.slice(first!.range.start, first!.range.end).startsWith('{"kind"'), true);
    assert.ok(parsed <= text.length, `${parsed} of ${text.length} characters`);
  });

  test('a document longer than any object, and a list longer than is kept, cost only themselves', () => {
    const parsed: number[] = [];
    const parse = (part: string) => {
      parsed.push(part.length);
      return parseYaml(part);
    };
    const small = (name: string) => `kind: Service\nmetadata:\n  name: ${name}\n`;
    const long = `${small('long')}  annotations:\n${`    a: ${'b'.repeat(1000)}\n`.repeat(2100)}`;
    const item = `- kind: Service\n  metadata: {name: item}\n  spec: {type: ${'x'.repeat(2000)}}\n`;
    const list = `kind: List\nitems:\n${item.repeat(4000)}`;
    const text = [small('before'), long, list, small('behind')].join('---\n');
    const work = objectReader({ parseYaml: parse, findItems }, ['Service'])(text);
    const names = finish(work).map(({ root }) => toValue(at(root, 'metadata', 'name')!));
    assert.deepEqual(names, ['before', 'behind']);
    assert.ok(parsed.every((length) => length < 100));
  });
});
