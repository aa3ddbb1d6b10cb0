import assert from 'node:assert/strict';
import { formatAddress, formatNetwork, parseAddress } from '../../../src/core/address';
import { headingAt, ipvsTokens } from '../../../src/language/node/ipvsTokens';
import { ruleLines, soughtAddress, soughtSet } from '../../../src/language/node/ruleLines';
import { addressOf, nodeWordAt, type NodeText } from '../../../src/language/node/word';
import { textLines } from '../../../src/syntax/textLines';
import { finish } from '../../../src/core/work';

/** What stands at the `^` of a text's last line: `WHAT FACTS 'as written'`. */
function word(
  language: NodeText['language'],
  marked: string,
  above: string[] = [],
): string | undefined {
  const column = marked.indexOf('^');
  const line = marked.replace('^', '');
  const lines = textLines([...above, line].join('\n'));
  const found = nodeWordAt({ language, source: 'x', lines }, above.length, column);
  if (!found) return undefined;
  const written = `'${line.slice(found.start, found.end)}'`;
  switch (found.what) {
    case 'address':
      return [
        'address',
        formatNetwork(found.network),
        found.port,
        found.protocol,
        found.hex,
        written,
      ]
        .filter((fact) => fact !== undefined)
        .join(' ');
    case 'ipvs':
      return `ipvs ${found.token.kind} ${written}`;
    case 'set':
      return ['set', ...(found.directions ?? []), written].join(' ');
    case 'heading':
      return `heading ${found.text} ${written}`;
    default:
      return `${found.what} ${written}`;
  }
}

suite('the word at a place of a node’s dumps', () => {
  test('of IPVS: addresses with port and protocol, else the column', () => {
    for (const [line, expected] of [
      ['^TCP  10.96.0.1:80 rr', "ipvs protocol 'TCP'"],
      ['TCP^  10.96.0.1:80 rr', "ipvs protocol 'TCP'"],
      ['TCP ^ 10.96.0.1:80 rr', undefined],
      ['TCP  ^10.96.0.1:80 rr', "address 10.96.0.1/32 80 tcp '10.96.0.1:80'"],
      ['TCP  10.96.0.1:8^0 rr', "address 10.96.0.1/32 80 tcp '10.96.0.1:80'"],
      ['TCP  10.96.0.1:80 r^r', "ipvs scheduler 'rr'"],
      ['  -> [fd00::^1]:80 Masq 1 0 0', "address fd00::1/128 80 'fd00::1]:80'"],
      ['TCP  svc^:https rr', "ipvs address 'svc'"],
      ['UDP  0AF4^0001:0035 rr', "address 10.244.0.1/32 53 udp 0AF40001:0035 '0AF40001:0035'"],
      ['-A -t 10.96.0.1:80 -s ^rr', "ipvs scheduler 'rr'"],
      [
        'TCP 01:53 NONE 10.0.0.1:1 10.96.0.1^:80 10.0.0.2:80',
        "address 10.96.0.1/32 80 tcp '10.96.0.1:80'",
      ],
      ['TCP 01:5^3 NONE 10.0.0.1:1 10.96.0.1:80 10.0.0.2:80', "ipvs expires '01:53'"],
      [
        'TCP 0A000001 0001 0A6^00001 0050 0A000002 0050 NONE 39',
        "address 10.96.0.1/32 80 tcp 0A600001 0050 '0A600001 0050'",
      ],
      ['TCP 0A000001 0001 0A600001 0050 0A000002 0050 NO^NE 39', "ipvs state 'NONE'"],
      [
        '  -> RemoteAddress:Port Forward Weight Active^Conn InActConn',
        "heading ActiveConn 'ActiveConn'",
      ],
      ['  -> RemoteAddress:Port For^ward Weight ActiveConn InActConn', undefined],
      ['hel^lo', undefined],
    ] as const) {
      assert.equal(word('ipvsadm', line), expected, line);
    }
    assert.equal(headingAt('TCP 10.96.0.1:80 Weight', 20), undefined);
    assert.equal(headingAt('Prot LocalAddress:Port Nothing', 25), undefined);
  });

  test('of IPVS: the columns are those of the header above', () => {
    const kinds = (...lines: string[]) =>
      ipvsTokens(textLines(lines.join('\n')), lines.length - 1, 'x')
        .slice(3)
        .map(({ kind }) => kind);
    const row = '  -> 10.0.0.1:80 1 2 3';
    assert.deepEqual(kinds(row), ['forward', 'weight', 'active-connections']);
    const stats = 'Prot LocalAddress:Port Conns InPkts OutPkts InBytes OutBytes';
    const remote = '  -> RemoteAddress:Port';
    assert.deepEqual(kinds(stats, remote, row), ['connections', 'in-packets', 'out-packets']);
    assert.deepEqual(kinds(stats, remote, 'TCP 10.96.0.1:80 1 2 3', row), [
      'connections',
      'in-packets',
      'out-packets',
    ]);
    const hex = ipvsTokens(
      textLines(
        'Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port Forward Weight\nTCP  0A600001:0050 rr persistent 500',
      ),
      2,
      'x',
    );
    assert.deepEqual(
      hex.map(({ value }) => value),
      ['TCP', '10.96.0.1', '80', 'rr', '2'],
    );
  });

  test('of sets: names, types, elements and their addresses', () => {
    for (const [line, expected] of [
      ['create S^ hash:ip,port family inet', "set 'S'"],
      ['create S hash^:ip,port family inet', "set-type 'hash:ip,port'"],
      ['-N S hash^:ip', "set-type 'hash:ip'"],
      ['create S hash:ip fam^ily inet', undefined],
      ['cre^ate S hash:ip', undefined],
      ['add ^S 10.96.0.1,tcp:443', "set 'S'"],
      ['-A ^S 10.96.0.1,tcp:443', "set 'S'"],
      ['add S 10.9^6.0.1,tcp:443', "address 10.96.0.1/32 443 tcp '10.96.0.1'"],
      ['add S 10.9^6.0.0/16', "address 10.96.0.0/16 '10.96.0.0/16'"],
      ['add S 10.96.0.1,tcp:4^43', "entry '10.96.0.1,tcp:443'"],
      ['add S 10.96.0.1 time^out 5', undefined],
      ['Name: ^S', "set 'S'"],
      ['Type: hash^:ip', "set-type 'hash:ip'"],
      ['Header: fam^ily inet', undefined],
      ['10.9^6.0.1,udp:53', "address 10.96.0.1/32 53 udp '10.96.0.1'"],
      ['30^080', "entry '30080'"],
      ['', undefined],
    ] as const) {
      assert.equal(word('ipset', line.includes('^') ? line : `${line}^`), expected, line);
    }
  });

  test('of addresses and routes: devices, kinds of routes, addresses', () => {
    for (const [line, expected] of [
      ['2: eth^0@if5: <UP> mtu 1500 master br0', "device 'eth0'"],
      ['2: eth0: <UP> mtu 1500 master b^r0', "device 'br0'"],
      ['    inet 10.244.0^.1/24 scope global cni0', "address 10.244.0.1/32 '10.244.0.1'"],
      ['    inet6 fd00::^1/64 scope global', "address fd00::1/128 'fd00::1'"],
      ['loc^al 10.96.0.1 dev kube-ipvs0', "route-type 'local'"],
      ['local 10.96^.0.1 dev kube-ipvs0', "address 10.96.0.1/32 '10.96.0.1'"],
      ['local 10.96.0.1 dev kube^-ipvs0', "device 'kube-ipvs0'"],
      ['10.244.0^.0/24 dev cni0', "address 10.244.0.0/24 '10.244.0.0/24'"],
      ['2: eth0: <UP> m^tu 1500', undefined],
    ] as const) {
      assert.equal(word('ip-address', line), expected, line);
    }
  });

  test('of rules: the sets that they look up, fill and empty', () => {
    for (const [line, expected] of [
      ['-A X -m set --match-set KUBE^-S dst,dst -j ACCEPT', "set dst dst 'KUBE-S'"],
      ['-A X -m set --match-set KUBE-S dst,ds^t -j ACCEPT', "set dst dst 'KUBE-S'"],
      ['-A X -m set --match-set "a^b" src', "set src 'ab'"],
      ['-A X -j SET --add-set S^ src', "set src 'S'"],
      ['-A X -j SET --del-set S^', "set 'S'"],
      ['ACCEPT all -- anywhere anywhere match-set S^ dst', "set dst 'S'"],
      ['-A X -m s^et --match-set S dst', undefined],
      ['-A X -m set --match-set S dst -j A^CCEPT', undefined],
    ] as const) {
      assert.equal(word('iptables-save', line), expected, line);
    }
  });

  test('an address is one where no network is meant', () => {
    const network = (mask: number[]) => ({ address: parseAddress('10.0.0.1')!, mask });
    const one = addressOf({ what: 'address', network: network([0xffffffff]) });
    assert.equal(one && formatAddress(one), '10.0.0.1');
    assert.equal(addressOf({ what: 'address', network: network([0xffffff00]) }), undefined);
  });
});

suite('lines of rules that name a set or an address', () => {
  const columns = (text: string, sought: ReturnType<typeof soughtSet>) =>
    finish(ruleLines('x', textLines(text), sought)).map(
      ({ range }) => `${range.line}:${range.start}-${range.end}`,
    );

  test('a set by its whole name, behind an option that takes one', () => {
    const text = [
      '-A X -m set --match-set S dst',
      '-A X -m set --match-set S-2 dst',
      '-A X -m comment --comment S -j ACCEPT',
      '# --match-set S dst',
      ':S - [0:0]',
      '-A X -j SET --add-set "S" src',
      'ACCEPT all match-set S',
    ].join('\n');
    assert.deepEqual(columns(text, soughtSet('S')), ['0:24-25', '5:23-24', '6:21-22']);
  });

  test('an address by itself, with or without its full length, and no part of another', () => {
    const four = [
      '-d 10.96.0.1/32',
      '-d 10.96.0.1',
      '-d 10.96.0.10/32',
      '-d 110.96.0.1/32',
      '-d 10.96.0.1/24',
      '--to-destination 10.96.0.1:80',
    ].join('\n');
    assert.deepEqual(columns(four, soughtAddress(parseAddress('10.96.0.1')!)), [
      '0:3-15',
      '1:3-12',
      '5:17-26',
    ]);
    const six = [
      '-d fd00::1/128',
      '-d fd00::12/128',
      '-d fd00::1/64',
      '-d afd00::1',
      '[fd00::1]:80',
    ].join('\n');
    assert.deepEqual(columns(six, soughtAddress(parseAddress('fd00::1')!)), ['0:3-14', '4:1-8']);
  });
});
