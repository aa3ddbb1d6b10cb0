import assert from 'node:assert/strict';
import { calleesOf, callersOf, type Calls } from '../../../src/language/nft/calls';
import { foldsOf } from '../../../src/language/nft/folds';
import { foundAt } from '../../../src/language/nft/found';
import { detailOf, nameColumns, nftLabel } from '../../../src/language/nft/label';
import { ruleAt } from '../../../src/language/nft/place';
import { listingOf } from './listing';

/** Its lines, from 0, stand in front of them. */
const text = [
  /* 0 */ 'table ip t {',
  /* 1 */ '\tcomment "a table"',
  /* 2 */ '\tmap m {',
  /* 3 */ '\t\ttype inet_service : verdict',
  /* 4 */ '\t\telements = { 80 : goto web,',
  /* 5 */ '\t\t\t     81 : jump web, 82 : drop }',
  /* 6 */ '\t}',
  /* 7 */ '\tset s {',
  /* 8 */ '\t\ttype ipv4_addr',
  /* 9 */ '\t}',
  /* 10 */ '\tcounter c {',
  /* 11 */ '\t}',
  /* 12 */ '\tmap objects {',
  /* 13 */ '\t\ttype inet_service : counter',
  /* 14 */ '\t\telements = { 80 : "c" }',
  /* 15 */ '\t}',
  /* 16 */ '\tchain input {',
  /* 17 */ '\t\ttype filter hook input priority filter; policy accept;',
  /* 18 */ '\t\ttcp dport vmap @m',
  /* 19 */ '\t\tip saddr @s counter name "c" jump web',
  /* 20 */ '\t\tjump lost',
  /* 21 */ '\t}',
  /* 22 */ '\tchain web {',
  /* 23 */ '\t\tip saddr @s accept',
  /* 24 */ '\t}',
  /* 25 */ '}',
  /* 26 */ 'table ip6 t {',
  /* 27 */ '\tchain web {',
  /* 28 */ '\t}',
  /* 29 */ '}',
];
const listing = listingOf(text.join('\n'));
const [table, other] = listing.blocks.tables;
const block = (name: string, of = table!) => of.blocks.find((one) => one.name === name)!;

/** `name: lines` of each. */
const words = (calls: Calls) =>
  [...calls].map(([{ name }, uses]) => `${name}: ${uses.map(({ line }) => line).join(' ')}`);

suite('calls within a listing', () => {
  test('a chain is called by rules and by maps, with each place', () => {
    assert.deepEqual(words(callersOf(listing, table!, block('web'))), ['m: 4 5', 'input: 19']);
    assert.deepEqual(words(callersOf(listing, table!, block('m'))), ['input: 18']);
    assert.deepEqual(words(callersOf(listing, table!, block('s'))), ['input: 19', 'web: 23']);
    assert.deepEqual(words(callersOf(listing, table!, block('input'))), []);
  });

  test('one of the same name in another table is another', () => {
    assert.deepEqual(words(callersOf(listing, other!, block('web', other))), []);
  });

  test('what a block’s lines name and its table has', () => {
    assert.deepEqual(words(calleesOf(listing, table!, block('input'))).sort(), [
      'c: 19',
      'm: 18',
      's: 19',
      'web: 19',
    ]);
    assert.deepEqual(words(calleesOf(listing, table!, block('m'))), ['web: 4 5']);
    assert.deepEqual(words(calleesOf(listing, table!, block('web'))), ['s: 23']);
  });

  test('of a large map so many as are shown', () => {
    const count = 600;
    const many = listingOf(
      [
        'table ip t {',
        '\tmap m {',
        '\t\ttype inet_service : verdict',
        ...Array.from(
          { length: count },
          (_, i) =>
            `\t\t${i === 0 ? 'elements = { ' : ''}${i} : goto c${i}${i === count - 1 ? ' }' : ','}`,
        ),
        '\t}',
        ...Array.from({ length: count }, (_, i) => `\tchain c${i} {\n\t}`),
        '}',
      ].join('\n'),
    );
    const [own] = many.blocks.tables;
    assert.equal(calleesOf(many, own!, own!.blocks[0]!).size, 500);
  });
});

suite('how a listing folds and is listed', () => {
  test('tables and blocks of more than a line between the braces, without the closing one', () => {
    assert.deepEqual(foldsOf(listing), [
      [0, 24],
      [2, 5],
      [7, 8],
      [12, 14],
      [16, 20],
      [22, 23],
      [26, 28],
    ]);
  });

  test('a chain with its rules or its hook, others by their kind', () => {
    const details = ['input', 'web', 'm', 's', 'c'].map((name) => detailOf(listing, block(name)));
    assert.deepEqual(details, [
      'type filter hook input priority filter; policy accept;',
      '1 rule',
      'map',
      'set',
      'counter',
    ]);
    assert.equal(detailOf(listing, block('web', other)), '0 rules');
  });

  test('names of kube-proxy: the Service first, of an endpoint its address', () => {
    assert.equal(nftLabel('input'), 'input');
    assert.equal(
      nftLabel('service-LX3JQ64U-default/whoami/tcp/'),
      'default/whoami  service-LX3JQ64U',
    );
    assert.equal(
      nftLabel('endpoint-4SIB47QV-default/whoami/tcp/__10.244.0.3/3000'),
      'default/whoami -> 10.244.0.3:3000  endpoint-4SIB47QV',
    );
  });

  test('where the name stands, behind the word for its kind', () => {
    const shown = (line: string, name: string) => {
      const { start, end } = nameColumns(line, name);
      return `${line.slice(0, start)}|${line.slice(start, end)}|${line.slice(end)}`;
    };
    assert.equal(shown('\tchain chain {', 'chain'), '\tchain |chain| {');
    assert.equal(shown('\tct helper helper {', 'helper'), '\tct helper |helper| {');
    assert.equal(shown('\tset s {', 's'), '\tset |s| {');
  });
});

suite('what stands at a place of a listing', () => {
  const named = (line: number, part: string) => {
    const found = foundAt(listing, line, text[line]!.indexOf(part) + 1);
    return found && `${found.kind} ${found.name}${found.block ? '' : ' (not there)'}`;
  };
  const cases: [number, string, string | undefined][] = [
    [18, '@m', 'set m'],
    [19, 'web', 'chain web'],
    [20, 'lost', 'chain lost (not there)'],
    [16, 'input', 'chain input'],
    // The key of an element leads to what the element gives.
    [4, '80', 'chain web'],
    [5, '81', 'chain web'],
    [5, '82', undefined],
    [14, '80', 'counter c'],
    [8, 'type', undefined],
    [17, 'hook', undefined],
  ];
  for (const [line, part, expected] of cases) {
    test(`${text[line]!.trim()}: ${part}`, () => assert.equal(named(line, part), expected));
  }

  test('the rule of a line: none on a chain’s head, its hook and its closing brace', () => {
    const rule = (line: number) => {
      const place = ruleAt(listing, line);
      return place && `${place.table.family} ${place.chain.name} ${place.index}`;
    };
    assert.deepEqual([16, 17, 18, 19, 20, 21, 23, 8, 25].map(rule), [
      undefined,
      undefined,
      'ip input 0',
      'ip input 1',
      'ip input 2',
      undefined,
      'ip web 0',
      undefined,
      undefined,
    ]);
  });
});
