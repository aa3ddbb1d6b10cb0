import assert from 'node:assert/strict';
import { embeddedYaml } from '../../../src/syntax/yaml/embedded';
import { at, pairAround, pairAt, stringAt, toValue } from '../../../src/core/yamlNode';
import type { YamlNode } from '../../../src/core/yamlNode';
import { mentionOf, objectReader } from '../../../src/syntax/yaml/objects';
import { findItems, parseYaml } from '../../../src/syntax/yaml/parse';
import { nextLine, splitDocuments } from '../../../src/syntax/yaml/split';
import { finish } from '../../../src/core/work';

suite('YAML: what stands around a place', () => {
  const text = 'a: 1\nspec:\n  ports:\n  - name: x\n    port: 80\n  - port: 81\nz:\n';
  const root = parseYaml(text).root(0);
  const path = (offset: number) => pairAround(root, offset)?.path.join('.');

  test('the innermost pair, from its key’s first character to its value’s last', () => {
    assert.equal(path(0), 'a');
    assert.equal(path(text.indexOf('1') + 1), 'a');
    assert.equal(path(text.indexOf('spec')), 'spec');
    assert.equal(path(text.indexOf('ports')), 'spec.ports');
    assert.equal(path(text.indexOf('name')), 'spec.ports.0.name');
    assert.equal(path(text.indexOf('80')), 'spec.ports.0.port');
    assert.equal(path(text.indexOf('80') + 2), 'spec.ports.0.port');
    assert.equal(path(text.indexOf('81')), 'spec.ports.1.port');
    // A key without a value.
    assert.equal(path(text.indexOf('z')), 'z');
    assert.equal(path(text.indexOf('z') + 1), 'z');
    assert.equal(path(text.length + 1), undefined);
    assert.equal(pairAround(undefined, 0), undefined);
    assert.equal(pairAround(at(root, 'a'), 0), undefined);
  });

  test('by path: a number is of a list, a name of a map, and of two equal keys the later counts', () => {
    const twice = parseYaml('a: 1\nb: [x]\na: "2"\n').root(0);
    assert.equal(stringAt(twice, 'a'), '2');
    assert.equal(at(twice, 0), undefined);
    assert.equal(at(twice, 'b', 'x'), undefined);
    assert.equal(stringAt(twice, 'b', 0), 'x');
    assert.equal(pairAt(twice, 'b', 'x'), undefined);
    assert.equal(pairAt(twice), undefined);
  });

  test('what is nested or repeated without measure has no plain value', () => {
    const range = { start: 0, end: 0 };
    const scalar: YamlNode = { kind: 'scalar', range, value: 1, style: 'plain' };
    const list = (items: readonly YamlNode[]): YamlNode => ({ kind: 'list', range, items });
    const nested = (levels: number): YamlNode =>
      levels === 0 ? scalar : list([nested(levels - 1)]);
    assert.ok(Array.isArray(toValue(nested(200))));
    assert.equal(toValue(nested(201)), undefined);
    // The list counts with its items.
    const long = (length: number) => toValue(list(new Array<YamlNode>(length - 1).fill(scalar)));
    assert.ok(Array.isArray(long(100_000)));
    assert.equal(long(100_001), undefined);
    assert.equal(toValue(undefined), undefined);
  });
});

suite('YAML: documents and objects, their ends', () => {
  test('a document ends behind the line of its ...; nothing but comments is none', () => {
    const parts = (text: string) =>
      splitDocuments(text).map((part) => text.slice(part.start, part.end));
    assert.deepEqual(parts('a: 1\n... # end\nb: 2'), ['a: 1\n... # end\n', 'b: 2']);
    assert.deepEqual(parts('a: 1\n...'), ['a: 1\n...']);
    assert.deepEqual(parts('---a: 1\n'), ['---a: 1\n']);
    assert.deepEqual(parts('---\ta: 1\n---'), ['---\ta: 1\n']);
    assert.deepEqual(parts('%YAML 1.2\n# c\n'), []);
    assert.deepEqual([nextLine('ab\ncd', 0), nextLine('ab\ncd', 3)], [3, 5]);
  });

  test('what may hold a kind is told from what certainly does not', () => {
    const mentions = mentionOf(['Service', 'Endpoints']);
    for (const text of [
      'kind: Service',
      '"kind" : "ServiceList"',
      "kind: 'Endpoints'",
      'kind: *k',
      'kind:\n  Service',
    ]) {
      assert.ok(mentions.test(text), text);
    }
    for (const text of ['kind: ServiceAccount', 'kind: Pod', 'mankind: Service', 'kind Service']) {
      assert.ok(!mentions.test(text), text);
    }
  });

  test('of an object its document, kind, version and problems are told', () => {
    const read = objectReader({ parseYaml, findItems }, ['Service', 'Pod']);
    const text =
      'kind: Pod\napiVersion: v1\na: 1\na: 2\n---\nkind: List\nitems:\n- kind: Service\n- kind: Other\n- items: []\n';
    const [pod, service, ...more] = finish(read(text));
    assert.deepEqual(more, []);
    assert.deepEqual(
      [pod!.kind, pod!.apiVersion, pod!.document, pod!.intact],
      ['Pod', 'v1', 0, true],
    );
    assert.deepEqual(
      pod!.problems.map(({ code, range }) => `${code} ${range.start}`),
      [`DUPLICATE_KEY ${text.indexOf('a: 2')}`],
    );
    assert.equal(text.slice(pod!.range.start, pod!.range.end), text.slice(0, text.indexOf('---')));
    assert.deepEqual(
      [service!.kind, service!.apiVersion, service!.document],
      ['Service', undefined, 1],
    );
    assert.equal(text.slice(service!.range.start, service!.range.end), 'kind: Service\n');
  });

  test('a document that no object can be as long as is passed over, a list is not', () => {
    const read = (text: string) =>
      finish(objectReader({ parseYaml, findItems }, ['Service'])(text)).length;
    const long = '# '.padEnd(2_000_000, 'x');
    assert.equal(read('kind: Service\n'), 1);
    assert.equal(read(`kind: Service\n${long}\n`), 0);
    assert.equal(read(`kind: List\nitems:\n- kind: Service\n${long}\n`), 1);
  });
});

suite('YAML in a string of YAML, its kinds', () => {
  const embedded = (text: string) => {
    const value = at(parseYaml(text).root(0), 'a');
    assert.equal(value?.kind, 'scalar');
    const found = embeddedYaml(value, text, parseYaml);
    const range = at(found.root, 'x')?.range;
    return { ...found, text: range && text.slice(range.start, range.end) };
  };

  test('a plain or folded string has one place for all; a number is no document', () => {
    const plain = embedded('a: "{x: 1}"\n');
    assert.deepEqual([plain.exact, plain.text], [true, '1']);
    const bare = embedded('a: x\n');
    assert.deepEqual([bare.exact, bare.root?.range], [false, { start: 3, end: 4 }]);
    const folded = embedded('a: >\n  x: 1\n');
    assert.equal(folded.exact, false);
    assert.equal(at(folded.root, 'x')?.kind, 'scalar');
    assert.equal(embedded('a: 5\n').root, undefined);
  });

  test('a mark of a document is taken away only where it comes first', () => {
    assert.equal(embedded('a: |\n  ---\n  x: 1\n').text, '1');
    assert.equal(embedded('a: |\n\n  # c\n  ---\n  x: 1\n').text, '1');
    assert.equal(embedded('a: |\n  x: 1\n').text, '1');
    assert.equal(embedded('a: |\n  # only\n').root, undefined);
  });

  test('each escape of double quotes is one character, what follows stands where it stands', () => {
    for (const escape of [
      '\\0',
      '\\a',
      '\\b',
      '\\t',
      '\\v',
      '\\f',
      '\\r',
      '\\e',
      '\\ ',
      '\\"',
      '\\/',
      '\\\\',
      '\\N',
      '\\_',
      '\\L',
      '\\P',
      '\\x41',
      '\\u0041',
      '\\U00000041',
      '\\U0001F600',
    ]) {
      const { exact, text } = embedded(`a: "# ${escape}\\nx: yes"\n`);
      // YAML takes some of them for a line break, which ends the comment.
      assert.equal(exact, true, escape);
      assert.equal(text, 'yes', escape);
    }
    assert.deepEqual(embedded("a: '{x: ''1''}'\n").text, "''1''");
  });
});
