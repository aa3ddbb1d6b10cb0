import assert from 'node:assert/strict';
import type { Table } from '../../../src/core/rules/ruleset';
import { finish } from '../../../src/core/work';
import { eachPlace } from '../../../src/syntax/nft/ruleset/eachPlace';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
import { linePieces, pieceAt, pieceLength } from '../../../src/syntax/nft/text/linePieces';
import { withPauses } from '../../pauses';
import { plain } from '../plain';

const tables = (...lines: string[]) => nftRuleset('x', lines.join('\n')).tables;
function table(...lines: string[]): Table {
  const [found, ...more] = tables('table ip t {', ...lines, '}');
  assert.ok(found && more.length === 0);
  return found;
}

const set = (...lines: string[]) =>
  table('\tset s {', ...lines.map((line) => `\t\t${line}`), '\t}').sets!.get('s')!;

suite('nft: what belongs to which block', () => {
  test('the lines between its braces, not those before and behind', () => {
    const { chains, sets, comment } = table(
      '\tcomment "of t"',
      '\tset s {',
      '\t\ttype ipv4_addr',
      '\t\tcomment "of s"',
      '\t}',
      '\tcomment "of t, too"',
      '\tchain c {',
      '\t\tcomment "of c"',
      '\t\taccept',
      '\t}',
      '\tcomment "of t again"',
      '\tchain d {',
      '\t}',
      '\tset e {',
      '\t}',
    );
    const [c, d] = ['c', 'd'].map((name) => chains.get(name)!);
    assert.deepEqual([c!.comment, c!.length], ['of c', 1]);
    assert.deepEqual([d!.comment, d!.length], [undefined, 0]);
    assert.deepEqual(
      ['s', 'e'].map((name) => sets!.get(name)!.comment),
      ['of s', undefined],
    );
    assert.match(comment!, /^of t/);
  });

  test('where lines were left out is not known what was there', () => {
    const cut = (line: string) =>
      nftRuleset(
        'nft-list-ruleset.txt',
        `table ip t {\n\tset a {\n\t\ttype ipv4_addr\n\t\telements = { 10.0.0.1,\n${line}\n\t\t\t10.0.0.9 }\n\t}\n\tset b {\n\t\ttype ipv4_addr\n\t}\n}\n`,
      );
    const complete = (line: string) => [
      cut(line).complete,
      cut(line).tables[0]!.complete,
      ...[...cut(line).tables[0]!.sets!.values()].map((one) => one.complete),
    ];
    assert.deepEqual(complete('\t\t\t10.0.0.2,'), [true, true, true, true]);
    assert.deepEqual(complete('....'), [false, false, false, true]);
  });

  test('where a table stands: in the listing, else at its first command', () => {
    const line = (text: string) => nftRuleset('x', text).tables[0]!.declared?.line;
    assert.equal(line('# x\nadd table ip a\nadd chain ip a c\n'), 1);
    assert.equal(line('# x\ntable ip a {\n}\nadd chain ip a c\n'), 1);
    assert.equal(line('\tchain c {\n\t}\n}\n'), undefined);
  });

  test('no table, or commands, tell nothing of others', () => {
    const complete = (text: string) => nftRuleset('nft-list-ruleset.txt', text).complete;
    assert.equal(complete('table ip a {\n}\n'), true);
    assert.equal(complete(''), false);
    assert.equal(complete('table ip a {\n}\nadd table ip b\n'), false);
    assert.equal(complete('add table ip b\n'), false);
  });

  test('a cut table with names of kube-proxy is kube-proxy’s, of the family of its addresses', () => {
    const outline = (...lines: string[]) =>
      tables(...lines).map(({ family, name }) => `${family} ${name}`);
    const ips = (type: string) => [
      '\tmap service-ips {',
      `\t\ttype ${type} . inet_proto . inet_service : verdict`,
      '\t}',
      '}',
    ];
    assert.deepEqual(outline(...ips('ipv4_addr')), ['ip kube-proxy']);
    assert.deepEqual(outline(...ips('ipv6_addr')), ['ip6 kube-proxy']);
    const chain = 'service-NWBZK7IH-shop/cart/tcp/http';
    assert.deepEqual(outline(`\tchain ${chain} {`, '\t\tip6 daddr fd00::1 drop', '\t}', '}'), [
      'ip6 kube-proxy',
    ]);
    assert.deepEqual(outline(`\tchain ${chain} {`, '\t\tip daddr 10.0.0.1 drop', '\t}', '}'), [
      'ip kube-proxy',
    ]);
    // The first that tells; a map of node ports has no address.
    assert.deepEqual(
      outline(
        '\tmap service-nodeports {',
        '\t\ttype inet_proto . inet_service : verdict',
        '\t}',
        '}',
      ),
      ['ip kube-proxy'],
    );
    assert.deepEqual(outline('\tchain other {', '\t\tip6 daddr fd00::1 drop', '\t}', '}'), ['ip ']);
  });

  test('what a set is, of lines or of one command', () => {
    const { key, flags, timeout, size, comment } = set(
      'type ipv4_addr . inet_service',
      'flags dynamic,timeout',
      'timeout 1h',
      'size 100\t# count 3',
      'comment "a; size 5; b"',
    );
    assert.deepEqual(
      [key, flags, timeout, size, comment],
      [
        [{ name: 'ipv4_addr' }, { name: 'inet_service' }],
        ...[['dynamic', 'timeout'], 3600, 100, 'a; size 5; b'],
      ],
    );
    const bare = set('type ipv4_addr; size what; timeout never;');
    assert.deepEqual([bare.size, bare.timeout, bare.comment], [undefined, undefined, undefined]);
    const [added] = tables(
      'add set ip t s { type ipv4_addr; flags interval; size 7; comment "x; size 9"; }',
    );
    const s = added!.sets!.get('s')!;
    assert.deepEqual(
      [s.key, s.flags, s.size, s.comment],
      [[{ name: 'ipv4_addr' }], ['interval'], 7, 'x; size 9'],
    );
    assert.equal(set('comment "cut; off').comment, 'cut; off');
    const intervals = set('type interval ipv4_addr . interval inet_service : interval mark');
    assert.deepEqual(
      [intervals.key, intervals.data],
      [[{ name: 'ipv4_addr' }, { name: 'inet_service' }], [{ name: 'mark' }]],
    );
  });

  test('objects, with a comment before what they hold', () => {
    const object = (...lines: string[]) => {
      const { kind, counters, statement } = table(...lines, '\t}').objects![0]!;
      return [kind, counters, statement && plain(statement)];
    };
    assert.deepEqual(object('\tcounter c {', '\t\tcomment "a } b"', '\t\tpackets 12 bytes 345'), [
      ...['counter', { packets: 12, bytes: 345 }, undefined],
    ]);
    assert.deepEqual(object('\tcounter c {', '\t\tcomment "packets 1 bytes 2"'), [
      ...['counter', undefined, undefined],
    ]);
    assert.deepEqual(
      object('\tquota q {', '\t\tcomment "of q"', '', '\t\tover 5 kbytes used 1 bytes'),
      [...['quota', undefined, { kind: 'quota', bytes: 5120, over: true, used: 1 }]],
    );
    assert.deepEqual(object('\tlimit l {', '\t\trate 10/second burst 7 packets'), [
      ...['limit', undefined],
      { kind: 'limit', text: '10/second burst 7', burst: 7, above: false },
    ]);
    assert.deepEqual(object('\tct timeout x {', '\t\tprotocol tcp;'), [
      ...['ct timeout', undefined, undefined],
    ]);
  });

  test('many chains are put together with pauses', () => {
    const places = new Map(Array.from({ length: 2500 }, (_, i) => [`c${i}`, i]));
    const { value, pauses } = withPauses(eachPlace(places, (place, name) => `${name} ${place}`));
    assert.equal(pauses, 2);
    assert.equal(value.get('c2499'), 'c2499 2499');
    assert.equal(finish(eachPlace(new Map(), String)).size, 0);
  });
});

suite('nft: elements of a set in their lines', () => {
  /** The keys by both ways in which they are gone over, and how many parts were read as a whole. */
  function keys(...lines: string[]): readonly [readonly unknown[], number] {
    const { elements } = set('type ipv4_addr', ...lines);
    const all = [...elements].map(({ key }) => plain(key));
    assert.equal(elements.length, all.length);
    let read = 0;
    let count = 0;
    for (const part of elements.plain!.parts()) {
      if ('elements' in part) read++;
      count += 'keys' in part ? part.keys.length : part.elements.length;
      if ('keys' in part) assert.equal(elements.plain!.at(part.place).length, part.keys.length);
    }
    assert.equal(count, all.length);
    return [all, read];
  }
  const network = (address: string) => [{ kind: 'network', network: `${address}/32` }];

  test('of one address each', () => {
    for (const lines of [
      ['elements = { 10.0.0.1, 10.0.0.2 }'],
      ['elements = { 10.0.0.1,', '\t10.0.0.2 }'],
      ['elements = { 10.0.0.1 comment "{ a, b",', '\t10.0.0.2 comment "{" }'],
      ['elements = {', '\t10.0.0.1,', '\t10.0.0.2', '}'],
      ['elements = { 10.0.0.1 comment "elements = {", 10.0.0.2 }'],
    ]) {
      const [all] = keys(...lines);
      assert.deepEqual(all, [network('10.0.0.1'), network('10.0.0.2')], lines.join('\n'));
    }
    assert.equal(keys('elements = { 10.0.0.1,', '\t10.0.0.2 comment "{" }')[1], 0);
    assert.equal(keys('elements = { 10.0.0.1, 10.0.0.2 }')[1], 0);
  });

  test('of which some are ranges, or go over several lines', () => {
    const [ranges, read] = keys('elements = { 10.0.0.1,', '\t10.0.0.2-10.0.0.9 }');
    assert.equal(ranges.length, 2);
    assert.equal(read, 1);
    const [broken] = keys('elements = { 10.0.0.1', '\tcomment "x",', '\t10.0.0.2 }');
    assert.deepEqual(broken, [network('10.0.0.1'), network('10.0.0.2')]);
  });

  test('added by commands', () => {
    const [added] = tables(
      ...['add set ip t s { type ipv4_addr; }', 'add element ip t s { 10.0.0.1, 10.0.0.2 }'],
      'add element ip t s { 10.0.0.3 comment "a, b" }',
    );
    const { elements } = added!.sets!.get('s')!;
    assert.equal(elements.length, 3);
    assert.deepEqual(
      [...elements].map(({ key }) => plain(key)),
      [network('10.0.0.1'), network('10.0.0.2'), network('10.0.0.3')],
    );
  });

  test('of thousands in one line, of a set and of a rule', () => {
    const addresses = Array.from({ length: 2000 }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
    const [all, read] = keys(`elements = { ${addresses.join(', ')} }`);
    assert.deepEqual(all, addresses.map(network));
    assert.equal(read, 0);
    const { chains } = table('\tchain c {', `\t\tip saddr { ${addresses.join(', ')} } drop`, '\t}');
    const [lookup, verdict, ...more] = chains.get('c')!.rule(0).statements;
    assert.deepEqual([lookup?.kind, verdict?.kind, more.length], ['lookup', 'DROP', 0]);
    assert.ok(lookup?.kind === 'lookup' && lookup.set.kind === 'anonymous');
    assert.equal(lookup.set.elements.length, 2000);
    assert.deepEqual(
      [...lookup.set.elements].map(({ key }) => plain(key)),
      addresses.map(network),
    );
  });

  test('of a set whose end is cut', () => {
    for (const [end, count] of [
      ['10.0.0.1', 1],
      ['10.0.0.1,', 1],
      ['10.0.0.1, 10.0.0.2', 2],
      ['10.0.0.1,\n\t\t\t10.0.0.2,\n', 2],
    ] as const) {
      const [cut] = tables(
        ...['table ip t {', '\tset s {', '\t\ttype ipv4_addr', `\t\telements = { ${end}`],
      );
      const { elements, complete } = cut!.sets!.get('s')!;
      assert.deepEqual(
        [elements.length, [...elements].length, complete],
        [count, count, false],
        end,
      );
    }
  });

  test('a long line is gone over in pieces that end behind a comma', () => {
    const word = '10.0.0.1 comment "a, } b", ';
    const text = `\telements = { ${word.repeat(1000)}10.0.0.9 } # 5, 6`;
    const pieces = [...linePieces(text)];
    assert.ok(pieces.length >= 3);
    assert.equal(pieces[0]!.start, 0);
    for (const [i, { start, end }] of pieces.entries()) {
      if (i > 0) assert.equal(start, pieces[i - 1]!.end);
      const last = i === pieces.length - 1;
      assert.equal(text[end - 1], last ? '}' : ',');
      if (!last) {
        assert.ok(end - start > pieceLength && end - start < pieceLength + word.length + 2);
        assert.match(text.slice(end), /^ 10\.0\.0\.[19] /);
      }
      assert.deepEqual(pieceAt(text, start), pieces[i]);
      assert.deepEqual(pieceAt(text, end - 1), pieces[i]);
    }
    assert.deepEqual(pieceAt(text, text.length), pieces.at(-1));
    assert.deepEqual([...linePieces('a, b }')], [{ start: 0, end: 6 }]);
    const open = 'x,'.repeat(pieceLength);
    assert.equal([...linePieces(open)].at(-1)!.end, open.length);
  });
});
