import assert from 'node:assert/strict';
import { formatAddress } from '../../../src/core/address';
import type { NetworkInterface } from '../../../src/core/node';
import { parseIpAddress } from '../../../src/syntax/ip/address';
import { parseIpAddressJson } from '../../../src/syntax/ip/addressJson';
import { ifconfigParser } from '../../../src/syntax/ip/ifconfig';
import { parseIfInet6 } from '../../../src/syntax/ip/ifInet6';
import { parseLines } from '../../../src/syntax/lines';

/** All that a device says, its addresses as `ip addr` writes them. */
function show(device: NetworkInterface): unknown {
  const { range, addresses, ...facts } = device;
  return {
    ...facts,
    line: range.line,
    addresses: addresses.map((one) => {
      const { address, prefixLength, scope, broadcast, peer, range: place, ...flags } = one;
      const set = Object.entries(flags).flatMap(([flag, value]) => (value ? [flag] : []));
      const more = [
        ...(broadcast ? [`brd ${formatAddress(broadcast)}`] : []),
        ...(peer ? [`peer ${formatAddress(peer)}`] : []),
      ];
      return [
        `${formatAddress(address)}/${prefixLength} ${scope}`,
        ...more,
        ...set,
        `${place.line}:${place.start}-${place.end}`,
      ].join(' ');
    }),
  };
}

suite('ip addr, all that a device and an address say', () => {
  const read = (text: string) => {
    const { value, findings } = parseIpAddress(text, 'dump');
    return { devices: value.map(show), findings: findings.map((one) => one.code) };
  };

  test('the type behind link/ and the kind that ip -d prints', () => {
    const text =
      '3: tun0: <UP> mtu 1500\n    link/none \n    tun type tun pi off\n    inet 10.8.0.1/24 scope global tun0\n';
    const [device] = parseIpAddress(text, 'addr').value;
    assert.deepEqual([device?.linkType, device?.kind], ['none', 'tun']);
    const oneLine =
      '2: eth0: <UP> mtu 1500 \\    link/ether 52:54:00:12:34:56 brd ff:ff:ff:ff:ff:ff\n';
    assert.equal(parseIpAddress(oneLine, 'addr').value[0]?.linkType, 'ether');
    const json = JSON.stringify([
      { ifname: 'tun0', group: 'default', link_type: 'none', linkinfo: { info_kind: 'tun' } },
      { ifname: 'b', link_type: 1, linkinfo: null },
    ]);
    const [first, second] = parseIpAddressJson(json, 'addr').value;
    assert.deepEqual([first?.linkType, first?.kind, first?.group], ['none', 'tun', 'default']);
    assert.deepEqual([second?.linkType, second?.kind], [undefined, undefined]);
  });

  test('a device without flags, MTU, state, master or group has none of them', () => {
    assert.deepEqual(read('7: eth0: qdisc noqueue\n').devices, [
      { index: 7, name: 'eth0', flags: [], line: 0, addresses: [] },
    ]);
    assert.deepEqual(
      read('\n7: eth0@if3: <UP> mtu 1400 master br0 state UP group pods\n').devices,
      [
        {
          ...{ index: 7, name: 'eth0', flags: ['UP'], mtu: 1400, state: 'UP', master: 'br0' },
          ...{ group: 'pods', line: 1, addresses: [] },
        },
      ],
    );
  });

  test('an address with every word that ip prints behind it', () => {
    const { devices, findings } = read(
      [
        '2: eth0: <UP> mtu 1500',
        '    inet 10.0.0.1/24 brd 10.0.0.255 scope global secondary eth0',
        '    inet6 fd00::1/64 scope global temporary deprecated tentative',
        '    inet6 fd00::2/64 scope global optimistic tentative',
        '    inet 10.0.0.3',
        '    inet6 fd00::3',
        '    inet 10.0.0.4 peer 10.0.0.5/31',
        '',
      ].join('\n'),
    );
    assert.deepEqual(findings, []);
    assert.deepEqual((devices[0] as { addresses: unknown }).addresses, [
      '10.0.0.1/24 global brd 10.0.0.255 secondary 1:4-63',
      // An optimistic address is in use before its duplicates are looked for (RFC 4429).
      'fd00::1/64 global tentative deprecated temporary 2:4-64',
      'fd00::2/64 global 3:4-54',
      // Without a length an address stands for itself.
      '10.0.0.3/32 global 4:4-17',
      'fd00::3/128 global 5:4-17',
      '10.0.0.4/31 global peer 10.0.0.5 6:4-34',
    ]);
  });

  test('ip -br addr: the scopes are those that the kernel gives, a peer belongs to its address', () => {
    const { devices, findings } = read(
      [
        'lo               UNKNOWN        127.0.0.1/8 ::1/128',
        'eth0@if5         UP             10.0.0.1/24 fe80::1/64 fe80:1::1/64 febf::1/64 fec0::1/64 fd00::1/64 ::2/128',
        'tun0             UP             10.1.0.1 peer 10.1.0.2/32 10.1.0.9/24',
        'dummy0           DOWN',
        '',
      ].join('\n'),
    );
    assert.deepEqual(findings, []);
    assert.deepEqual(devices, [
      {
        ...{ index: 1, name: 'lo', flags: [], state: 'UNKNOWN', line: 0 },
        addresses: ['127.0.0.1/8 host 0:32-43', '::1/128 host 0:44-51'],
      },
      {
        ...{ index: 2, name: 'eth0', flags: [], state: 'UP', line: 1 },
        addresses: [
          '10.0.0.1/24 global 1:32-43',
          'fe80::1/64 link 1:44-54',
          'fe80:1::1/64 link 1:55-67',
          'febf::1/64 link 1:68-78',
          'fec0::1/64 global 1:79-89',
          'fd00::1/64 global 1:90-100',
          '::2/128 global 1:101-108',
        ],
      },
      {
        ...{ index: 3, name: 'tun0', flags: [], state: 'UP', line: 2 },
        addresses: ['10.1.0.1/32 global peer 10.1.0.2 2:32-57', '10.1.0.9/24 global 2:58-69'],
      },
      { index: 4, name: 'dummy0', flags: [], state: 'DOWN', line: 3, addresses: [] },
    ]);
  });

  test('ip -o addr names a device again for each address, without its lifetimes', () => {
    const { devices, findings } = read(
      [
        '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever',
        '2: eth0    inet 10.0.0.1/24 scope global eth0\\       valid_lft forever preferred_lft forever',
        '2: eth0    inet6 fe80::1/64 scope link \\       valid_lft forever preferred_lft forever',
        '',
      ].join('\n'),
    );
    assert.deepEqual(findings, []);
    assert.deepEqual(devices, [
      { index: 1, name: 'lo', flags: [], line: 0, addresses: ['127.0.0.1/8 host 0:9-39'] },
      {
        ...{ index: 2, name: 'eth0', flags: [], line: 1 },
        addresses: ['10.0.0.1/24 global 1:11-45', 'fe80::1/64 link 2:11-38'],
      },
    ]);
  });

  test('a line that belongs to no device, and one that is no detail of a device, are named', () => {
    const places = (text: string) =>
      parseIpAddress(text, 'dump').findings.map(({ code, range }) => `${range.line} ${code}`);
    assert.deepEqual(places('    inet 10.0.0.1/24 scope global eth0\n'), ['0 unknown-line']);
    assert.deepEqual(places('    link/ether 52:54:00:77:00:10\n'), ['0 unknown-line']);
    const details = 'link/ether 00:00:00:00:00:00\naltname enp0s1\nalias up\nvalid_lft forever\n';
    assert.deepEqual(places(`1: lo: <UP>\n${details}\tRX: bytes\n`), []);
    assert.deepEqual(places('1: lo: <UP>\npermission denied\nlink\n'), [
      '1 unknown-line',
      '2 unknown-line',
    ]);
    assert.deepEqual(places('1: lo: <UP>\n    inet 10.0.0.1/x scope global\n'), ['1 bad-address']);
  });
});

suite('ip -j addr, all that a device and an address say', () => {
  const read = (value: unknown) => {
    const parsed = parseIpAddressJson(JSON.stringify(value), 'dump');
    return {
      devices: parsed.value.map(show) as { addresses: string[] }[],
      findings: parsed.findings.map((one) => one.code),
    };
  };

  test('what the JSON leaves out, or has as another type, is not told', () => {
    const told = read([
      { ifindex: 3, ifname: 'a', flags: ['UP'], mtu: 1500, operstate: 'UP', master: 'br0' },
      { ifname: 'b', flags: 'UP', mtu: '1500', operstate: 1, master: null },
      { ifindex: 4 },
      null,
      'c',
    ]);
    assert.deepEqual(told.findings, []);
    assert.deepEqual(told.devices, [
      {
        ...{ index: 3, name: 'a', flags: ['UP'], mtu: 1500, state: 'UP', master: 'br0' },
        ...{ line: 0, addresses: [] },
      },
      { index: 0, name: 'b', flags: [], line: 0, addresses: [] },
    ]);
  });

  test('the words behind an address', () => {
    const address = (more: object) => {
      const { devices } = read([{ ifname: 'a', addr_info: [{ local: 'fd00::1', ...more }] }]);
      return devices[0]!.addresses[0]!.replace(/ \d+:\d+-\d+$/, '');
    };
    assert.equal(address({}), 'fd00::1/128 global');
    assert.equal(address({ prefixlen: 0, scope: 'link' }), 'fd00::1/0 link');
    assert.equal(address({ prefixlen: 64, address: 'fd00::2' }), 'fd00::1/64 global peer fd00::2');
    assert.equal(
      address({ local: '10.0.0.1', prefixlen: 24, broadcast: '10.0.0.255' }),
      '10.0.0.1/24 global brd 10.0.0.255',
    );
    for (const flag of ['secondary', 'tentative', 'deprecated', 'temporary']) {
      assert.equal(address({ [flag]: true }), `fd00::1/128 global ${flag}`);
      assert.equal(address({ [flag]: false }), 'fd00::1/128 global');
    }
    assert.equal(address({ tentative: true, optimistic: true }), 'fd00::1/128 global');
  });

  test('an address that is none is named, one that is missing is passed over', () => {
    const told = read([{ ifname: 'a', addr_info: [{ local: '1.2.3' }, {}, null] }]);
    assert.deepEqual(told.findings, ['bad-address']);
    assert.deepEqual(told.devices[0]!.addresses, []);
  });

  test('each device and address has its own place, also where values repeat', () => {
    const text = `[{"ifname":"a","addr_info":[{"local":"10.0.0.1"}]},
  {
    "ifname" : "b",
    "addr_info": [ { "local": "10.0.0.1" } ] } ]`;
    const { value } = parseIpAddressJson(text, 'dump');
    const places = value.flatMap(({ range, addresses }) => [range, addresses[0]!.range]);
    const lines = text.split('\n');
    assert.deepEqual(
      places.map(({ line, start, end }) => [line, lines[line]!.slice(start, end)]),
      [
        [0, '"ifname":"a"'],
        [0, '"local":"10.0.0.1"'],
        [2, '"ifname" : "b"'],
        [3, '"local": "10.0.0.1"'],
      ],
    );
  });

  test('text that is no list is named over its first line', () => {
    for (const text of ['{}', 'null', 'Object "foo" is unknown']) {
      const { value, findings } = parseIpAddressJson(`${text}\n`, 'dump');
      assert.deepEqual(value, []);
      assert.deepEqual(
        findings.map(({ code, range }) => [code, range]),
        [['bad-json', { source: 'dump', line: 0, start: 0, end: text.length }]],
      );
    }
  });
});

suite('addresses without ip', () => {
  test('if_inet6: index and length are hex, the scope is told in words, a device has all its lines', () => {
    const { value, findings } = parseIfInet6(
      [
        '00000000000000000000000000000001 01 80 10 80       lo',
        'fe800000000000000000000000000001 1a 40 20 80     eth0',
        'fd000000000000000000000000000001 1a 40 00 80     eth0',
        'fec00000000000000000000000000001 1a 40 40 80     eth0',
        'fd000000000000000000000000000002 1a 40 50 80     eth0',
        '',
        'fd00000000000000000000000000000 1a 40 00 80     eth0',
      ].join('\n'),
      'dump',
    );
    assert.deepEqual(
      findings.map(({ code, range }) => `${range.line} ${code}`),
      ['6 unknown-line'],
    );
    assert.deepEqual(value.map(show), [
      { index: 1, name: 'lo', flags: [], line: 0, addresses: ['::1/128 host 0:0-53'] },
      {
        ...{ index: 26, name: 'eth0', flags: [], line: 1 },
        addresses: [
          'fe80::1/64 link 1:0-53',
          'fd00::1/64 global 2:0-53',
          'fec0::1/64 site 3:0-53',
          'fd00::2/64 0x50 4:0-53',
        ],
      },
    ]);
  });

  test('ifconfig of net-tools, old and new, and of busybox', () => {
    const read = (...lines: string[]) => {
      const { value, findings } = parseLines(`${lines.join('\n')}\n`, ifconfigParser('dump'));
      assert.deepEqual(findings, []);
      return value.map(show);
    };
    assert.deepEqual(
      read(
        'eth0: flags=4163<UP,BROADCAST>  mtu 1500',
        '        inet 192.0.2.10  netmask 255.255.255.0  broadcast 192.0.2.255',
        '        inet6 fe80::1  prefixlen 64  scopeid 0x20<link>',
        '        inet6 fd00::1  prefixlen 48  scopeid 0x0<global>',
        '        inet6 fd00::2',
        '        ether 52:54:00:77:00:10  txqueuelen 1000  (Ethernet)',
        'eth0:1: flags=4163<UP,BROADCAST>  mtu 1500',
        '        inet 192.0.2.11  netmask 255.255.255.255',
        'lo: flags=73<UP,LOOPBACK>  mtu 65536',
        '        inet 127.0.0.1  netmask 255.0.0.0',
      ),
      [
        {
          ...{ index: 0, name: 'eth0', flags: ['UP', 'BROADCAST'], line: 6 },
          addresses: [
            '192.0.2.10/24 global brd 192.0.2.255 1:8-69',
            'fe80::1/64 link 2:8-55',
            'fd00::1/48 global 3:8-56',
            'fd00::2/128 global 4:8-21',
            '192.0.2.11/32 global 7:8-48',
          ],
        },
        {
          ...{ index: 0, name: 'lo', flags: ['UP', 'LOOPBACK'], line: 8 },
          addresses: ['127.0.0.1/8 global 9:8-41'],
        },
      ],
    );
    assert.deepEqual(
      read(
        'eth0      Link encap:Ethernet  HWaddr 52:54:00:77:00:10',
        '          inet addr:192.0.2.10  Bcast:192.0.2.127  Mask:255.255.255.128',
        '          inet6 addr: fe80::1/64 Scope:Link',
        '          inet addr:192.0.2.12',
      ),
      [
        {
          ...{ index: 0, name: 'eth0', flags: [], line: 0 },
          addresses: [
            '192.0.2.10/25 global brd 192.0.2.127 1:10-71',
            'fe80::1/64 link 2:10-43',
            '192.0.2.12/32 global 3:10-30',
          ],
        },
      ],
    );
    // What stands above the first device is of none.
    assert.deepEqual(read('        inet 192.0.2.10  netmask 255.255.255.0'), []);
  });
});
