import assert from 'node:assert/strict';
import { at, pairAround, pairAt, stringAt, toValue } from '../../../src/core/yamlNode';
import { parseYaml } from '../../../src/syntax/yaml/parse';
import { embeddedYaml } from '../../../src/syntax/yaml/embedded';

/** The root of a text, and what stands at a range of it. */
function read(text: string) {
  const parsed = parseYaml(text);
  const slice = (range: { start: number; end: number } | undefined) =>
    range && text.slice(range.start, range.end);
  return { parsed, root: parsed.root(0), slice, codes: parsed.problems(0).map(({ code }) => code) };
}

suite('YAML: values and their places', () => {
  test('keys and values by path, in any order, with comments', () => {
    const text = [
      '# a Service',
      'spec: # the spec',
      '  ports:',
      '  # the first',
      '  - targetPort: "http" # by name',
      '    port: 80',
      'kind: Service',
      '',
    ].join('\n');
    const { root, slice, codes } = read(text);
    assert.deepEqual(codes, []);
    assert.equal(stringAt(root, 'kind'), 'Service');
    assert.equal(slice(pairAt(root, 'spec', 'ports')?.keyRange), 'ports');
    assert.equal(slice(at(root, 'spec', 'ports', 0, 'targetPort')?.range), '"http"');
    assert.equal(slice(at(root, 'spec', 'ports', 0, 'port')?.range), '80');
    assert.equal(stringAt(root, 'spec', 'ports', 0, 'port'), undefined);
    assert.equal(at(root, 'spec', 'ports', 1, 'port'), undefined);
    assert.equal(at(root, 'spec', 'kind', 'port'), undefined);
    assert.deepEqual(toValue(root), {
      spec: { ports: [{ targetPort: 'http', port: 80 }] },
      kind: 'Service',
    });
  });

  test('CRLF, BOM and a leading --- leave the offsets as they are', () => {
    const text = '\uFEFF---\r\nkind: Service\r\nmetadata:\r\n  name: web\r\n';
    const { root, slice, codes } = read(text);
    assert.deepEqual(codes, []);
    assert.equal(stringAt(root, 'metadata', 'name'), 'web');
    assert.equal(slice(at(root, 'metadata', 'name')?.range), 'web');
    assert.equal(slice(pairAt(root, 'metadata')?.keyRange), 'metadata');
  });

  test('JSON, indented by tabs', () => {
    const text = '{\n\t"kind": "Service",\n\t"spec": {"ports": [{"port": 80}]}\n}';
    const { root, slice, codes } = read(text);
    assert.deepEqual(codes, []);
    assert.equal(stringAt(root, 'kind'), 'Service');
    assert.equal(slice(at(root, 'spec', 'ports', 0)?.range), '{"port": 80}');
    assert.equal(slice(pairAt(root, 'kind')?.keyRange), '"kind"');
  });

  test('an alias is its anchor, at its own place; the last anchor before it counts', () => {
    const { root, slice } = read('a: &x {b: 1}\nc: *x\nd: &x 2\ne: *x\n');
    assert.deepEqual(toValue(root), { a: { b: 1 }, c: { b: 1 }, d: 2, e: 2 });
    assert.equal(slice(at(root, 'c')?.range), '*x');
  });

  test('an alias whose anchor stands nowhere before it has no value', () => {
    for (const text of ['a: *x\n', 'a: *x\nb: &x 1\n', 'b: &y 1\na: *x\n']) {
      const { root, slice, codes } = read(text);
      assert.deepEqual([toValue(at(root, 'a')), slice(at(root, 'a')?.range)], [null, '*x'], text);
      assert.ok(codes.includes('BAD_ALIAS'), text);
    }
    const { root } = read('a:\n  <<: *x\n  b: 1\n');
    assert.deepEqual(toValue(at(root, 'a')), { b: 1 });
  });

  test('merge keys: what stands in the map itself counts', () => {
    const text = 'base: &base {type: NodePort, port: 80}\nspec:\n  <<: *base\n  port: 81\n';
    const { root } = read(text);
    assert.deepEqual(toValue(at(root, 'spec')), { port: 81, type: 'NodePort' });
    const two = read('a: &a {x: 1}\nb: &b {y: 2}\nc:\n  <<: *a\n  <<: *b\n');
    assert.deepEqual([toValue(at(two.root, 'c')), two.codes], [{ x: 1, y: 2 }, []]);
  });

  test('a merge key that leads into itself ends', () => {
    const { root } = read('a: &a\n  <<: *a\n  b: 1\n');
    assert.deepEqual(toValue(at(root, 'a')), { b: 1 });
  });

  test('aliases that repeat without end have no plain value', () => {
    const { root } = read('a: &a\n  b: *a\n');
    assert.equal(toValue(root), undefined);
    assert.equal(stringAt(root, 'a', 'b', 'b', 'b'), undefined);
    const laughs = ['a0: &a0 [ha]'];
    for (let i = 1; i < 12; i++) {
      const aliases = new Array<string>(10).fill(`*a${i - 1}`).join(', ');
      laughs.push(`a${i}: &a${i} [${aliases}]`);
    }
    assert.equal(toValue(read(laughs.join('\n')).root), undefined);
  });

  test('problems are data: tabs, duplicate keys, nonsense, too deep', () => {
    assert.deepEqual(read('a:\n\tb: 1\n').codes.includes('TAB_AS_INDENT'), true);
    const doubled = read('a: 1\nb: 2\na: 3\n');
    assert.deepEqual(doubled.codes, ['DUPLICATE_KEY']);
    assert.equal(doubled.parsed.intact, true);
    assert.deepEqual(doubled.parsed.problems(0)[0]?.range, { start: 10, end: 11 });
    assert.deepEqual(toValue(doubled.root), { a: 3, b: 2 });
    assert.equal(at(doubled.root, 'a')?.range.start, 13);
    assert.equal(read('a: [1, 2\n').parsed.intact, false);
    assert.equal(read('name: {{ .Values.name }}\n').parsed.intact, false);
    for (const deep of ['[', '{a: ', '- ', '? ']) {
      assert.deepEqual(read(deep.repeat(100_000)).codes, ['TOO_DEEP']);
    }
    assert.equal(read('').root?.kind, undefined);
  });

  test('the pair around an offset, with its path', () => {
    const text = 'spec:\n  ports:\n  - port: 80\n';
    const { root } = read(text);
    const found = pairAround(root, text.indexOf('80'));
    assert.deepEqual(found?.path, ['spec', 'ports', 0, 'port']);
    assert.equal(pairAround(root, text.length + 9), undefined);
  });
});

suite('YAML in a string of YAML', () => {
  const embedded = (text: string) => {
    const config = at(parseYaml(text).root(0), 'data', 'config.conf');
    assert.equal(config?.kind, 'scalar');
    return embeddedYaml(config, text, parseYaml);
  };

  test('in a block scalar every value has its own place', () => {
    const text =
      'data:\n  config.conf: |-  # kubeadm\n    mode: ipvs\n    ipvs:\n      scheduler: rr\n';
    const { root, exact, problems } = embedded(text);
    assert.equal(exact, true);
    assert.deepEqual(problems, []);
    const range = at(root, 'ipvs', 'scheduler')!.range;
    assert.equal(text.slice(range.start, range.end), 'rr');
  });

  test('in quotes on one line too, behind escapes of every kind', () => {
    const double =
      'data: {"config.conf": "# \\u00e9\\U0001F600\\"\\\\\\t\\x41\\nmode: ipvs\\nipvs:\\n  scheduler: rr\\n"}';
    const single = "data:\n  config.conf: '{mode: ''ipvs'', ipvs: {scheduler: rr}}'\n";
    for (const text of [double, single]) {
      const { root, exact } = embedded(text);
      assert.equal(exact, true);
      assert.equal(stringAt(root, 'ipvs', 'scheduler'), 'rr');
      const range = at(root, 'ipvs', 'scheduler')!.range;
      assert.equal(text.slice(range.start, range.end), 'rr');
      assert.equal(range.start, text.lastIndexOf('rr'));
    }
  });

  test('in a folded string all have the place of the string', () => {
    const text = 'data:\n  config.conf: "mode: ipvs\n\n    ipvs: {scheduler: rr}"\n';
    const { root, exact } = embedded(text);
    assert.equal(exact, false);
    assert.equal(stringAt(root, 'ipvs', 'scheduler'), 'rr');
    const range = at(root, 'ipvs', 'scheduler')!.range;
    assert.match(text.slice(range.start, range.end), /^"mode[^]*"$/);
  });

  test('the mark of a document may stand before it', () => {
    const text = 'data:\n  config.conf: |\n    # by kubeadm\n    ---\n    mode: ipvs\n';
    const { root, exact } = embedded(text);
    assert.equal(exact, true);
    const range = at(root, 'mode')!.range;
    assert.equal(text.slice(range.start, range.end), 'ipvs');
  });

  test('a broken one keeps its places', () => {
    const { exact, problems } = embedded('data:\n  config.conf: |\n    mode: [ipvs\n    a: b\n');
    assert.equal(exact, true);
    assert.ok(problems.length > 0);
  });
});
