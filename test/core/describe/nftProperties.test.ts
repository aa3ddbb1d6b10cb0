import assert from 'node:assert/strict';
import { flagInWords, propertyInWords, typeInWords } from '../../../src/core/describe/nft/property';

// nft(8): Sets, Maps, Chains, Stateful objects, Flowtables, Synproxy.
const properties: readonly (readonly [
  block: string,
  name: string,
  value: string,
  words: RegExp,
])[] = [
  [
    'set',
    'timeout',
    '1h',
    /^An element without a timeout of its own lives for 1h after it was added/,
  ],
  ['map', 'gc-interval', '1m', /^Elements whose time is over are removed every 1m; /],
  [
    'set',
    'size',
    '65535',
    /^It holds up to 65535 elements; a rule that adds one to a full set ends/,
  ],
  ['set', 'policy', 'memory', /take little memory/],
  ['set', 'policy', 'performance', /are found fast/],
  ['set', 'auto-merge', '', /joins ranges that overlap or touch/],
  ['set', 'counter', '', /^Each element counts what it was found for\.$/],
  ['set', 'last', '', /remembers when it was last found/],
  [
    'set',
    'quota',
    '100 bytes',
    /^Each element has a condition of its own: quota 100 bytes\. Where it does not hold/,
  ],
  ['set', 'limit', 'rate 5/second', /: limit rate 5\/second\. /],
  ['set', 'ct', 'count over 3', /: ct count over 3\. /],
  ['chain', 'policy', 'drop', /^What no rule decides is dropped\.$/],
  ['chain', 'policy', 'accept', /^What no rule decides is accepted\.$/],
  ['ct helper', 'type', '"ftp" protocol tcp', /^The connection's helper \("ftp" protocol tcp\)/],
  ['ct helper', 'l3proto', 'ip', /^Only for connections of ip\.$/],
  ['ct timeout', 'protocol', 'tcp', /^Only for connections over tcp\.$/],
  ['ct timeout', 'policy', '{ close : 5 }', /in each state: \{ close : 5 \}\.$/],
  ['ct expectation', 'dport', '9876', /goes to port 9876\.$/],
  ['ct expectation', 'timeout', '2m', /^The connection is expected for 2m\.$/],
  ['ct expectation', 'size', '12', /^At most 12 connections are expected at a time\.$/],
  ['flowtable', 'hook', 'ingress priority 0', /leave the usual way here and meet no later rules/],
  ['flowtable', 'devices', '{ eth0 }', /between which it forwards: \{ eth0 \}\.$/],
  ['flowtable', 'flags', 'offload', /^The network card forwards/],
  ['flowtable', 'counter', '', /^conntrack counts what its connections forward\.$/],
  ['synproxy', 'mss', '1460', /that clients are told: 1460\.$/],
  ['synproxy', 'wscale', '7', /window scale that clients are told: 7\.$/],
  [
    'synproxy',
    'timestamp',
    'sack-perm',
    /^TCP options of clients that are passed on: timestamp sack-perm\.$/,
  ],
  ['synproxy', 'timestamp', '', /: timestamp\.$/],
  ['synproxy', 'sack-perm', '', /: sack-perm\.$/],
  ['set', 'comment', '"a note"', /^Comment: a note$/],
];

suite('properties of an nft listing in words', () => {
  for (const [block, name, value, words] of properties) {
    test(`${block}: ${name} ${value}`.trim(), () =>
      assert.match(propertyInWords(block, name, value) ?? '', words),
    );
  }

  test('one that another block has, that nobody knows, or that objects have by nature, is none', () => {
    for (const [block, name] of [
      ['chain', 'size'],
      ['set', 'elements'],
      ['table', 'size'],
      ['set', 'constructor'],
      ['constructor', 'name'],
    ] as const) {
      assert.equal(propertyInWords(block, name, 'x'), undefined, `${block} ${name}`);
    }
  });

  test('flags and types of elements', () => {
    for (const flag of [
      'constant',
      'dynamic',
      'interval',
      'timeout',
      'dormant',
      'owner',
      'persist',
    ])
      assert.ok(flagInWords(flag), flag);
    assert.equal(flagInWords('toString'), undefined);
    assert.equal(typeInWords('ipv4_addr'), 'an IPv4 address');
    assert.equal(typeInWords('verdict'), 'what to do with the packet');
    assert.equal(typeInWords('valueOf'), undefined);
  });
});
