import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { at, stringAt, toValue } from '../../../src/core/yamlNode';
import { objectReader, type YamlObject } from '../../../src/syntax/yaml/objects';
import * as yaml from '../../../src/syntax/yaml/parse';
import { splitDocuments } from '../../../src/syntax/yaml/split';

const kinds = ['Service', 'EndpointSlice', 'Endpoints'];

/** Runs a generator to its end. */
function finish<T>(work: Generator<undefined, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

function objectsOf(text: string): YamlObject[] {
  return finish(objectReader(yaml, kinds)(text));
}

/** A reader that counts what it parses. */
function countingReader() {
  const parsed: string[] = [];
  const parseYaml = (text: string) => {
    parsed.push(text);
    return yaml.parseYaml(text);
  };
  return { parsed, read: objectReader({ ...yaml, parseYaml }, kinds) };
}

function names(objects: readonly YamlObject[]): (string | undefined)[] {
  return objects.map(({ root }) => stringAt(root, 'metadata', 'name'));
}

function service(name: string, port = 80): string {
  return `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  ports:\n  - port: ${port}\n`;
}

function listOf(items: readonly string[]): string {
  const lines = items.map((item) => `- ${item.trimEnd().replaceAll('\n', '\n  ')}\n`);
  return `apiVersion: v1\nitems:\n${lines.join('')}kind: List\n`;
}

suite('YAML: documents of a text', () => {
  const parts = (text: string) =>
    splitDocuments(text).map(({ start, end }) => text.slice(start, end));

  test('at --- and ..., each with its own ---', () => {
    assert.deepEqual(parts('a: 1\n---\nb: 2\n--- # c\nc: 3\n...\nd: 4\n'), [
      'a: 1\n',
      '---\nb: 2\n',
      '--- # c\nc: 3\n...\n',
      'd: 4\n',
    ]);
  });

  test('comments and directives above the first --- are of its document', () => {
    assert.deepEqual(parts('# a\n%YAML 1.2\n---\nb: 2\n'), ['# a\n%YAML 1.2\n---\nb: 2\n']);
    assert.deepEqual(parts('\uFEFF---\r\nb: 2\r\n'), ['\uFEFF---\r\nb: 2\r\n']);
  });

  test('what is empty is left out', () => {
    assert.deepEqual(parts(''), []);
    assert.deepEqual(parts('# only this'), []);
    assert.deepEqual(parts('---\n---\n# x\n---\na: 1'), ['---\na: 1']);
  });

  test('only at the beginning of a line, and only as a word', () => {
    assert.equal(parts('a: |\n  ---\n  b\n----\nc --- d\n').length, 1);
  });
});

suite('YAML: objects of a text', () => {
  test('documents and items of lists, of the kinds that are asked for', () => {
    const text = [
      service('a'),
      'kind: ConfigMap\nmetadata: {name: x}\n',
      listOf([service('b'), 'kind: Pod\nmetadata: {name: y}\n', service('c')]),
      '{"kind": "Service", "metadata": {"name": "d"}}\n',
    ].join('---\n');
    const objects = objectsOf(text);
    assert.deepEqual(names(objects), ['a', 'b', 'c', 'd']);
    assert.deepEqual(
      objects.map(({ document }) => document),
      [0, 2, 2, 3],
    );
    for (const { root } of objects) {
      const { start, end } = at(root, 'kind')!.range;
      assert.match(text.slice(start, end), /^"?Service"?$/);
    }
  });

  test('items of a ServiceList need no kind of their own', () => {
    const objects = objectsOf('kind: ServiceList\nitems:\n- metadata: {name: a}\n');
    assert.deepEqual(
      objects.map(({ kind }) => kind),
      ['Service'],
    );
  });

  test('kind by alias, by tag, below its key, quoted in JSON', () => {
    const written = ['&k Service', '!!str Service', '\n  Service', '"Service"', '>-\n  Service'];
    for (const kind of written) assert.equal(objectsOf(`kind: ${kind}\n`).length, 1, kind);
    assert.equal(objectsOf('k: &k Service\nkind: *k\n').length, 1);
    assert.equal(objectsOf('{"kind"\n:"Service"}').length, 1);
  });

  test('a broken document leaves the others intact', () => {
    const text = [service('a'), 'kind: Service\nmetadata: [name: {\n', service('b')].join('---\n');
    const intact = objectsOf(text).filter((object) => object.intact);
    assert.deepEqual(names(intact), ['a', 'b']);
  });

  test('documents that name no such kind are not parsed, nor are unchanged ones again', () => {
    const { parsed, read } = countingReader();
    const texts = [
      service('a'),
      'kind: ServiceAccount\n',
      'kind: Pod\n',
      service('b'),
      service('c'),
    ];
    finish(read(texts.join('---\n')));
    assert.equal(parsed.length, 3);
    parsed.length = 0;
    texts[3] = service('b', 8080);
    finish(read(texts.join('---\n')));
    assert.equal(parsed.length, 1);
    assert.match(parsed[0]!, /8080/);
  });

  test('items of a long list are parsed one by one, again only where they changed', () => {
    const items = Array.from({ length: 600 }, (_, i) => service(`svc-${i}`));
    const { parsed, read } = countingReader();
    const text = `---\n${listOf(items)}`;
    const objects = finish(read(text));
    assert.equal(objects.length, 600);
    assert.equal(parsed.length, 600);
    assert.equal(names(objects)[599], 'svc-599');
    const { start, end } = at(objects[599]!.root, 'metadata', 'name')!.range;
    assert.equal(text.slice(start, end), 'svc-599');
    parsed.length = 0;
    items[5] = service('other');
    assert.equal(names(finish(read(`---\n${listOf(items)}`)))[5], 'other');
    assert.equal(parsed.length, 1);
    parsed.length = 0;
    finish(read(`# again\n---\n${listOf(items)}`));
    assert.equal(parsed.length, 0);
  });

  test('a long list reads as a short one does: JSON, and aliases between items', () => {
    const items = Array.from({ length: 600 }, (_, i) => service(`svc-${i}`));
    const value = load(listOf(items)) as object;
    for (const text of [JSON.stringify(value), JSON.stringify(value, null, '\t')]) {
      const objects = objectsOf(text);
      assert.deepEqual(
        objects.map(({ root }) => toValue(root)),
        (value as { items: object[] }).items,
      );
      const { start, end } = at(objects[7]!.root, 'metadata', 'name')!.range;
      assert.equal(text.slice(start, end), '"svc-7"');
    }
    const aliased = listOf(items)
      .replace('name: svc-0', 'name: &first svc-0')
      .replace('name: svc-9\n', 'name: *first\n');
    assert.equal(names(objectsOf(aliased))[9], 'svc-0');
  });

  test('what an edit leaves is read as if it were new', () => {
    const pieces = fc.constantFrom(
      ...['---\n', '...\n', 'kind: Service\n', 'a: b\n', '  c: &d e\n', '\n', '{', '- ', '  '],
      ...[
        service('x'),
        listOf([service('y'), service('z')]),
        '"',
        '\r\n',
        '|\n  t\n',
        '# c\n',
        '\t',
      ],
    );
    const edit = fc.record({ at: fc.nat(), remove: fc.nat(20), insert: pieces });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 12 }), (edits) => {
        const read = objectReader(yaml, kinds);
        let text = [service('a'), listOf([service('b')]), service('c')].join('---\n');
        for (const { at: where, remove, insert } of edits) {
          const place = where % (text.length + 1);
          text = text.slice(0, place) + insert + text.slice(place + remove);
          const facts = (objects: YamlObject[]) =>
            objects.map((object) => JSON.parse(JSON.stringify(object)) as unknown);
          assert.deepEqual(facts(finish(read(text))), facts(objectsOf(text)));
        }
      }),
      { numRuns: 50 },
    );
  });

  test("the samples' objects: as js-yaml reads them, each value at its place", () => {
    for (const sample of readdirSync('samples').filter((name) => name.startsWith('kube'))) {
      for (const file of ['services', 'endpointslices', 'endpoints']) {
        const text = readFileSync(`samples/${sample}/objects/${file}.yaml`, 'utf8');
        const objects = objectsOf(text);
        const { items } = load(text) as { items: Record<string, Record<string, string>>[] };
        assert.deepEqual(
          objects.map(({ root }) => toValue(at(root, 'spec'))),
          items.map(({ spec }) => spec),
        );
        objects.forEach(({ root, intact }, i) => {
          const { start, end } = at(root, 'metadata', 'name')!.range;
          assert.equal(text.slice(start, end), items[i]!['metadata']!['name']);
          assert.ok(intact);
        });
      }
    }
  });
});
