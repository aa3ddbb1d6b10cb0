import assert from 'node:assert/strict';
import { finish } from '../../../src/core/work';
import { at, pairAt, toValue } from '../../../src/core/yamlNode';
import { objectReader } from '../../../src/syntax/yaml/objects';
import { findItems, parseYaml } from '../../../src/syntax/yaml/parse';

/** The items of a list as their texts, each with its indentation; the list's kind before them. */
function items(text: string): unknown[] | undefined {
  const found = finish(findItems(text));
  return (
    found && [
      found.kind,
      ...found.items.map(
        ({ start, end, indent }) => `${indent}:${text.slice(start, end).trimEnd()}`,
      ),
    ]
  );
}

suite('YAML: the items of a list, without parsing it', () => {
  test('in blocks, in brackets, in JSON, wherever its kind stands', () => {
    assert.deepEqual(items('kind: List\nitems:\n- a: 1\n  b: 2\n- c: 3\n'), [
      'List',
      '2:a: 1\n  b: 2',
      '2:c: 3',
    ]);
    assert.deepEqual(items('items:\n  - a: 1\n  -\n    b: 2\nkind: PodList\n'), [
      'PodList',
      '4:a: 1',
      '4:b: 2',
    ]);
    assert.deepEqual(items('{"kind": "List", "items": [{"a": 1}, {"b": [2, 3]}]}'), [
      'List',
      '0:{"a": 1}',
      '0:{"b": [2, 3]}',
    ]);
    assert.deepEqual(items('items: [a, b]\n'), [undefined, '0:a', '0:b']);
    assert.deepEqual(items('items: []\nkind: List\n'), ['List']);
  });

  test('an item alone makes the document that it is in the list', () => {
    const text = 'kind: List\nitems:\n  - a: 1\n    b:\n    - 2\n  - c: 3\n';
    const found = finish(findItems(text))!;
    assert.deepEqual(
      found.items.map(({ start, end, indent }) =>
        toValue(parseYaml(' '.repeat(indent) + text.slice(start, end)).root(0)),
      ),
      [{ a: 1, b: [2] }, { c: 3 }],
    );
  });

  test('none of what is no list, is broken, has aliases or several documents', () => {
    for (const text of [
      ...['kind: Pod\n', 'items: 5\n', 'items:\n  a: 1\n', '- a\n', '', 'other:\n- a\n'],
      ...['items:\n- a: &x 1\n- b: *x\n', 'items:\n- a\n---\nitems:\n- b\n', 'items:\n- a\n]\n'],
      'items: '.padEnd(1200, '['),
    ]) {
      assert.equal(items(text), undefined, text.slice(0, 30));
    }
    // A star in a text is no alias.
    assert.deepEqual(items('items:\n- a: "*x"\n- b\n'), [undefined, '2:a: "*x"', '2:b']);
    assert.deepEqual(items('items:\n- |\n  *x\n- b\n')?.length, 3);
  });

  test('of two lists in a document the one called items', () => {
    assert.deepEqual(items('other:\n- x\nitems:\n- a\n'), [undefined, '2:a']);
    assert.deepEqual(items('items:\n- a\nother:\n- x\n'), [undefined, '2:a']);
    // Of two of that name the later counts, which only the parser can tell.
    assert.equal(items('items:\n- a\nitems:\n- b\n'), undefined);
    assert.equal(items('{"items": [1], "items": [2]}'), undefined);
    assert.equal(items('items:\n- a\nitems: {b: 1}\n'), undefined);
    assert.equal(items('items: {a: 1}\nkind: List\n'), undefined);
  });
});

suite('YAML: values and how they are written', () => {
  const value = (text: string) => at(parseYaml(text).root(0), 'a');

  test('plain, quoted and in a block; nothing is null', () => {
    for (const [text, expected, style] of [
      ['a: 80', 80, 'plain'],
      ['a: true', true, 'plain'],
      ['a: x y', 'x y', 'plain'],
      ['a: "80"', '80', 'quoted'],
      ["a: '80'", '80', 'quoted'],
      ['a: |\n  x\n', 'x\n', 'block'],
      ['a: >\n  x\n', 'x\n', 'block'],
      ['a:', null, 'plain'],
      ['a: ~', null, 'plain'],
      ['a: *nowhere', null, 'plain'],
      ['b: &x 1\na: *x', 1, 'plain'],
    ] as const) {
      const found = value(text);
      assert.equal(found?.kind, 'scalar');
      assert.deepEqual([found.value, found.style], [expected, style], text);
    }
    const left = value('a:\nb: 1\n');
    assert.deepEqual(left?.range, { start: 2, end: 2 });
  });

  test('keys that are no texts are texts; those of maps and lists are passed over', () => {
    assert.deepEqual(toValue(parseYaml('80: a\ntrue: b\n? [x]\n: c\n').root(0)), {
      80: 'a',
      true: 'b',
    });
  });

  test('what is merged comes behind the map’s own, of several the first', () => {
    const root = parseYaml(
      'x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\none: {<<: [*x, *y], c: 3}\ntwo: {"<<": *x}\nthree: {<<: 5}\nfour: {<<: {d: 4}}\n',
    ).root(0);
    assert.deepEqual(toValue(at(root, 'one')), { c: 3, a: 1, b: 1 });
    assert.deepEqual(toValue(at(root, 'two')), { '<<': { a: 1, b: 1 } });
    assert.deepEqual(toValue(at(root, 'three')), {});
    assert.deepEqual(toValue(at(root, 'four')), { d: 4 });
  });

  test('ranges move by a number, are one for all, or are asked for', () => {
    const parsed = parseYaml('a: b\n');
    const range = (place: Parameters<typeof parsed.root>[0]) =>
      pairAt(parsed.root(place), 'a')?.value.range;
    assert.deepEqual(range(0), { start: 3, end: 4 });
    assert.deepEqual(range(10), { start: 13, end: 14 });
    assert.deepEqual(range({ start: 7, end: 9 }), { start: 7, end: 9 });
    assert.deepEqual(
      range((start, end) => ({ start: start * 2, end: end * 2 })),
      { start: 6, end: 8 },
    );
  });

  test('a problem is one sentence with its place', () => {
    const [problem] = parseYaml('a: [1\n').problems(100);
    assert.match(problem!.message, /[^.]\.$/);
    assert.ok(problem!.range.start >= 100);
    const deep = parseYaml('['.repeat(100_000)).problems(5);
    assert.deepEqual(
      deep.map(({ code, range }) => [code, range]),
      [['TOO_DEEP', { start: 5, end: 5 }]],
    );
    assert.equal(parseYaml('%FOO bar\n---\na: 1\n').problems(0)[0]?.severity, 'warning');
  });
});

suite('YAML: a text that is read again', () => {
  test('a list that grew out of a document, and the other way, is read anew', () => {
    let parsed = 0;
    const parse = (text: string) => {
      parsed++;
      return parseYaml(text);
    };
    const read = objectReader({ parseYaml: parse, findItems }, ['Service']);
    const names = (text: string) => {
      parsed = 0;
      return [finish(read(text)).length, parsed];
    };
    const item = `- kind: Service\n  metadata: {name: a}\n  note: ${'x'.repeat(20_000)}\n`;
    const short = `items:\n${item}kind: List\n`;
    assert.deepEqual(names(short), [1, 1]);
    assert.deepEqual(names(short), [1, 0]);
    const long = `items:\n${item}${item}kind: List\n`;
    // Of two equal items one is parsed.
    assert.deepEqual(names(long), [2, 1]);
    assert.deepEqual(names(long), [2, 0]);
    assert.deepEqual(names(`# above\n---\n${long}`), [2, 0]);
    assert.deepEqual(names(short), [1, 1]);
  });

  test('where the items of a list stand is looked for once, until the list changes', () => {
    let looked = 0;
    const find: typeof findItems = (text) => {
      looked++;
      return findItems(text);
    };
    const read = objectReader({ parseYaml, findItems: find }, ['Service']);
    const item = (name: string) =>
      `- kind: Service\n  metadata: {name: ${name}}\n  note: ${'x'.repeat(20_000)}\n`;
    const looks = (text: string) => {
      looked = 0;
      return [finish(read(text)).length, looked];
    };
    const two = `items:\n${item('a')}${item('b')}kind: List\n`;
    assert.deepEqual(looks(two), [2, 1]);
    assert.deepEqual(looks(two), [2, 0]);
    assert.deepEqual(looks(`${two}# changed\n`), [2, 1]);
    // A long document that is no list is looked through, and then parsed as one.
    const one =
      item('c').replace(/^- /, '').replace(/^ {2}/gm, '').repeat(1) +
      `more: ${'y'.repeat(20_000)}\n`;
    assert.deepEqual(looks(one), [1, 1]);
    assert.deepEqual(looks(one), [1, 0]);
  });

  test('items of a long ServiceList name no kind of their own; those of others are passed over', () => {
    const read = (kind: string) =>
      finish(objectReader({ parseYaml, findItems }, ['Service'])(list(kind)));
    const list = (kind: string) => {
      const item = (name: string) => `- metadata: {name: ${name}}\n  note: ${'x'.repeat(20_000)}\n`;
      return `items:\n${item('a')}${item('b')}kind: ${kind}\n`;
    };
    assert.deepEqual(
      read('ServiceList').map(({ kind }) => kind),
      ['Service', 'Service'],
    );
    assert.deepEqual(read('PodList'), []);
    assert.equal(parseYaml('['.repeat(100_000)).intact, false);
  });

  test('maps that are merged one into the other bring 100,000 pairs together and no more', () => {
    const chain = (length: number) => {
      const links = Array.from({ length }, (_, i) => `a${i + 1}: &a${i + 1} { <<: *a${i} }`);
      return parseYaml(`a0: &a0 { key: 1 }\n${links.join('\n')}\n`).root(0);
    };
    assert.notEqual(chain(446), undefined);
    assert.equal(chain(447), undefined);
  });
});
