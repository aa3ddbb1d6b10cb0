import assert from 'node:assert/strict';
import { endpointText } from '../../endpointText';
import type { IpvsState } from '../../../src/core/ipvs/state';
import {
  parseIpvsConnections,
  parseProcIpvsConnections,
} from '../../../src/syntax/ipvs/connections';
import { readIpvsRow } from '../../../src/syntax/ipvs/row';
import { parseIpvsSave, readIpvsCommand } from '../../../src/syntax/ipvs/save';
import {
  parseIpvsStatistics,
  parseIpvsTimeouts,
  parseProcIpvsStatistics,
} from '../../../src/syntax/ipvs/statistics';
import { parseIpvsTable } from '../../../src/syntax/ipvs/table';

/** One line per virtual server, so that dumps in different forms can be compared. */
function show({ virtualServers }: IpvsState): string[] {
  return virtualServers.map((server) => {
    const { address, port, firewallMark, scheduler, flags, persistent, persistentMask } = server;
    const name = address ? endpointText({ address, port: port! }) : `mark ${firewallMark}`;
    const reals = server.realServers.map(
      (real) => `${endpointText(real)} ${real.method} ${real.weight}`,
    );
    return [
      `${server.protocol ?? '-'} ${name} ${scheduler} ${persistent ?? '-'} ${persistentMask ?? '-'} ${flags.join()}`,
      ...reals,
    ].join(' | ');
  });
}

const listed = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.244.0.1:31130 rr persistent 10800
  -> 10.244.1.14:8130             Masq    1      0          3         
  -> 10.244.0.16:8130             Masq    0      2          0         
UDP  10.96.0.10:53 rr
TCP  [fd00:10:96::f29]:80 sh (sh-fallback,sh-port) persistent 300 mask 64
  -> [fd00:10:244::16]:8130       Masq    1      0          0         
FWM  1 IPv6 wlc ops
`;

const proc = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  0AF40001:799A rr  persistent 2700000 FFFFFFFF
  -> 0AF4010E:1FC2      Masq    1      0          3         
  -> 0AF40010:1FC2      Masq    0      2          0         
UDP  0A60000A:0035 rr  
TCP  [fd00:0010:0096:0000:0000:0000:0000:0f29]:0050 sh persistent 75000 40000000
  -> [fd00:0010:0244:0000:0000:0000:0000:0016]:1FC2      Masq    1      0          0         
FWM  00000001 wlc ops 
`;

const saved = `-A -t 10.244.0.1:31130 -s rr -p 10800
-a -t 10.244.0.1:31130 -r 10.244.1.14:8130 -m -w 1
-a -t 10.244.0.1:31130 -r 10.244.0.16:8130 -m -w 0
-A -u 10.96.0.10:53 -s rr
-A -t [fd00:10:96::f29]:80 -s sh -p 300 -M 64 -b sh-fallback,sh-port
-a -t [fd00:10:96::f29]:80 -r [fd00:10:244::16]:8130 -m -w 1
-A -f 1 -6 -s wlc -o
`;

suite('IPVS table', () => {
  test('reads ipvsadm -Ln', () => {
    const { value, findings } = parseIpvsTable(listed, 'dump');
    assert.deepEqual(findings, []);
    assert.equal(value.connectionTableSize, 4096);
    assert.equal(value.incomplete, undefined);
    assert.deepEqual(show(value), [
      '6 10.244.0.1:31130 rr 10800 -  | 10.244.1.14:8130 Masq 1 | 10.244.0.16:8130 Masq 0',
      '17 10.96.0.10:53 rr - - ',
      '6 [fd00:10:96::f29]:80 sh 300 4294967295,4294967295,0,0 sh-fallback,sh-port | [fd00:10:244::16]:8130 Masq 1',
      '- mark 1 wlc - - ops',
    ]);
    const [first] = value.virtualServers;
    assert.equal(first!.realServers[1]!.activeConnections, 2);
    assert.deepEqual(first!.range, { source: 'dump', line: 3, start: 0, end: 41 });
  });

  test('reads it from a paste without its leading blanks', () => {
    const { value, findings } = parseIpvsTable(listed.replace(/^ +/gm, ''), 'dump');
    assert.deepEqual(findings, []);
    assert.deepEqual(show(value), show(parseIpvsTable(listed, 'dump').value));
  });

  test('reads /proc/net/ip_vs to the same, known by its header; it has no scheduler flags', () => {
    const { value, findings } = parseIpvsTable(proc, 'dump');
    assert.deepEqual(findings, []);
    assert.deepEqual(
      show(value),
      show(parseIpvsTable(listed.replace(' (sh-fallback,sh-port)', ''), 'dump').value),
    );
    assert.equal(value.kernelOrder, true);
    assert.match(value.assumptions![0]!, /jiffies/);
  });

  test('reads ipvsadm -Sn to the same', () => {
    const { value, findings } = parseIpvsSave(saved, 'dump');
    assert.deepEqual(findings, []);
    assert.deepEqual(show(value), show(parseIpvsTable(listed, 'dump').value));
    const bare = parseIpvsSave('-A -t 1.2.3.4:80\n-a -t 1.2.3.4:80 -r 10.0.0.1\n', 'dump');
    assert.deepEqual(show(bare.value), ['6 1.2.3.4:80 wlc - -  | 10.0.0.1:80 Route 1']);
  });

  test('names leave the state incomplete, never empty', () => {
    const names = listed.replace('10.244.0.16:8130 ', 'pod-a.cluster.l:8130 ');
    const { value, findings } = parseIpvsTable(names, 'dump');
    assert.match(value.incomplete!, /ipvsadm -Ln/);
    assert.deepEqual([findings.length, findings[0]!.range.line], [1, 5]);
  });

  test('names are said once, ports by their names are read', () => {
    const named = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  my-svc.default:https rr
  -> pod-a.cluster:8443           Masq    1      0          0
TCP  10.96.0.1:https rr
  -> 192.168.77.1:sun-sr-https    Masq    1      0          0
UDP  10.96.0.10:domain rr
  -> pod-b.cluster:domain         Masq    1      0          0
  -> 10.244.0.5:domain            Masq    1      0          0
TCP  10.96.0.20:no-such-port rr
  -> 10.244.0.6:webcache          Masq    1      0          0
`;
    const { value, findings } = parseIpvsTable(named, 'dump');
    assert.deepEqual(show(value), [
      '6 10.96.0.1:443 rr - -  | 192.168.77.1:6443 Masq 1',
      '17 10.96.0.10:53 rr - -  | 10.244.0.5:53 Masq 1',
    ]);
    assert.deepEqual(
      value.virtualServers.map(({ incomplete }) => incomplete),
      [undefined, true],
    );
    assert.deepEqual(
      findings.map(({ code, range }) => [code, range.line]),
      [['ipvs-name', 3]],
    );
    assert.match(findings[0]!.message, /^4 rows from here on have names/);
    const saved = '-A -t my-svc:https -s rr\n-a -t my-svc:https -r pod-a:8443 -m -w 1\n';
    const names = parseIpvsSave(saved, 'dump').findings;
    assert.deepEqual(
      names.map(({ code, range }) => [code, range.line]),
      [['ipvs-name', 0]],
    );
  });

  test('a listing with other columns is incomplete and says which option to leave out', () => {
    const persistent = `Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn 
  -> RemoteAddress:Port
TCP  192.168.77.10:30089 rr
  -> 10.244.0.2:8080              1         0           0          3         
`;
    const { value, findings } = parseIpvsTable(persistent, 'dump');
    assert.equal(value.virtualServers.length, 1);
    assert.match(value.incomplete!, /without further options/);
    assert.equal(findings.length, 1);
  });

  test('a row that was cut, and a line from elsewhere', () => {
    const cut = parseIpvsTable(listed.slice(0, listed.indexOf('Masq    0')), 'dump');
    assert.match(cut.value.incomplete!, /cut/);
    const name = parseIpvsTable('TCP  10.96\n', 'dump');
    assert.match(name.value.incomplete!, /cut/);
    const other = parseIpvsTable(`${listed}hello\n`, 'dump');
    assert.deepEqual(
      [other.findings[0]!.code, other.findings[0]!.range.line],
      ['unknown-line', 10],
    );
  });
});

suite('IPVS tokens', () => {
  test('a row of the table', () => {
    const at = { source: 'dump', line: 7 };
    const row = readIpvsRow('TCP  0AF40001:799A rr  persistent 2700000 FFFFFFFF', at, {
      columns: 'table',
      hex: true,
    });
    assert.deepEqual(
      row!.tokens.map(({ kind, value, range }) => `${kind} ${value} ${range.start}-${range.end}`),
      [
        'protocol TCP 0-3',
        'address 10.244.0.1 5-13',
        'port 31130 14-18',
        'scheduler rr 19-21',
        'persistent 10800 23-41',
        'mask FFFFFFFF 42-50',
      ],
    );
  });

  test('a line of ipvsadm -S', () => {
    const command = readIpvsCommand('-a -t [fd00::1]:80 -r [fd00::2]:8080 -m -w 1', {
      source: 'dump',
      line: 0,
    });
    assert.deepEqual(
      command!.tokens.map(
        ({ kind, value, range }) => `${kind} ${value} ${range.start}-${range.end}`,
      ),
      [
        'protocol TCP 3-5',
        'address fd00::1 7-14',
        'port 80 16-18',
        'address fd00::2 23-30',
        'port 8080 32-36',
        'forward Masq 37-39',
        'weight 1 43-44',
      ],
    );
  });
});

suite('IPVS connections and statistics', () => {
  test('both forms of a connection agree', () => {
    const list = parseIpvsConnections(
      'IPVS connection entries\npro expire state       source             virtual            destination\n' +
        'TCP 01:53  TIME_WAIT   [fd00:10:96::f6cc]:39074 [fd00:10:96::f6cc]:80 [fd00:10:244::16]:8130\n' +
        'TCP 180:00 ASSURED     198.51.100.5:0     203.0.113.22:8082  10.244.0.52:8082\n',
      'dump',
    );
    const kernel = parseProcIpvsConnections(
      'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n' +
        'TCP fd00:0010:0096:0000:0000:0000:0000:f6cc 98A2 fd00:0010:0096:0000:0000:0000:0000:f6cc 0050 fd00:0010:0244:0000:0000:0000:0000:0016 1FC2 TIME_WAIT       113\n' +
        'TCP C6336405 0000 CB007116 1F92 0AF40034 1F92 ASSURED       10800\n',
      'dump',
    );
    assert.deepEqual([...list.findings, ...kernel.findings], []);
    const text = ({ value }: typeof list) =>
      value.map(
        (c) =>
          `${c.protocol} ${c.expires} ${c.state} ${[c.client, c.virtual, c.real].map(endpointText).join(' ')}`,
      );
    assert.deepEqual(text(list), [
      '6 113 TIME_WAIT [fd00:10:96::f6cc]:39074 [fd00:10:96::f6cc]:80 [fd00:10:244::16]:8130',
      '6 10800 ASSURED 198.51.100.5:0 203.0.113.22:8082 10.244.0.52:8082',
    ]);
    assert.deepEqual(text(kernel), text(list));
  });

  test('statistics: rounded numbers are said to be rounded', () => {
    const { value, findings } = parseIpvsStatistics(
      `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
  -> RemoteAddress:Port
TCP  192.168.77.10:30089                10       52       40  123456K     3413
  -> 10.244.0.2:8080                     5       31       28     1919     2546
`,
      'dump',
    );
    assert.deepEqual(findings, []);
    assert.equal(value.unit, 'total');
    const [virtual, real] = value.rows;
    assert.deepEqual(
      [virtual!.inBytes, virtual!.rounded, virtual!.real],
      [123456000, true, undefined],
    );
    assert.equal(endpointText(real!.virtual!), '192.168.77.10:30089');
    assert.deepEqual([real!.outPackets, real!.rounded], [28, false]);
  });

  test('rates, totals of the kernel, timeouts', () => {
    const rate = parseIpvsStatistics(
      'Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS\nFWM  1    0  0  0  1  1\n',
      'dump',
    );
    assert.deepEqual([rate.value.unit, rate.value.rows[0]!.firewallMark], ['per second', 1]);
    const plain = parseProcIpvsStatistics(
      '   Total Incoming Outgoing         Incoming         Outgoing\n   Conns  Packets  Packets            Bytes            Bytes\n      B5      366      289             D3F1             E915\n\n Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n       1        5        5              17C              196\n',
    );
    assert.equal(plain!.total.connections, 181);
    assert.equal(plain!.perSecond.inBytes, 380);
    const cpus = parseProcIpvsStatistics(
      'CPU    Conns  Packets  Packets            Bytes            Bytes\n  0       2E       D6       CD             3A74             5361\n  ~       B5      366      289             D3F1             E915\n\n     Conns/s\n           1        5        5              17C              196\n',
    );
    assert.deepEqual(cpus, plain);
    assert.equal(parseProcIpvsStatistics('hello'), undefined);
    assert.deepEqual(parseIpvsTimeouts('Timeout (tcp tcpfin udp): 900 120 300\n'), {
      tcp: 900,
      tcpFin: 120,
      udp: 300,
    });
  });
});
