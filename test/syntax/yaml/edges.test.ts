import assert from 'node:assert/strict';
import { at, pairAt, toValue } from '../../../src/core/yamlNode';
import { embeddedYaml } from '../../../src/syntax/yaml/embedded';
import { parseYaml, type Placement } from '../../../src/syntax/yaml/parse';
import { splitDocuments } from '../../../src/syntax/yaml/split';

const valueOf = (text: string) => toValue(parseYaml(text).root(0));

suite('YAML: aliases and merge keys, one by one', () => {
  test('of several anchors of one name the last before the alias counts', () => {
    const anchors = [1, 2, 3, 4, 5].map((n) => `a${n}: &x ${n}\nb${n}: *x\n`).join('');
    const values = valueOf(anchors) as Record<string, number>;
    for (const n of [1, 2, 3, 4, 5]) assert.equal(values[`b${n}`], n);
  });

  const merges: Readonly<Record<string, readonly [string, unknown]>> = {
    'of a list of maps the first that has a key counts': [
      'a: &a {x: 1}\nb: &b {x: 2, y: 3}\nc: {<<: [*a, *b]}\n',
      { x: 1, y: 3 },
    ],
    'a map that stands there itself': ['c:\n  <<: {x: 1}\n  y: 2\n', { y: 2, x: 1 }],
    'a map in a list, beside an alias': ['a: &a {x: 1}\nc: {<<: [{z: 0}, *a]}\n', { z: 0, x: 1 }],
    'through two maps': ['a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b}\n', { y: 2, x: 1 }],
    'what is no map brings nothing': ['a: &a [1]\nc: {<<: [*a, 5], y: 2}\n', { y: 2 }],
    'without a value': ['c:\n  <<:\n  y: 2\n', { y: 2 }],
    'in quotes it is a key like any other': ['c: {"<<": 1, y: 2}\n', { '<<': 1, y: 2 }],
  };
  for (const [name, [text, expected]] of Object.entries(merges)) {
    test(name, () => {
      const read = parseYaml(text);
      assert.deepEqual(toValue(at(read.root(0), 'c')), expected);
      assert.deepEqual(read.problems(0), []);
    });
  }
});

suite('YAML: problems and where they stand', () => {
  const text = 'a: 1\n  b: 2\n';

  test('each is one sentence, at its place in the whole text', () => {
    const parsed = parseYaml(text);
    const [problem] = parsed.problems(100);
    assert.equal(parsed.intact, false);
    assert.match(problem!.message, /[^.]\.$/);
    assert.equal(problem!.severity, 'error');
    const [unmoved] = parsed.problems(0);
    assert.deepEqual(problem!.range, {
      start: unmoved!.range.start + 100,
      end: unmoved!.range.end + 100,
    });
  });

  test('one place for all, or each by itself', () => {
    const range = { start: 7, end: 9 };
    const ranges = (placement: Placement) =>
      parseYaml(text)
        .problems(placement)
        .map((one) => one.range);
    assert.ok(ranges(range).every((one) => one === range));
    const doubled = ranges((start, end) => ({ start: start * 2, end: end * 2 }));
    assert.deepEqual(
      doubled,
      ranges(0).map(({ start, end }) => ({ start: start * 2, end: end * 2 })),
    );
  });

  test('an error beside an alias that leads nowhere: both are told', () => {
    const parsed = parseYaml('a: *x\nb: "1\n');
    const codes = parsed.problems(0).map(({ code }) => code);
    assert.equal(codes.length, 2);
    assert.ok(codes.includes('BAD_ALIAS'));
    assert.equal(parsed.intact, false);
  });

  test('a warning leaves the document intact', () => {
    const parsed = parseYaml('%FOO bar\n---\na: 1\n');
    assert.deepEqual(
      parsed.problems(0).map(({ severity }) => severity),
      ['warning'],
    );
    assert.equal(parsed.intact, true);
  });

  test('a key without a value has the place of none behind it', () => {
    for (const [text, key, none] of [
      ['ab:\nc: 1\n', { start: 0, end: 2 }, { start: 3, end: 3 }],
      ['{ab, c: 1}\n', { start: 1, end: 3 }, { start: 3, end: 3 }],
    ] as const) {
      const { keyRange, value } = pairAt(parseYaml(text).root(0), 'ab')!;
      assert.deepEqual([keyRange, value.range, toValue(value)], [key, none, null], text);
    }
  });
});

suite('YAML: where documents are cut', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['\uFEFF# c\n---\na: 1\n', ['\uFEFF# c\n---\na: 1\n']],
    ['\uFEFF---\na: 1\n', ['\uFEFF---\na: 1\n']],
    ['\uFEFF', []],
    ['a: 1\r\n---\r\nb: 2\r\n', ['a: 1\r\n', '---\r\nb: 2\r\n']],
    ['a: 1\n----\n.... \n', ['a: 1\n----\n.... \n']],
    ['a: |\n  ---\n  ...\n', ['a: |\n  ---\n  ...\n']],
    ['---\n---\na: 1\n', ['---\na: 1\n']],
    ['--- # c\n \t\n# d\n', []],
    ['# c\n  ', []],
    ['---', []],
    ['a: 1\n...\n...\n# c\n', ['a: 1\n...\n']],
  ];
  for (const [text, expected] of cases) {
    test(JSON.stringify(text), () => {
      const parts = splitDocuments(text).map(({ start, end }) => text.slice(start, end));
      assert.deepEqual(parts, expected);
    });
  }
});

suite('YAML in a string: each escape of YAML 1.2, 5.7', () => {
  const escapes: Readonly<Record<string, string>> = {
    ...{ a: '\x07', b: '\b', t: '\t', v: '\v', f: '\f', e: '\x1b', ' ': ' ', '"': '"', '/': '/' },
    ...{ '\\': '\\', _: '\xa0', '\t': '\t', x41: 'A', u0041: 'A', U0001F600: '\u{1F600}' },
  };
  for (const [escape, character] of Object.entries(escapes)) {
    test(`\\${escape}`, () => {
      const text = `data: "p: 'v\\${escape}w'\\nq: 12"\n`;
      const config = at(parseYaml(text).root(0), 'data');
      assert.equal(config?.kind, 'scalar');
      const { root, exact } = embeddedYaml(config, text, parseYaml);
      assert.equal(exact, true);
      assert.equal(toValue(at(root, 'p')), `v${character}w`);
      const { start, end } = at(root, 'q')!.range;
      assert.deepEqual([start, text.slice(start, end)], [text.lastIndexOf('12'), '12']);
    });
  }

  test('what is YAML only without its indentation has the place of the string', () => {
    const text = 'data: |\n  %YAML 1.2\n  ---\n  q: 12\n';
    const config = at(parseYaml(text).root(0), 'data');
    assert.equal(config?.kind, 'scalar');
    const { root, exact } = embeddedYaml(config, text, parseYaml);
    assert.deepEqual([toValue(root), exact], [{ q: 12 }, false]);
    assert.equal(at(root, 'q')!.range.start, text.indexOf('|'));
  });
});
