import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import type { NftRuleset } from '../../../src/core/rules/ruleset';
import { nftJsonRuleset } from '../../../src/syntax/nft/json/ruleset';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';

const folder = 'test/fixtures/nft';
const read = (file: string) => readFileSync(`${folder}/${file}`, 'utf8');

/** All that a ruleset says, without places in its text. */
function meaning({ tables }: NftRuleset): unknown {
  const all = tables.map((table) => ({
    family: table.family,
    name: table.name,
    chains: [...table.chains.values()].map((chain) => ({
      name: chain.name,
      base: chain.base,
      rules: Array.from({ length: chain.length }, (_, i) => chain.rule(i).statements),
    })),
    sets: [...table.sets!.values()].map((set) => ({
      ...{ kind: set.kind, name: set.name, key: set.key, data: set.data },
      ...{ timeout: set.timeout, size: set.size, comment: set.comment },
      elements: [...set.elements],
    })),
  }));
  return JSON.parse(
    JSON.stringify(all, (key, value: unknown) => (unprinted.has(key) ? undefined : value)),
  );
}

/** Places, and what the two outputs of one ruleset do not both tell: time runs on in between. */
const unprinted = new Set(['range', 'nameRange', 'expires', 'handle']);

/** nft 1.0.6 gives the group 0 in JSON to a log that has none. */
const withoutGroup = (json: string) => json.replaceAll(', "group": 0', '');

suite('nft: text and JSON of one ruleset', () => {
  test('kube-proxy 1.36', () => {
    const text = nftRuleset('text', read('kube-proxy-1.36/nft-list-ruleset.txt'));
    const json = nftJsonRuleset('json', read('kube-proxy-1.36/nft-list-ruleset.json'));
    assert.equal(text.tables.length, 2);
    assert.deepEqual(meaning(text), meaning(json));
  });

  for (const file of readdirSync(`${folder}/pairs`).filter((name) => name.endsWith('.json'))) {
    test(file, () => {
      const text = nftRuleset('text', read(`pairs/${file.replace('.json', '.txt')}`));
      const json = nftJsonRuleset('json', withoutGroup(read(`pairs/${file}`)));
      assert.deepEqual(meaning(text), meaning(json));
    });
  }

  for (const other of [
    'nft-1.1.3-list-ruleset.txt',
    'nft-n-list-ruleset.txt',
    'nft-a-list-ruleset.txt',
  ]) {
    test(`kube-proxy 1.36: ${other} says the same`, () => {
      assert.deepEqual(
        meaning(nftRuleset('text', read(`kube-proxy-1.36/${other}`))),
        meaning(nftRuleset('text', read('kube-proxy-1.36/nft-list-ruleset.txt'))),
      );
    });
  }

  test('nothing of it is unknown', () => {
    for (const file of ['nft-list-ruleset.txt', 'nft-list-ruleset.json']) {
      const ruleset = file.endsWith('.json')
        ? nftJsonRuleset('x', read(`kube-proxy-1.36/${file}`))
        : nftRuleset('x', read(`kube-proxy-1.36/${file}`));
      assert.doesNotMatch(JSON.stringify(meaning(ruleset)), /"(unknown|unmodelled)"/);
    }
  });

  test('chains at ingress whose devices are not told are not called, and what that leaves open is said', () => {
    const chain = (more: object) => {
      const about = { family: 'netdev', table: 't', name: 'c' };
      const base = { type: 'filter', hook: 'ingress', prio: 0, policy: 'drop', ...more };
      const nftables = [{ table: { ...about, name: 't' } }, { chain: { ...about, ...base } }];
      const [table] = nftJsonRuleset('json', JSON.stringify({ nftables })).tables;
      return [table!.chains.get('c')?.base?.devices, table!.gaps?.map(({ text }) => text)];
    };
    assert.deepEqual(chain({ dev: 'eth0' }), [['eth0'], undefined]);
    assert.deepEqual(chain({}), [
      undefined,
      ['chain c of netdev t, whose devices this JSON does not tell, lets it pass'],
    ]);
    assert.deepEqual(chain({ policy: 'accept' }), [undefined, undefined]);
  });

  test('a statement that nft has no JSON for is read from its text', () => {
    const rule = (expr: string) =>
      `{"nftables": [{"table": {"family": "ip", "name": "t"}}, {"chain": {"family": "ip", "table": "t", "name": "c"}}, {"rule": {"family": "ip", "table": "t", "chain": "c", "expr": [${expr}]}}]}`;
    const statements = (expr: string) =>
      nftJsonRuleset('json', rule(expr)).tables[0]!.chains.get('c')!.rule(0).statements;
    const [update, verdict] = statements(
      '"update @marks { ip saddr : meta mark }", {"accept": null}',
    );
    assert.ok(update?.kind === 'set-update' && update.set === 'marks');
    assert.ok(update.data?.kind === 'meta' && update.data.key === 'mark');
    assert.equal(verdict?.kind, 'ACCEPT');
    assert.equal(statements('"accept drop"')[0]?.kind, 'unknown');
  });

  test('what nft 1.0.6 prints of one statement as text and as JSON is the same', () => {
    for (const [written, statement] of [
      ['meta priority set 1:2', { mangle: { key: { meta: { key: 'priority' } }, value: '1:2' } }],
      [
        'meta priority set tcp dport map { 53 : none, 80 : 1:2 }',
        {
          mangle: {
            key: { meta: { key: 'priority' } },
            value: {
              map: {
                key: { payload: { protocol: 'tcp', field: 'dport' } },
                data: {
                  set: [
                    [53, 'none'],
                    [80, '1:2'],
                  ],
                },
              },
            },
          },
        },
      ],
      [
        'ct event set new,related,destroy',
        { mangle: { key: { ct: { key: 'event' } }, value: ['new', 'related', 'destroy'] } },
      ],
      [
        'ct expiration 30s-3600s',
        { match: { op: '==', left: { ct: { key: 'expiration' } }, right: { range: [30, 3600] } } },
      ],
      [
        'rt ip nexthop 10.0.0.1',
        {
          match: {
            ...{ op: '==', left: { rt: { key: 'nexthop', family: 'ip' } }, right: '10.0.0.1' },
          },
        },
      ],
      ['reset tcp option sack-perm', { reset: { 'tcp option': { name: 'sack-perm' } } }],
      [
        'exthdr frag missing',
        { match: { op: '==', left: { exthdr: { name: 'frag' } }, right: false } },
      ],
      [
        'tcp option maxseg exists',
        { match: { op: '==', left: { 'tcp option': { name: 'maxseg' } }, right: true } },
      ],
      [
        'sctp chunk init exists',
        { match: { op: '==', left: { 'sctp chunk': { name: 'init' } }, right: true } },
      ],
      [
        '@th,16,16 53',
        {
          match: {
            ...{ op: '==', left: { payload: { base: 'th', offset: 16, len: 16 } }, right: 53 },
          },
        },
      ],
      ['limit rate 10/second', { limit: { rate: 10, burst: 5, per: 'second' } }],
      [
        'limit rate 10 mbytes/second burst 2 kbytes',
        {
          limit: {
            ...{ rate: 10, burst: 2, per: 'second', rate_unit: 'mbytes', burst_unit: 'kbytes' },
          },
        },
      ],
      ['rt ipsec exists', { match: { op: '==', left: { rt: { key: 'ipsec' } }, right: true } }],
      [
        'tcp option 255 missing',
        {
          match: {
            ...{ op: '==', left: { 'tcp option': { base: 255, offset: 0, len: 8 } }, right: false },
          },
        },
      ],
      [
        'tcp option @255,8,8 255',
        {
          match: {
            ...{ op: '==', left: { 'tcp option': { base: 255, offset: 8, len: 8 } }, right: 255 },
          },
        },
      ],
      [
        'srh sid[1] abcd::2',
        {
          match: {
            ...{ op: '==', left: { exthdr: { name: 'srh', field: 'sid[1]' } }, right: 'abcd::2' },
          },
        },
      ],
      [
        'mh type binding-update',
        {
          match: {
            ...{ op: '==', left: { exthdr: { name: 'mh', field: 'type' } } },
            right: 'binding-update',
          },
        },
      ],
      [
        'meter m1 size 65535 { ip saddr limit rate 10/second }',
        {
          meter: {
            key: { payload: { protocol: 'ip', field: 'saddr' } },
            stmt: { limit: { rate: 10, burst: 5, per: 'second' } },
            ...{ size: 65535, name: 'm1' },
          },
        },
      ],
    ] as const) {
      const about = { family: 'ip', table: 't' };
      const nftables = [
        { table: { family: 'ip', name: 't' } },
        { chain: { ...about, name: 'c' } },
        { rule: { ...about, chain: 'c', expr: [statement] } },
      ];
      const text = `table ip t {\n\tchain c {\n\t\t${written}\n\t}\n}\n`;
      assert.deepEqual(
        meaning(nftJsonRuleset('json', JSON.stringify({ nftables }))),
        meaning(nftRuleset('text', text)),
        written,
      );
    }
  });

  test('JSON that is cut is a finding', () => {
    const cut = nftJsonRuleset('x', read('kube-proxy-1.36/nft-list-ruleset.json').slice(0, 5000));
    assert.deepEqual(
      cut.findings.map(({ code }) => code),
      ['nft-json-unreadable'],
    );
    assert.equal(cut.complete, false);
  });

  test('elements of a set are decoded when they are gone over, not before', () => {
    const set = {
      family: 'ip',
      name: 's',
      table: 't',
      type: 'ipv4_addr',
      elem: ['1.1.1.1', '1.1.1.2'],
    };
    const json = JSON.stringify({ nftables: [{ table: { family: 'ip', name: 't' } }, { set }] });
    const { elements } = nftJsonRuleset('json', json).tables[0]!.sets!.get('s')!;
    assert.equal(elements.length, 2);
    const [first, second] = [[...elements], [...elements]];
    assert.equal(first.length, 2);
    assert.deepEqual(first, second);
    assert.notEqual(first[0], second[0]);
  });

  test('so are those of a set of thousands in a rule', () => {
    const set = Array.from({ length: 3000 }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
    const left = { payload: { protocol: 'ip', field: 'daddr' } };
    const about = { family: 'ip', table: 't' };
    const rule = { ...about, chain: 'c', expr: [{ match: { op: '==', left, right: { set } } }] };
    const json = JSON.stringify({
      nftables: [
        { table: { family: 'ip', name: 't' } },
        { chain: { ...about, name: 'c' } },
        { rule },
      ],
    });
    const [match] = nftJsonRuleset('json', json).tables[0]!.chains.get('c')!.rule(0).statements;
    assert.ok(match?.kind === 'lookup' && match.set.kind === 'anonymous');
    const { elements } = match.set;
    assert.equal(elements.length, set.length);
    const [first, second] = [[...elements], [...elements]];
    assert.deepEqual(first, second);
    assert.notEqual(first[0], second[0]);
  });
});
