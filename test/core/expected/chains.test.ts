import assert from 'node:assert/strict';
import { TableBuilder } from '../../../src/core/expected/builder';
import { compareChains } from '../../../src/core/expected/compare/chains';
import { ipvsActual } from '../../../src/core/expected/compare/ipvsActual';
import type { ExpectedRule, ExpectedRuleset, RuleRole } from '../../../src/core/expected/rules';
import { ipsetText } from '../../../src/core/expected/ipvs/text';
import type { IpSet } from '../../../src/core/ipset/types';
import { nftText, savedText } from '../../../src/core/expected/text';
import type { NodeState } from '../../../src/core/node';
import type { ActualTables } from '../../../src/core/rules/ruleTexts';
import { finish } from '../../../src/core/work';
import { ipAddressParser } from '../../../src/syntax/ip/address';
import { ipsetSaveParser } from '../../../src/syntax/ipset/save';
import { ipvsSaveParser } from '../../../src/syntax/ipvs/save';
import { parseLines } from '../../../src/syntax/lines';
import { withPauses } from '../../pauses';

const rule = (text: string, role: RuleRole = 'node', more: object = {}): ExpectedRule => ({
  text,
  role,
  ...more,
});

/** A table of chains, and of sets behind `@`; what is said of a chain besides stands behind its name. */
function expectedOf(
  table: string,
  chains: Readonly<Record<string, readonly ExpectedRule[]>>,
  facts: Readonly<Record<string, object>> = {},
  unknown: ExpectedRuleset['unknown'] = [],
): ExpectedRuleset {
  const builder = new TableBuilder(table);
  for (const [name, rules] of Object.entries(chains)) {
    if (name.startsWith('@')) builder.set(name.slice(1), ['type x']).elements.push(...rules);
    else builder.chain(name, { rules: [...rules], ...facts[name] });
  }
  const tables = new Map([[table, builder]]);
  return { mode: 'iptables', family: 4, servicePorts: [], tables, unknown };
}

function actualOf(
  table: string,
  chains: Readonly<Record<string, readonly string[]>>,
): ActualTables {
  let line = 0;
  const rules = (texts: readonly string[]) => texts.map((text) => ({ text, line: line++ }));
  return new Map([
    [table, new Map(Object.entries(chains).map(([name, texts]) => [name, rules(texts)]))],
  ]);
}

function told(expected: ExpectedRuleset, actual: ActualTables) {
  const { differences, leftovers, absent } = finish(compareChains(expected, actual));
  return {
    differences: differences.map(({ kind, chain, expected: wanted, actual: held }) =>
      [kind, chain, ...[wanted?.text, held?.text].filter((text) => text !== undefined)].join(' '),
    ),
    leftovers: leftovers.map(({ chain, rule: jump }) =>
      [chain, ...(jump ? [jump.text] : [])].join(' '),
    ),
    absent,
  };
}

const none = { differences: [], leftovers: [], absent: [] };

suite('chains against those that are expected', () => {
  const own = 'KUBE-MARK-MASQ';

  test('the same, one that lacks, one too many, a chain that is not there, a table that is not', () => {
    const expected = expectedOf('nat', { [own]: [rule('-j A'), rule('-j B')] });
    const against = (...rules: readonly string[]) =>
      told(expected, actualOf('nat', { [own]: rules }));
    assert.deepEqual(against('-j A', '-j B'), none);
    assert.deepEqual(against('-j A'), { ...none, differences: [`missing ${own} -j B`] });
    assert.deepEqual(against('-j A', '-j B', '-j C'), {
      ...none,
      differences: [`stale ${own} -j C`],
    });
    assert.deepEqual(against('-j A', '-j B', '-j B').differences, [`stale ${own} -j B`]);
    assert.deepEqual(told(expected, actualOf('nat', {})).differences, [`missing-chain ${own}`]);
    assert.deepEqual(told(expected, actualOf('filter', {})), { ...none, absent: ['nat'] });
  });

  test('in another order; a rule that is right as well counts as itself', () => {
    const expected = expectedOf('nat', {
      [own]: [rule('-j A', 'node', { also: ['-j A1', '-j A2'] }), rule('-j B'), rule('-j C')],
    });
    const against = (...rules: readonly string[]) =>
      told(expected, actualOf('nat', { [own]: rules })).differences;
    assert.deepEqual(against('-j A2', '-j B', '-j C'), []);
    assert.deepEqual(against('-j B', '-j A', '-j C'), [`order ${own} -j B -j B`]);
    assert.deepEqual(against('-j C', '-j A', '-j B'), [`order ${own} -j C -j C`]);
    assert.deepEqual(against('-j C', '-j B', '-j A'), [
      `order ${own} -j B -j B`,
      `order ${own} -j C -j C`,
    ]);
  });

  test('chains that Service ports share: each in its own order, all before the way to the node ports', () => {
    const [web, db] = [{ servicePort: { name: 'web' } }, { servicePort: { name: 'db' } }];
    const rules = [
      rule('-j W1', 'cluster-ip', web),
      rule('-j W2', 'cluster-ip', web),
      rule('-j D', 'cluster-ip', db),
      rule('-j N'),
      rule('-j KUBE-NODEPORTS', 'node-ports'),
    ];
    const expected = expectedOf('nat', { 'KUBE-SERVICES': rules });
    const against = (...held: readonly string[]) =>
      told(expected, actualOf('nat', { 'KUBE-SERVICES': held })).differences;
    assert.deepEqual(against('-j D', '-j N', '-j W1', '-j W2', '-j KUBE-NODEPORTS'), []);
    assert.deepEqual(against('-j W2', '-j W1', '-j D', '-j N', '-j KUBE-NODEPORTS'), [
      'order KUBE-SERVICES -j W2 -j W2',
    ]);
    assert.deepEqual(against('-j W1', '-j W2', '-j KUBE-NODEPORTS', '-j D', '-j N'), [
      'order KUBE-SERVICES -j D -j D',
      'order KUBE-SERVICES -j N -j N',
    ]);
  });

  test('in the kernel’s chains others write, too: a jump into kube-proxy’s is left over, the rest is theirs', () => {
    const expected = expectedOf(
      'nat',
      { OUTPUT: [rule('-j KUBE-SERVICES', 'hook')] },
      { OUTPUT: { builtIn: true } },
    );
    const against = (...held: readonly string[]) =>
      told(expected, actualOf('nat', { OUTPUT: held }));
    assert.deepEqual(against('-j cali-OUTPUT', '-j KUBE-SERVICES', '-g cali-X'), none);
    assert.deepEqual(against('-j KUBE-SERVICES', '-m comment -j KUBE-NODEPORTS').leftovers, [
      'OUTPUT -m comment -j KUBE-NODEPORTS',
    ]);
    assert.deepEqual(against('-j KUBE-SERVICES', '-g KUBE-POSTROUTING').leftovers, [
      'OUTPUT -g KUBE-POSTROUTING',
    ]);
    // Others mark packets for kube-proxy, and the kubelet has chains of its own.
    assert.deepEqual(
      against('-j KUBE-SERVICES', '-j KUBE-MARK-MASQ', '-j KUBE-KUBELET-CANARY'),
      none,
    );
    assert.deepEqual(against().differences, ['missing OUTPUT -j KUBE-SERVICES']);
    // KUBE-FIREWALL is the kubelet's as well.
    const firewall = expectedOf('filter', { 'KUBE-FIREWALL': [rule('-j A')] });
    assert.deepEqual(
      told(firewall, actualOf('filter', { 'KUBE-FIREWALL': ['-j X', '-j A'] })),
      none,
    );
  });

  test('chains of kube-proxy that no rule of its own leads to', () => {
    const expected = expectedOf('nat', {});
    const held = [
      'KUBE-SVC-ABCDEFGHIJKLMNOP',
      'KUBE-SVC-ABC',
      'KUBE-FIREWALL',
      'KUBE-LOAD-BALANCER',
      'cali-A',
      'PREROUTING',
    ];
    const actual = actualOf('nat', Object.fromEntries(held.map((name) => [name, ['-j A']])));
    assert.deepEqual(told(expected, actual), {
      ...none,
      leftovers: ['KUBE-SVC-ABCDEFGHIJKLMNOP', 'KUBE-LOAD-BALANCER'],
    });
  });

  test('nftables: the table is kube-proxy’s alone; head and elements of sets in any order', () => {
    const chains = { services: [rule('drop')], '@ips': [rule('10.0.0.1'), rule('10.0.0.2')] };
    const facts = { services: { hook: 'type nat hook output priority 0;', comment: 'own' } };
    const expected = expectedOf('kube-proxy', chains, facts);
    const held = {
      services: ['type nat hook output priority 0;', 'comment "own"', 'drop'],
      '@ips': ['10.0.0.2', 'type x', '10.0.0.1'],
    };
    const against = (more: object) => told(expected, actualOf('kube-proxy', { ...held, ...more }));
    assert.deepEqual(against({}), none);
    assert.deepEqual(against({ services: ['drop'] }).differences, [
      'missing services type nat hook output priority 0;',
      'missing services comment "own"',
    ]);
    assert.deepEqual(against({ '@ips': ['type x', '10.0.0.1', '10.0.0.9'] }).differences, [
      'missing @ips 10.0.0.2',
      'stale @ips 10.0.0.9',
    ]);
    assert.deepEqual(against({ other: [], '@more': [] }).leftovers, ['other', '@more']);
  });

  test('virtual servers: real servers in any order; those that nobody expects are to go', () => {
    const server = '-t 10.96.0.5:80';
    const expected = expectedOf('ipvs', {
      [server]: [rule('-s rr'), rule('-r 10.244.0.5:80'), rule('-r 10.244.0.6:80')],
    });
    const held = { [server]: ['-r 10.244.0.6:80', '-s rr', '-r 10.244.0.5:80'] };
    assert.deepEqual(told(expected, actualOf('ipvs', held)), none);
    assert.deepEqual(
      told(expected, actualOf('ipvs', { ...held, '-t 10.96.0.9:80': ['-s rr', '-r 10.0.0.1:1'] })),
      {
        ...none,
        differences: ['stale -t 10.96.0.9:80 -s rr', 'stale -t 10.96.0.9:80 -r 10.0.0.1:1'],
      },
    );
    const dummy = expectedOf('kube-ipvs0', { addresses: [rule('10.96.0.1'), rule('10.96.0.2')] });
    assert.deepEqual(
      told(dummy, actualOf('kube-ipvs0', { addresses: ['10.96.0.2', '10.96.0.1'] })),
      none,
    );
    assert.deepEqual(
      told(dummy, actualOf('kube-ipvs0', { addresses: ['10.96.0.2', '10.96.0.1', '10.96.0.3'] }))
        .differences,
      ['stale addresses 10.96.0.3'],
    );
  });

  test('what could not be worked out is not judged, neither way', () => {
    const silent = (role: RuleRole) => [{ role, reason: 'x' }];
    const jump = rule('-j KUBE-NODEPORTS', 'node-ports');
    const services = (unknown: ExpectedRuleset['unknown']) =>
      expectedOf('nat', { 'KUBE-SERVICES': [jump] }, {}, unknown);
    const held = (...texts: readonly string[]) => actualOf('nat', { 'KUBE-SERVICES': texts });
    assert.deepEqual(told(services(silent('node-ports')), held()), none);
    assert.deepEqual(
      told(services(silent('node-ports')), held('-d 10.0.0.1/32 -j KUBE-NODEPORTS')),
      none,
    );
    assert.equal(told(services(silent('node-ports')), held('-j KUBE-SVC-A')).differences.length, 1);
    assert.equal(
      told(services(silent('service-ranges')), held('-d 10.0.0.1/32 -j KUBE-NODEPORTS')).differences
        .length,
      2,
    );
    const range = 'ip daddr 10.0.0.0/8 drop comment "Drop traffic to unallocated ClusterIPs"';
    const check = (unknown: ExpectedRuleset['unknown']) =>
      told(
        expectedOf('kube-proxy', { check: [] }, {}, unknown),
        actualOf('kube-proxy', { check: [range] }),
      ).differences;
    assert.deepEqual(check(silent('service-ranges')), []);
    assert.deepEqual(check(silent('node-ports')), [`stale check ${range}`]);
    assert.deepEqual(check([]), [`stale check ${range}`]);
    const ports = expectedOf('kube-proxy', { services: [] }, {}, silent('node-ports'));
    const vmap = 'ip daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports';
    assert.deepEqual(told(ports, actualOf('kube-proxy', { services: [vmap] })).differences, []);
  });

  test('gives way every 2,048 rules', () => {
    const many = Object.fromEntries(
      Array.from({ length: 64 }, (_, i) => [
        `KUBE-${i}`,
        Array.from({ length: 127 }, () => rule('-j A')),
      ]),
    );
    const actual = actualOf(
      'nat',
      Object.fromEntries(
        Object.keys(many).map((name) => [name, Array.from({ length: 127 }, () => '-j A')]),
      ),
    );
    assert.equal(withPauses(compareChains(expectedOf('nat', many), actual)).pauses, 4);
  });
});

suite('sets, virtual servers and addresses as texts', () => {
  const sets = parseLines(
    'create KUBE-A hash:ip,port family inet\nadd KUBE-A 10.96.0.1,tcp:443\ncreate KUBE-6-A hash:ip family inet6\nadd KUBE-6-A fd00::1\ncreate KUBE-P bitmap:port range 0-65535\nadd KUBE-P 80\n',
    ipsetSaveParser('sets'),
  ).value;
  const ipvs = parseLines(
    [
      '-A -t 10.96.0.1:443 -s rr -p 10800',
      '-a -t 10.96.0.1:443 -r 192.0.2.1:6443 -m -w 1',
      '-a -t 10.96.0.1:443 -r 192.0.2.2:6443 -m -w 0',
      '-A -u 10.96.0.10:53 -s mh -b mh-port,mh-fallback',
      '-A --sctp-service 10.96.0.11:1 -s rr',
      '-A -t [fd00::1]:443 -s rr',
      '-A -f 7 -s rr',
    ].join('\n'),
    ipvsSaveParser('ipvs'),
  ).value;
  const interfaces = parseLines(
    '3: kube-ipvs0: <NOARP> mtu 1500\n    inet 10.96.0.1/32 scope global kube-ipvs0\n    inet6 fd00::1/128 scope global\n    inet6 fe80::1/64 scope link\n2: eth0: <UP>\n    inet 192.0.2.1/24 scope global eth0\n',
    ipAddressParser('ip'),
  ).value;
  const state: NodeState = { name: 'a', rulesets: [], findings: [], sets, ipvs, interfaces };
  const texts = (node: NodeState, family: 4 | 6) =>
    [...ipvsActual(node, family)].map(([table, chains]) => [
      table,
      ...[...chains].map(([name, rules]) => [name, ...rules.map(({ text }) => text)].join(' | ')),
    ]);

  test('of one family, as kube-proxy would have them', () => {
    assert.deepEqual(texts(state, 4), [
      [
        'ipset',
        '@KUBE-A | hash:ip,port family inet | 10.96.0.1,tcp:443',
        '@KUBE-P | bitmap:port | 80',
      ],
      [
        'ipvs',
        // Weight 0: an endpoint that went.
        '-t 10.96.0.1:443 | -s rr -p 10800 | -r 192.0.2.1:6443 -m -w 1',
        '-u 10.96.0.10:53 | -s mh -b mh-port,mh-fallback',
        '--sctp-service 10.96.0.11:1 | -s rr',
      ],
      ['kube-ipvs0', 'addresses | 10.96.0.1'],
    ]);
    assert.deepEqual(texts(state, 6), [
      ['ipset', '@KUBE-6-A | hash:ip family inet6 | fd00::1'],
      ['ipvs', '-t [fd00::1]:443 | -s rr'],
      ['kube-ipvs0', 'addresses | fd00::1'],
    ]);
  });

  test('what no dump holds, or not all of it, is left out', () => {
    const { sets: _, ipvs: __, interfaces: ___, ...bare } = state;
    assert.deepEqual(texts(bare, 4), []);
    assert.deepEqual(texts({ ...bare, interfaces: interfaces.slice(1) }, 4), []);
    assert.deepEqual(texts({ ...bare, ipvs: { ...ipvs, incomplete: 'x' } }, 4), []);
    const [[name, set]] = [...sets] as unknown as [
      [string, NonNullable<ReturnType<typeof sets.get>>],
    ];
    const cut = new Map([[name, { ...set, complete: false }]]);
    assert.deepEqual(texts({ ...bare, sets: cut }, 4), [['ipset']]);
  });
});

suite('rules as texts of their programs', () => {
  test('iptables-save: the kernel’s chains first, own ones by name', () => {
    const nat = {
      OUTPUT: [rule('-j KUBE-SERVICES')],
      'KUBE-SERVICES': [rule('-j KUBE-A')],
      'KUBE-A': [rule('-j RETURN')],
    };
    assert.equal(
      savedText(expectedOf('nat', nat, { OUTPUT: { builtIn: true } })),
      [
        '*nat',
        ...['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'].map((name) => `:${name} ACCEPT [0:0]`),
        ':KUBE-A - [0:0]',
        ':KUBE-SERVICES - [0:0]',
        '-A OUTPUT -j KUBE-SERVICES',
        '-A KUBE-A -j RETURN',
        '-A KUBE-SERVICES -j KUBE-A',
        'COMMIT',
        '',
      ].join('\n'),
    );
    assert.equal(savedText(expectedOf('kube-proxy', {})), '\n');
  });

  test('ipset save: kube-proxy’s sets, and those of others that are known whole', () => {
    const others = parseLines(
      'create cali-a hash:ip family inet counters\nadd cali-a 10.0.0.1\ncreate KUBE-OLD hash:ip family inet\ncreate my-KUBE- bitmap:port range 0-9\n',
      ipsetSaveParser('sets'),
    ).value;
    const own = expectedOf('ipset', { '@KUBE-A': [rule('10.96.0.1')] });
    const text = (sets: Iterable<IpSet>) => ipsetText([own], sets).trimEnd().split('\n');
    const kube = ['create KUBE-A type x', 'add KUBE-A 10.96.0.1'];
    assert.deepEqual(text([]), kube);
    assert.deepEqual(text(others.values()), [
      ...kube,
      'create cali-a hash:ip family inet counters',
      'add cali-a 10.0.0.1',
      'create my-KUBE- bitmap:port range 0-9',
    ]);
    const cut = [...others.values()].map((set) => ({ ...set, complete: false }));
    assert.deepEqual(text(cut), kube);
  });

  test('nft list ruleset: maps by their verdicts, priorities by name', () => {
    const hook = (point: string, priority: number) => ({
      hook: `type filter hook ${point} priority ${priority}; policy accept;`,
    });
    const chains = {
      '@ips': [rule('10.0.0.1'), rule('10.0.0.2')],
      '@none': [],
      a: [rule('drop')],
      b: [],
      c: [],
      d: [],
      e: [],
    };
    const facts = {
      a: { comment: 'own' },
      b: hook('prerouting', -110),
      c: hook('prerouting', -100),
      d: hook('postrouting', 100),
      e: hook('output', -110),
    };
    const text = nftText(expectedOf('kube-proxy', chains, facts));
    assert.equal(
      text,
      [
        'table ip kube-proxy {',
        '\tcomment "rules for kube-proxy"',
        '\tset ips {',
        '\t\ttype x',
        '\t\telements = { 10.0.0.1,',
        '\t\t\t     10.0.0.2 }',
        '\t}',
        '',
        '\tset none {',
        '\t\ttype x',
        '\t}',
        '',
        '\tchain a {',
        '\t\tcomment "own"',
        '\t\tdrop',
        '\t}',
        '',
        ...[
          'b prerouting dstnat - 10',
          'c prerouting dstnat',
          'd postrouting srcnat',
          'e output -110',
        ].flatMap((one, i) => {
          const [name, point, ...priority] = one.split(' ');
          const lines = [
            `\tchain ${name} {`,
            `\t\ttype filter hook ${point} priority ${priority.join(' ')}; policy accept;`,
            '\t}',
          ];
          return i < 3 ? [...lines, ''] : lines;
        }),
        '}',
        '',
      ].join('\n'),
    );
    const zero = nftText(expectedOf('kube-proxy', { a: [] }, { a: hook('input', 0) }));
    assert.match(zero, /hook input priority filter; policy accept;/);
    assert.equal(nftText(expectedOf('nat', {})), '');
    const six = { ...expectedOf('kube-proxy', {}), family: 6 as const };
    assert.match(nftText(six), /^table ip6 kube-proxy \{\n\tcomment "rules for kube-proxy"\n\}\n$/);
  });
});
