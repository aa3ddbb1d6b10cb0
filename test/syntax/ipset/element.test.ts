import assert from 'node:assert/strict';
import { formatNetwork } from '../../../src/core/address';
import type { IpSetEntry, IpSetPart } from '../../../src/core/ipset/types';
import { parseIpsetList } from '../../../src/syntax/ipset/list';
import { plainElement } from '../../../src/syntax/ipset/plainElement';
import { parseIpsetSave } from '../../../src/syntax/ipset/save';

function show(part: IpSetPart): unknown {
  return part.kind === 'network' ? formatNetwork(part.network) : part;
}

/** What `add s ...` lines come to in a set of the type given, and what is said of them. */
function read(type: string, ...adds: string[]) {
  const text = [`create s ${type}`, ...adds.map((add) => `add s ${add}`)].join('\n');
  const { value, findings } = parseIpsetSave(text, 'dump');
  const entries: IpSetEntry[] = [...value.get('s')!.entries];
  return {
    parts: entries.map(({ parts }) => parts.map(show)),
    entries,
    findings: findings.map(
      ({ code, range }) => `${range.line}:${range.start}-${range.end} ${code}`,
    ),
  };
}

suite('an element of an ipset', () => {
  test('is read as plain only where it stands as ipset prints it', () => {
    const at = 'add s '.length;
    const word = 0x0a600001;
    for (const [text, withPort, expected] of [
      ['10.96.0.1', false, { word }],
      ['255.255.255.255', false, { word: 0xffffffff }],
      ['0.0.0.0', false, { word: 0 }],
      ['10.96.0.1/32', false, { word, length: 32 }],
      ['10.96.0.0/16', false, { word: 0x0a600000, length: 16 }],
      ['128.0.0.0/1', false, { word: 0x80000000, length: 1 }],
      ['0.0.0.0/0', false, { word: 0, length: 0 }],
      ['10.96.0.1,80', true, { word, port: 80 }],
      ['10.96.0.1,0', true, { word, port: 0 }],
      ['10.96.0.1,65535', true, { word, port: 65535 }],
      ['10.96.0.1,tcp:443', true, { word, port: 443, protocol: 6 }],
      ['10.96.0.1,udp:53', true, { word, port: 53, protocol: 17 }],
      ['10.96.0.0/16,sctp:9', true, { word: 0x0a600000, length: 16, port: 9, protocol: 132 }],
      ['256.0.0.1', false, undefined],
      ['10.96.1', false, undefined],
      ['10.96.0.', false, undefined],
      ['10-96.0.1', false, undefined],
      ['10.96.00.1', false, undefined],
      ['010.96.0.1', false, undefined],
      ['10.96.0.1/33', false, undefined],
      ['10.96.0.1/', false, undefined],
      // Bits below the prefix: the kernel does not hold what is written.
      ['10.96.0.1/31', false, undefined],
      ['10.96.0.1/16', false, undefined],
      ['10.96.0.1 ', false, undefined],
      ['10.96.0.1-10.96.0.9', false, undefined],
      ['10.96.0.1,tcp:80', false, undefined],
      ['10.96.0.1', true, undefined],
      ['10.96.0.1,', true, undefined],
      ['10.96.0.1,65536', true, undefined],
      ['10.96.0.1,80-90', true, undefined],
      ['10.96.0.1,080', true, undefined],
      ['10.96.0.1,icmp:8', true, undefined],
      ['10.96.0.1,:80', true, undefined],
      ['10.96.0.1,tcp:80,10.0.0.0/8', true, undefined],
      ['10.96.0.1,tcp:80 timeout 3', true, undefined],
      ['10.96.0.1;tcp:80', true, undefined],
      ['fd00::1', false, undefined],
      ['', false, undefined],
    ] as const) {
      const plain = { length: undefined, port: undefined, protocol: undefined, line: 7 };
      assert.deepEqual(
        plainElement(`add s ${text}`, at, withPort, 7),
        expected && { ...plain, ...expected },
        text,
      );
    }
  });

  test('is the same whether it is read as plain or with an option behind it', () => {
    for (const [type, ...texts] of [
      ['hash:net family inet', '10.96.0.1', '10.96.0.0/16', '0.0.0.0/0', '10.96.0.1/16'],
      ['hash:ip,port family inet', '10.96.0.1,80', '10.96.0.1,tcp:80', '10.96.0.1,udp:0'],
      ['hash:net,port family inet', '10.96.0.0/16,sctp:80'],
    ] as const) {
      const plain = read(type, ...texts);
      const careful = read(type, ...texts.map((text) => `${text} -exist`));
      assert.deepEqual([plain.findings, careful.findings], [[], []]);
      assert.deepEqual(plain.entries, careful.entries);
    }
  });

  test('types with a mask, of other parts or of IPv6 are read with care', () => {
    assert.deepEqual(read('hash:ip family inet netmask 8', '10.96.0.1').parts, [['10.0.0.0/8']]);
    assert.deepEqual(read('hash:ip family inet6 netmask 16', 'fd00:1::1').parts, [['fd00::/16']]);
    // What has a prefix of its own is no plain address.
    assert.deepEqual(read('hash:ip family inet netmask 8', '10.96.0.0/16').parts, [
      ['10.96.0.0/16'],
    ]);
    // The mask of one family says nothing of an address of the other.
    assert.deepEqual(read('hash:ip family inet netmask 8', 'fd00::1').parts, [
      [{ kind: 'other', text: 'fd00::1' }],
    ]);
    assert.deepEqual(read('hash:net,iface family inet', '10.0.0.0/8,physdev:eth0').parts, [
      ['10.0.0.0/8', { kind: 'other', text: 'physdev:eth0' }],
    ]);
  });

  test('its port, protocol and ICMP type', () => {
    const port = (text: string) => read('hash:ip,port', `1.2.3.4,${text} -exist`).parts[0]![1];
    const of = (protocol: number | undefined, from: number, to = from) => ({
      kind: 'port',
      ...(protocol === undefined ? {} : { protocol }),
      from,
      to,
    });
    for (const [text, part] of [
      ['80', of(undefined, 80)],
      ['80-90', of(undefined, 80, 90)],
      ['tcp:65535', of(6, 65535)],
      ['tcp:80-80', of(6, 80)],
      ['47:0', of(47, 0)],
      ['esp:0', of(50, 0)],
      ['icmp:8/1', of(1, 0x801)],
      ['icmp:pong', of(1, 0)],
      ['icmp:echo-reply', of(1, 0)],
      ['icmpv6:echo-reply', of(58, 0x8100)],
      ['icmpv6:129/0', of(58, 0x8100)],
      ['tcp:65536', undefined],
      ['tcp:90-80', undefined],
      ['tcp:', undefined],
      ['xyz:80', undefined],
      ['icmp:80', undefined],
      ['icmpv6:pang', undefined],
    ] as const) {
      assert.deepEqual(port(text), part ?? { kind: 'other', text }, text);
    }
  });

  test('marks, MAC addresses and what no type of the kernel has', () => {
    const mark = (text: string) => read('hash:ip,mark', `1.2.3.4,${text}`).parts[0]![1];
    assert.deepEqual(mark('0xFFFFFFFF'), { kind: 'mark', mark: 0xffffffff });
    assert.deepEqual(mark('12'), { kind: 'mark', mark: 12 });
    assert.deepEqual(mark('0xg'), { kind: 'other', text: '0xg' });
    assert.deepEqual(read('hash:mac', '01:02:03:04:05').parts, [
      [{ kind: 'other', text: '01:02:03:04:05' }],
    ]);
    assert.deepEqual(read('hash:vlan', '7'), {
      ...read('hash:vlan', '7'),
      parts: [[{ kind: 'other', text: '7' }]],
      findings: ['1:6-7 ipset-element-part'],
    });
  });

  test('a range is of IPv4, from the lower to the higher, and both ends are in it', () => {
    const parts = (text: string) => read('hash:net', text).parts.flat();
    assert.deepEqual(parts('10.0.0.0-10.0.0.0'), ['10.0.0.0/32']);
    assert.deepEqual(parts('10.0.0.0-10.0.0.255'), ['10.0.0.0/24']);
    assert.deepEqual(parts('255.255.255.254-255.255.255.255'), ['255.255.255.254/31']);
    for (const text of [
      '10.0.0.2-10.0.0.1',
      'fd00::1-fd00::2',
      '10.0.0.1-',
      '-10.0.0.1',
      '10.0.0.1-fd00::1',
    ]) {
      assert.deepEqual(parts(text), [{ kind: 'other', text }], text);
    }
  });

  test('has the parts of its type; the MAC address of bitmap:ip,mac alone may be missing', () => {
    assert.deepEqual(read('hash:net,port,net', '10.0.0.0/8,80').findings, [
      '1:6-19 ipset-element-parts',
    ]);
    assert.deepEqual(read('hash:mac', '01:02:03:04:05:06,80').findings, [
      '1:6-26 ipset-element-parts',
    ]);
    const { parts, findings } = read(
      'bitmap:ip,mac range 10.0.0.0/24',
      '10.0.0.1',
      '10.0.0.2,01:02:03:04:05:06',
    );
    assert.deepEqual(findings, []);
    assert.deepEqual(parts, [
      ['10.0.0.1/32'],
      ['10.0.0.2/32', { kind: 'mac', mac: '01:02:03:04:05:06' }],
    ]);
  });

  test('what stands behind it, and what is not known there', () => {
    const { entries, findings } = read(
      'hash:net,iface',
      '10.0.0.0/8,eth wildcard nomatch timeout 0 packets 3 comment "a" skbmark 0x1 what',
      '10.0.0.0/8,eth0 packets 3 bytes 180 -! -exist',
      '10.0.0.0/8,eth1 timeout',
    );
    assert.deepEqual(entries[0]?.skbMark, { value: 1, mask: 0xffffffff });
    const facts = entries.map(({ nomatch, timeout, comment, counters }) => ({
      nomatch,
      timeout,
      comment,
      counters,
    }));
    const none = { nomatch: false, timeout: undefined, comment: undefined, counters: undefined };
    assert.deepEqual(facts, [
      { nomatch: true, timeout: 0, comment: 'a', counters: { packets: 3, bytes: 0 } },
      { ...none, counters: { packets: 3, bytes: 180 } },
      none,
    ]);
    assert.deepEqual(
      entries.map(({ parts }) => parts[1]),
      [
        { kind: 'interface', name: 'eth', wildcard: true },
        { kind: 'interface', name: 'eth0', wildcard: false },
        { kind: 'interface', name: 'eth1', wildcard: false },
      ],
    );
    assert.deepEqual(findings, ['1:82-86 ipset-element-option', '3:22-29 ipset-element-option']);
  });

  test('two ranges in one element: each with each', () => {
    const { parts } = read('hash:net,net', '10.0.0.0-10.0.0.2,10.1.0.1-10.1.0.2');
    assert.deepEqual(parts, [
      ['10.0.0.0/31', '10.1.0.1/32'],
      ['10.0.0.0/31', '10.1.0.2/32'],
      ['10.0.0.2/32', '10.1.0.1/32'],
      ['10.0.0.2/32', '10.1.0.2/32'],
    ]);
  });
});

suite('ipset save, its lines', () => {
  const save = (...lines: string[]) => {
    const { value, findings } = parseIpsetSave(lines.join('\n'), 'dump');
    return {
      sets: [...value.values()].map(({ name, family, entries, options }) => ({
        name,
        family,
        entries: Array.from(entries, ({ text }) => text),
        options: Object.fromEntries(options),
      })),
      findings: findings.map(
        ({ code, range }) => `${range.line}:${range.start}-${range.end} ${code}`,
      ),
    };
  };

  test('every form of create and add that ipset restore takes, and what is no set', () => {
    const set = (name: string) => ({
      name,
      family: 4,
      entries: ['1.1.1.1'],
      options: { family: 'inet' },
    });
    const forms = [
      ['create', 'add'],
      ['-N', '-A'],
      ['--create', '--add'],
      ['n', 'a'],
    ];
    for (const [create, add] of forms) {
      assert.deepEqual(
        save(
          '# c',
          '',
          `${create} s hash:ip family inet`,
          'flush s',
          '-F s',
          `${add} s 1.1.1.1`,
          'COMMIT',
          'quit',
        ),
        { sets: [set('s')], findings: [] },
      );
    }
  });

  test('elements are added to the set that they name, in whatever order', () => {
    const { sets, findings } = save(
      'create a hash:ip family inet',
      'create b hash:ip family inet6 counters hashsize 64',
      'add a 1.1.1.1',
      'add b fd00::1',
      'add a 1.1.1.2',
      'add b fd00::2',
    );
    assert.deepEqual(findings, []);
    assert.deepEqual(sets, [
      { name: 'a', family: 4, entries: ['1.1.1.1', '1.1.1.2'], options: { family: 'inet' } },
      {
        ...{ name: 'b', family: 6, entries: ['fd00::1', 'fd00::2'] },
        options: { family: 'inet6', counters: '', hashsize: '64' },
      },
    ]);
  });

  test('the family of bitmap:ip is IPv4, that of ports none', () => {
    const family = (type: string) => save(`create s ${type}`).sets[0]!.family;
    assert.deepEqual(
      [
        'bitmap:ip,mac range 10.0.0.0/24',
        'bitmap:port range 0-9',
        'hash:mac',
        'list:set size 8',
      ].map(family),
      [4, undefined, undefined, undefined],
    );
  });

  test('a set created twice is named where it stands again; lines cut in the middle are', () => {
    const { sets, findings } = save(
      'create s hash:ip family inet',
      'add s 1.1.1.1',
      'create s hash:ip family inet6',
      'add s 1.1.1.2',
      'create t',
      'create t hash',
      'add s',
      ' add t 1.1.1.1',
    );
    assert.deepEqual(
      sets.map(({ family, entries }) => [family, entries]),
      [[4, ['1.1.1.1', '1.1.1.2']]],
    );
    assert.deepEqual(findings, [
      '2:0-29 ipset-created-twice',
      '4:0-8 unknown-line',
      '5:0-13 unknown-line',
      '6:0-5 unknown-line',
      '7:1-14 ipset-not-created',
    ]);
  });
});

suite('ipset list, its lines', () => {
  const list = (...lines: string[]) => parseIpsetList(lines.join('\n'), 'dump');
  const head = ['Name: s', 'Type: hash:ip', 'Header: family inet hashsize 64 counters'];

  test('type, options and place are those of the block', () => {
    const { value, findings } = list(
      '',
      ...head,
      'Members:',
      '1.1.1.1 packets 3 bytes 180',
      '',
      '1.1.1.2',
    );
    assert.deepEqual(findings, []);
    const { entries, ...set } = value.get('s')!;
    assert.deepEqual(set, {
      ...{ name: 's', type: 'hash:ip', family: 4, complete: true },
      options: new Map([
        ['family', 'inet'],
        ['hashsize', '64'],
        ['counters', ''],
      ]),
      range: { source: 'dump', line: 1, start: 0, end: 7 },
    });
    assert.deepEqual(
      Array.from(entries, ({ text, range }) => [text, range.line, range.start]),
      [
        ['1.1.1.1', 5, 0],
        ['1.1.1.2', 7, 0],
      ],
    );
  });

  test('is cut where fewer elements are listed than it has, plain or not', () => {
    const complete = (count: number, ...members: string[]) => {
      const { value, findings } = list(
        ...head,
        `Number of entries: ${count}`,
        'Members:',
        ...members,
      );
      assert.deepEqual(
        findings.map(({ code, range }) => [code, range.line]),
        value.get('s')!.complete ? [] : [['ipset-cut', 0]],
      );
      return value.get('s')!.complete;
    };
    assert.equal(complete(2, '1.1.1.1', '1.1.1.2 packets 1 bytes 2'), true);
    assert.equal(complete(3, '1.1.1.1', '1.1.1.2 packets 1 bytes 2'), false);
    assert.equal(complete(1, '1.1.1.1', '1.1.1.2'), true);
    // A range is one element as it is printed.
    assert.equal(complete(1, '1.1.1.0-1.1.1.2'), true);
  });

  test('names of 31 characters alone are sets, anything else is named', () => {
    const name = 'K'.repeat(31);
    const { value, findings } = list(name, `${name}K`, 'two words', 'Type: hash:ip');
    assert.deepEqual([...value.keys()], [name]);
    assert.deepEqual(
      findings.map(({ range }) => range.line),
      [1, 2, 3],
    );
    const stray = list(...head, 'strayed');
    assert.deepEqual(
      stray.findings.map(({ code, range }) => [code, range.line]),
      [['unknown-line', 3]],
    );
  });
});
