import assert from 'node:assert/strict';
import { endpointText } from '../../endpointText';
import type { IpvsState } from '../../../src/core/ipvs/state';
import {
  parseIpvsConnections,
  parseProcIpvsConnections,
} from '../../../src/syntax/ipvs/connections';
import { parseEndpoint, parseHexEndpoint, splitEndpoint } from '../../../src/syntax/ipvs/endpoint';
import { formOfHeader, readIpvsRow, type IpvsForm } from '../../../src/syntax/ipvs/row';
import { parseIpvsSave, readIpvsCommand } from '../../../src/syntax/ipvs/save';
import { parseIpvsStatistics, parseProcIpvsStatistics } from '../../../src/syntax/ipvs/statistics';
import { ipvsTableParser, parseIpvsTable, persistentMask } from '../../../src/syntax/ipvs/table';
import { parseLines, type Parsed } from '../../../src/syntax/lines';

const at = { source: 'dump', line: 0 };
const table: IpvsForm = { columns: 'table', hex: false };

/** `KIND VALUE` of each token. */
function tokens(line: string, form = table): string[] | undefined {
  return readIpvsRow(line, at, form)?.tokens.map(({ kind, value }) => `${kind} ${value}`);
}

function findings({ findings: found }: Parsed<unknown>): string[] {
  return found.map(({ code, range }) => `${range.line} ${code}`);
}

suite('an address and a port of IPVS', () => {
  test('in numbers, in names, in brackets, in hex', () => {
    const show = (endpoint: ReturnType<typeof parseEndpoint>) => endpoint && endpointText(endpoint);
    for (const [text, expected] of [
      ['10.96.0.1:443', '10.96.0.1:443'],
      ['10.96.0.1:https', '10.96.0.1:443'],
      ['localhost:domain', '127.0.0.1:53'],
      ['[fd00::1]:0', '[fd00::1]:0'],
      ['10.96.0.1:65535', '10.96.0.1:65535'],
      ['10.96.0.1:65536', undefined],
      ['10.96.0.1', undefined],
      ['10.96.0.1:nosuch', undefined],
      ['pod-a:80', undefined],
      ['[fd00::1:80', undefined],
      ['fd00::1]:80', undefined],
    ] as const) {
      assert.equal(show(parseEndpoint(text)), expected, text);
    }
    for (const [text, expected] of [
      ['0AF40001:799A', '10.244.0.1:31130'],
      ['[fd00:0010:0000:0000:0000:0000:0000:0001]:0050', '[fd00:10::1]:80'],
      ['0AF40001:799', undefined],
      ['0AF400:799A', undefined],
      ['0AF40001', undefined],
      ['10.244.0.1:0050', undefined],
    ] as const) {
      assert.equal(show(parseHexEndpoint(text)), expected, text);
    }
    assert.deepEqual(splitEndpoint('[fd00::1]:80'), {
      ...{ address: 'fd00::1', addressStart: 1, port: '80' },
    });
    assert.deepEqual(splitEndpoint(':80'), { address: '', addressStart: 0, port: '80' });
  });
});

suite('rows of an IPVS table', () => {
  test('each header names the columns below; that of the kernel says that they are hex', () => {
    const head = 'Prot LocalAddress:Port';
    for (const [line, form] of [
      [`${head} Scheduler Flags`, table],
      [
        `${head}               Conns   InPkts  OutPkts  InBytes OutBytes`,
        { ...table, columns: 'stats' },
      ],
      [
        `${head}                 CPS    InPPS   OutPPS    InBPS   OutBPS`,
        { ...table, columns: 'rate' },
      ],
      [
        `${head}            Uthreshold Lthreshold ActiveConn InActConn`,
        { ...table, columns: 'thresholds' },
      ],
      [
        `${head}            Weight    PersistConn ActiveConn InActConn`,
        { ...table, columns: 'persistent' },
      ],
      ['  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn', table],
      ['  -> RemoteAddress:Port Forward Weight ActiveConn InActConn', { ...table, hex: true }],
      ['  -> 10.0.0.1:80', undefined],
      ['TCP  10.96.0.1:80 rr', undefined],
    ] as const) {
      assert.deepEqual(formOfHeader(line, table), form, line);
    }
    const hex = { ...table, hex: true };
    assert.deepEqual(formOfHeader(`${head} Scheduler Flags`, hex), hex);
    assert.deepEqual(formOfHeader('-> RemoteAddress:Port   Forward', hex), hex);
  });

  test('every word of a virtual server is told by its kind', () => {
    const service = ['protocol TCP', 'address 10.96.0.1', 'port 80'];
    for (const [rest, more] of [
      ['rr', ['scheduler rr']],
      ['IPv6 rr', ['family IPv6', 'scheduler rr']],
      ['rr IPv6', ['scheduler rr', 'unknown IPv6']],
      ['mh (mh-fallback,mh-port)', ['scheduler mh', 'flag mh-fallback,mh-port']],
      ['rr ops', ['scheduler rr', 'flag ops']],
      [
        'rr persistent 600 mask 255.255.0.0 pe sip',
        ['scheduler rr', 'persistent 600', 'mask 255.255.0.0', 'engine sip'],
      ],
      ['rr persistent 600 FFFF0000', ['scheduler rr', 'persistent 600', 'unknown FFFF0000']],
      ['rr persistent', ['scheduler rr', 'unknown persistent']],
      ['rr mask', ['scheduler rr', 'unknown mask']],
      ['rr pe', ['scheduler rr', 'unknown pe']],
      ['rr what', ['scheduler rr', 'unknown what']],
    ] as const) {
      assert.deepEqual(tokens(`TCP 10.96.0.1:80 ${rest}`), [...service, ...more], rest);
    }
    assert.deepEqual(
      tokens('TCP 0A600001:0050 rr persistent 250 FFFF0000', { ...table, hex: true }),
      [...service, ...['scheduler rr', 'persistent 1', 'mask FFFF0000']],
    );
    assert.deepEqual(tokens('FWM 16 rr'), ['protocol FWM', 'firewall-mark 16', 'scheduler rr']);
    assert.deepEqual(tokens('FWM 00000010 rr', { ...table, hex: true }), [
      ...['protocol FWM', 'firewall-mark 16', 'scheduler rr'],
    ]);
  });

  test('the columns of a real server by the header, and of counters also a virtual one', () => {
    const server = ['arrow ->', 'address 10.0.0.1', 'port 80'];
    const line = '-> 10.0.0.1:80 1 2 3 4 5 6';
    const kinds = (columns: IpvsForm['columns']) =>
      tokens(line, { ...table, columns })!.slice(server.length);
    assert.deepEqual(tokens(line)!.slice(0, 3), server);
    assert.deepEqual(kinds('table'), [
      ...['forward 1', 'weight 2', 'active-connections 3', 'inactive-connections 4'],
      ...['unknown 5', 'unknown 6'],
    ]);
    const counted = ['connections 1', 'in-packets 2', 'out-packets 3', 'in-bytes 4', 'out-bytes 5'];
    assert.deepEqual(kinds('stats'), [...counted, 'unknown 6']);
    assert.deepEqual(kinds('rate'), [...counted, 'unknown 6']);
    assert.deepEqual(kinds('thresholds').slice(0, 2), ['upper-threshold 1', 'lower-threshold 2']);
    assert.deepEqual(kinds('persistent').slice(0, 2), ['weight 1', 'persistent-connections 2']);
    for (const columns of ['stats', 'rate'] as const) {
      const virtual = tokens('TCP 10.96.0.1:80 1 2 3 4 5', { ...table, columns });
      assert.deepEqual(virtual!.slice(3), counted);
    }
  });

  test('what is no row', () => {
    for (const line of ['', '->', 'FWM', 'TCP', 'TCP 10.96.0.1', 'XYZ 10.96.0.1:80 rr']) {
      assert.equal(readIpvsRow(line, at, table), undefined, line);
    }
    // A name in the address's place is a row: whose, is not known.
    assert.deepEqual(tokens('-> pod-a Masq 1'), [
      ...['arrow ->', 'unknown pod-a', 'forward Masq', 'weight 1'],
    ]);
    assert.deepEqual(tokens('TCP svc:https rr'), [
      ...['protocol TCP', 'address svc', 'port https', 'scheduler rr'],
    ]);
  });
});

suite('an IPVS table that is not whole', () => {
  const version = 'IP Virtual Server version 1.2.1 (size=4096)\n';
  const virtual = 'TCP  10.96.0.1:80 rr\n';
  const real = '  -> 10.0.0.1:80  Masq 1 0 0\n';
  const incomplete = (state: IpvsState) =>
    state.virtualServers.map((server) => (server as { incomplete?: boolean }).incomplete ?? false);

  test('with the version at its head it is, without it is a part', () => {
    assert.equal(parseIpvsTable(version + virtual + real, 'dump').value.incomplete, undefined);
    assert.match(parseIpvsTable(virtual + real, 'dump').value.incomplete!, /is a part/);
  });

  test('a row that cannot be read leaves the virtual server above it open, not the others', () => {
    const other = 'UDP  10.96.0.2:53 rr\n';
    for (const [row, code] of [
      ['  -> 10.0.0.2:80  Masq\n', 'ipvs-row-cut'],
      ['  -> 10.0.0.2:80  Other 1 0 0\n', 'ipvs-row-cut'],
      ['  ->\n', 'ipvs-row-cut'],
      ['TCP  10.9\n', 'ipvs-row-cut'],
      ['  -> pod-a:80  Masq 1 0 0\n', 'ipvs-name'],
      ['hello\n', 'unknown-line'],
    ] as const) {
      const parsed = parseIpvsTable(version + virtual + row + other + real, 'dump');
      assert.deepEqual(findings(parsed), [`2 ${code}`], row);
      assert.notEqual(parsed.value.incomplete, undefined, row);
      assert.deepEqual(incomplete(parsed.value), [true, false], row);
      assert.equal(parsed.value.virtualServers[1]!.realServers.length, 1, row);
    }
  });

  test('real servers below a name are not those of the server above it', () => {
    const parsed = parseIpvsTable(`${version}${virtual}TCP  svc:https rr\n${real}`, 'dump');
    assert.deepEqual(findings(parsed), ['2 ipvs-name']);
    assert.deepEqual(incomplete(parsed.value), [false]);
    assert.equal(parsed.value.virtualServers[0]!.realServers.length, 0);
  });

  test('a prompt around it is none of its lines', () => {
    const parsed = parseIpvsTable(`root@node:~# ipvsadm -Ln\n${version}${virtual}${real}`, 'dump');
    assert.deepEqual([findings(parsed), parsed.value.incomplete], [[], undefined]);
  });

  test('a real server before any virtual one belongs to a part that was cut away', () => {
    const parsed = parseIpvsTable(version + real + real + virtual + real, 'dump');
    assert.deepEqual(findings(parsed), ['1 ipvs-orphan']);
    assert.match(parsed.value.incomplete!, /before any/);
    assert.deepEqual(incomplete(parsed.value), [false]);
    assert.equal(parsed.value.virtualServers[0]!.realServers.length, 1);
  });

  test('a real server behind the `--` of `grep -A` is not of the virtual server above', () => {
    const { value, findings } = parseIpvsTable(
      `${version}${virtual}${real}--\n${real}${virtual}${real}`,
      'dump',
    );
    assert.deepEqual(findings, []);
    assert.deepEqual(incomplete(value), [true, false]);
    assert.deepEqual(
      value.virtualServers.map(({ realServers }) => realServers.length),
      [1, 1],
    );
    assert.ok(value.incomplete);
  });

  test('counters without their header are known by the number in the scheduler’s place', () => {
    const { value } = parseIpvsTable(
      'TCP  10.96.0.1:80 9 8 7 6 5\n  -> 10.0.0.1:80 1 1 1 1 1\n',
      'd',
    );
    assert.match(value.incomplete!, /no forward methods/);
    const [server] = value.virtualServers;
    assert.deepEqual([server!.scheduler, server!.realServers], [undefined, []]);
    assert.deepEqual(incomplete(value), [true]);
  });

  test('jiffies are assumed where /proc/net/ip_vs tells a persistence, else nothing is', () => {
    const proc = `${version}Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n`;
    const of = (row: string) => parseIpvsTable(`${proc}${row}\n`, 'dump').value;
    assert.deepEqual(of('TCP  0A600001:0050 rr').assumptions, []);
    assert.equal(of('TCP  0A600001:0050 rr persistent 2500 FFFFFFFF').assumptions!.length, 1);
    assert.deepEqual(
      parseIpvsTable(`${version}TCP  10.96.0.1:80 rr persistent 10\n`, 'dump').value.assumptions,
      [],
    );
  });

  test('the mask of a persistence: all bits are no mask', () => {
    const full = 0xffffffff;
    for (const [text, six, hex, mask] of [
      [undefined, false, false, undefined],
      ['255.255.255.255', false, false, undefined],
      ['255.255.0.0', false, false, [0xffff0000]],
      ['FFFFFFFF', false, true, undefined],
      ['FFFF0000', false, true, [0xffff0000]],
      ['128', true, false, undefined],
      ['127', true, false, [full, full, full, full - 1]],
      ['0', true, false, [0, 0, 0, 0]],
      // The kernel prints the length through ntohl.
      ['80000000', true, true, undefined],
      ['40000000', true, true, [full, full, 0, 0]],
    ] as const) {
      assert.deepEqual(persistentMask(text, six, hex), mask, text);
    }
  });

  test('grep before it left lines out: that is said', () => {
    const { value } = parseLines(version + virtual, ipvsTableParser('dump', false, 'grep'));
    assert.match(value.incomplete!, /^grep left lines/);
  });
});

suite('ipvsadm -S, its lines', () => {
  const all = (text: string) => {
    const parsed = parseIpvsSave(text, 'dump');
    return { ...parsed.value, findings: findings(parsed) };
  };

  test('long and short options say the same', () => {
    const short =
      'ipvsadm -A -t 10.96.0.1:80 -s sh -p 300 -M 255.255.0.0 -b sh-port --pe sip -o\n-a -t 10.96.0.1:80 -r 10.0.0.1:8080 -m -w 3\n-a -t 10.96.0.1:80 -r 10.0.0.2 -i\n';
    const long =
      '--add-service --tcp-service 10.96.0.1:80 --scheduler sh --persistent 300 --netmask 255.255.0.0 --sched-flags sh-port --pe sip --ops\n--add-server --tcp-service 10.96.0.1:80 --real-server 10.0.0.1:8080 --masquerading --weight 3\n--add-server --tcp-service 10.96.0.1:80 --real-server 10.0.0.2 --ipip\n';
    const [one, other] = [all(short), all(long)];
    const bare = ({ virtualServers }: IpvsState) =>
      virtualServers.map(({ realServers, range: _, ...server }) => ({
        ...server,
        realServers: realServers.map(({ range: __, ...rest }) => rest),
      }));
    assert.deepEqual([one.findings, other.findings], [[], []]);
    assert.deepEqual(bare(one), bare(other));
    const ten = (word: number) => ({ family: 4, words: [0x0a000000 + word] });
    assert.deepEqual(bare(one), [
      {
        ...{ address: ten(0x600001), port: 80, protocol: 6, firewallMark: undefined },
        ...{ scheduler: 'sh', flags: ['sh-port', 'ops'], persistent: 300 },
        ...{ persistentMask: [0xffff0000], persistenceEngine: 'sip' },
        realServers: [
          { address: ten(1), port: 8080, method: 'Masq', weight: 3 },
          // Without a port the virtual server's, without a weight 1.
          { address: ten(2), port: 80, method: 'Tunnel', weight: 1 },
        ],
      },
    ]);
  });

  test('a virtual server is known by protocol, address or mark, and family', () => {
    const {
      virtualServers,
      findings: found,
      incomplete,
    } = all(
      [
        '# saved',
        '',
        '-A -t 10.96.0.1:53 -s rr',
        '-A -u 10.96.0.1:53 -s rr',
        '-A --sctp-service 10.96.0.1:53 -s rr',
        '-A -f 1 -s rr',
        '-A -f 1 -6 -s rr -p 9 -M 64',
        '-a -u 10.96.0.1:53 -r 10.0.0.1:53 -m',
        '-a --sctp-service 10.96.0.1:53 -r 10.0.0.2:53 -m',
        '-a -f 1 -r 10.0.0.3:80 -m',
        '-a -f 1 -6 -r [fd00::1]:80 -g',
        'root@node:~# ',
      ].join('\n'),
    );
    assert.deepEqual([found, incomplete], [[], undefined]);
    assert.deepEqual(
      virtualServers.map(({ protocol, firewallMark, realServers, persistentMask: mask }) => [
        protocol ?? firewallMark,
        realServers.map((real) => `${endpointText(real)} ${real.method}`).join(),
        mask?.length,
      ]),
      [
        [6, '', undefined],
        [17, '10.0.0.1:53 Masq', undefined],
        [132, '10.0.0.2:53 Masq', undefined],
        [1, '10.0.0.3:80 Masq', undefined],
        [1, '[fd00::1]:80 Route', 4],
      ],
    );
  });

  test('what cannot be read leaves the state incomplete', () => {
    const virtual = '-A -t 10.96.0.1:80\n';
    for (const [line, code] of [
      ['-a -t 10.96.0.1:80 -r pod-a:80 -m', 'ipvs-name'],
      ['-a -t 10.96.0.1:80 -r 10.0.0.1:80 -m -w x', 'ipvs-name'],
      ['-a -t 10.96.0.1:80 -m', 'ipvs-name'],
      ['-a -t 10.96.0.2:80 -r 10.0.0.1:80 -m', 'ipvs-orphan'],
      ['-A -t svc:https', 'ipvs-name'],
      ['-A -s rr', 'unknown-line'],
      ['-D -t 10.96.0.1:80', 'unknown-line'],
    ] as const) {
      const { findings: found, incomplete, virtualServers } = all(virtual + line);
      assert.deepEqual(found, [`1 ${code}`], line);
      assert.notEqual(incomplete, undefined, line);
      const open = (virtualServers[0] as { incomplete?: boolean }).incomplete ?? false;
      assert.equal(open, line.startsWith('-a -t 10.96.0.1:80'), line);
    }
  });

  test('every word of a line is told by its kind', () => {
    const kinds = (line: string) =>
      readIpvsCommand(line, at)?.tokens.map(({ kind, value }) => `${kind} ${value}`);
    assert.deepEqual(kinds('-A -u 10.96.0.1:53 -s rr -o -6 -b a,b -z'), [
      ...['protocol UDP', 'address 10.96.0.1', 'port 53', 'scheduler rr', 'flag ops'],
      ...['family IPv6', 'flag a,b', 'unknown -z'],
    ]);
    assert.deepEqual(kinds('-a -f 1 -r 10.0.0.1 -g -w 0 -x 5 -y 4 --tun-type ipip -s'), [
      ...['firewall-mark 1', 'address 10.0.0.1', 'forward Route', 'weight 0'],
      ...['upper-threshold 5', 'lower-threshold 4', 'unknown ipip', 'unknown -s'],
    ]);
    assert.equal(kinds('ipvsadm -L'), undefined);
    assert.equal(kinds('-E -t 10.96.0.1:80'), undefined);
  });
});

suite('connections and counters of IPVS that cannot be read', () => {
  test('a connection without protocol, time or one of its three addresses is named', () => {
    const row = ['TCP', '01:53', 'NONE', '10.0.0.1:1', '10.96.0.1:80', '10.0.0.2:80'];
    assert.deepEqual(findings(parseIpvsConnections(`\n${row.join(' ')}\n`, 'd')), []);
    for (const [i, bad] of ['XYZ', '153', undefined, 'a:1', 'b:80', 'c:80'].entries()) {
      if (bad === undefined) continue;
      const parsed = parseIpvsConnections(row.with(i, bad).join(' '), 'd');
      assert.deepEqual([findings(parsed), parsed.value], [['0 unknown-line'], []], bad);
    }
  });

  test('the same of /proc/net/ip_vs_conn', () => {
    const row = 'TCP 0A000001 0001 0A600001 0050 0A000002 0050 NONE 39'.split(' ');
    const whole = parseProcIpvsConnections(row.join(' '), 'd');
    assert.deepEqual([findings(whole), whole.value[0]!.range.end], [[], row.join(' ').length]);
    for (const i of [0, 1, 2, 3, 4, 5, 6, 8]) {
      const parsed = parseProcIpvsConnections(row.with(i, 'x').join(' '), 'd');
      assert.deepEqual([findings(parsed), parsed.value], [['0 unknown-line'], []], `${i}`);
    }
  });

  test('a row of counters has five numbers, in kilo, mega, giga or tera where ipvsadm cut them', () => {
    const stats = (...rows: string[]) => parseIpvsStatistics(rows.join('\n'), 'd');
    const { value } = stats('TCP  10.96.0.1:80 1 2K 3M 4G 5T');
    const { connections, inPackets, outPackets, inBytes, outBytes, rounded } = value.rows[0]!;
    assert.deepEqual(
      [connections, inPackets, outPackets, inBytes, outBytes],
      [1, 2e3, 3e6, 4e9, 5e12],
    );
    assert.equal(rounded, true);
    assert.deepEqual(
      findings(
        stats(
          '',
          '  -> 10.0.0.1:80 1 2 3 4 5',
          'TCP 10.96.0.1:80 1 2 3 4',
          'TCP 10.96.0.1:80 1 2 3 4 5x',
        ),
      ),
      ['1 unknown-line', '2 unknown-line', '3 unknown-line'],
    );
  });

  test('the kernel’s totals need counters and rates', () => {
    const row = '1 2 3 4 A\n';
    assert.equal(parseProcIpvsStatistics(row), undefined);
    assert.equal(parseProcIpvsStatistics(`~ ${row}`), undefined);
    assert.deepEqual(parseProcIpvsStatistics(`${row}\n5 6 7 8 9\n`), {
      total: { connections: 1, inPackets: 2, outPackets: 3, inBytes: 4, outBytes: 10 },
      perSecond: { connections: 5, inPackets: 6, outPackets: 7, inBytes: 8, outBytes: 9 },
    });
  });
});
