import assert from 'node:assert/strict';
import { formatAddress } from '../../../src/core/address';
import type { PrintedHead } from '../../../src/core/packetTrace/line';
import { readHead } from '../../../src/syntax/packetTrace/head';
import { readNftHead } from '../../../src/syntax/packetTrace/nftHead';
import { parsePacketTrace, traceLine } from '../../../src/syntax/packetTrace/read';
import { plain } from '../plain';

/** All that a head tells; addresses as text. */
const show = (head: PrintedHead | undefined) => head && plain(head);

const range = { source: 'x', line: 0, start: 0, end: 1 };

/** A line of a trace without its place, and of its head no more than the addresses. */
function line(text: string): unknown {
  const found = traceLine(text, range);
  if (!found) return undefined;
  const { range: _, ...facts } = found;
  const parsed = JSON.parse(JSON.stringify(facts)) as Record<string, unknown>;
  if ('head' in found && found.head) {
    parsed['head'] = `${formatAddress(found.head.source)} ${formatAddress(found.head.destination)}`;
  }
  if ('statements' in found) parsed['statements'] = found.statements?.map(({ kind }) => kind);
  return parsed;
}

suite('the head of a packet, as the kernel logs it', () => {
  const addresses = 'SRC=10.0.0.1 DST=10.0.0.2';
  const bare = {
    ...{ family: 4, source: '10.0.0.1', destination: '10.0.0.2', mark: 0, identity: '' },
  };

  test('devices, lengths, ports and flags; of a key that stands twice the first', () => {
    assert.deepEqual(
      show(
        readHead(
          `IN=br0 OUT=eth0 PHYSIN=veth1 MAC=00:11 ${addresses} LEN=60 TOS=0x00 TTL=64 ID=5 DF PROTO=TCP SPT=1 DPT=2 SEQ=7 ACK=8 WINDOW=9 ACK SYN MARK=0x4000`,
        ),
      ),
      {
        ...{ ...bare, protocol: 6, sourcePort: 1, destinationPort: 2, inDevice: 'br0' },
        ...{ outDevice: 'eth0', bridgePort: 'veth1', mark: 0x4000, ttl: 64, length: 60 },
        ...{ flags: 0x12, identity: 'TCP 5 7 8 60' },
      },
    );
    assert.deepEqual(show(readHead(`IN= OUT= ${addresses} LEN=60 PROTO=UDP SPT=1 DPT=2 LEN=40`)), {
      ...{ ...bare, protocol: 17, sourcePort: 1, destinationPort: 2, length: 60 },
    });
  });

  test('without a protocol: an ICMP type, flags of TCP, else UDP where there are ports', () => {
    const protocol = (more: string) => readHead(`${addresses} ${more}`)?.protocol;
    assert.equal(protocol('TYPE=8 CODE=0'), 1);
    assert.equal(protocol('SPORT=1 DPORT=2 SYN'), 6);
    assert.equal(protocol('SPORT=1 DPORT=2'), 17);
    assert.equal(protocol('SPT=1 DPT=2'), 17);
    assert.equal(protocol('LEN=60'), undefined);
    assert.equal(protocol('PROTO=ICMPv6 TYPE=128'), 58);
    assert.equal(protocol('PROTO=132'), 132);
    assert.equal(protocol('PROTO=SCTP'), 132);
    assert.deepEqual(show(readHead(`${addresses} SPORT=1 DPORT=2 ID=45471DF`)), {
      ...{ ...bare, protocol: 17, sourcePort: 1, destinationPort: 2, identity: ' 45471DF   ' },
    });
  });

  test('an echo’s number stands for its port; a SEQ alone tells packets apart', () => {
    const echo = readHead(`${addresses} PROTO=ICMP TYPE=8 CODE=0 ID=77 SEQ=1`)!;
    assert.deepEqual(
      [echo.sourcePort, echo.destinationPort, echo.icmpType, echo.icmpCode, echo.flags],
      [77, undefined, 8, 0, undefined],
    );
    assert.equal(readHead(`${addresses} PROTO=ESP ID=77`)!.sourcePort, undefined);
    assert.equal(readHead(`${addresses} SEQ=1`)!.identity, '  1  ');
    assert.equal(readHead(`${addresses} HOPLIMIT=63`)!.ttl, 63);
  });

  test('the packet that an ICMP error quotes, whole or cut', () => {
    const error = (quoted: string) =>
      show(readHead(`${addresses} PROTO=ICMP TYPE=3 CODE=1 ${quoted}`)) as Record<string, unknown>;
    const whole = error('[SRC=10.0.0.2 DST=10.96.0.1 PROTO=UDP SPT=1 DPT=53 ] MARK=0x1');
    assert.deepEqual(
      [whole['mark'], whole['inner']],
      [
        1,
        {
          ...{ protocol: 17, source: '10.0.0.2', destination: '10.96.0.1' },
          ...{ sourcePort: 1, destinationPort: 53 },
        },
      ],
    );
    assert.equal(
      (error('[SRC=10.0.0.2 DST=10.96.0.1 PROTO=UDP SPT=1')['inner'] as object) !== undefined,
      true,
    );
    assert.equal(error('[SRC=10.0.0.2 PROTO=UDP SPT=1 ]')['inner'], undefined);
    assert.equal(error('[SRC=10.0.0.2 DST=10.96.0.1 ]')['inner'], undefined);
    assert.equal(error('')['inner'], undefined);
    const before = readHead(`[SRC=10.0.0.2 DST=10.96.0.1 PROTO=UDP ] ${addresses} PROTO=ICMP`)!;
    assert.deepEqual([before.protocol, before.inner?.protocol], [1, 17]);
    // A bracket of another part is none of it.
    assert.equal(readHead(`PREFIX=[a] ${addresses} PROTO=UDP`)!.inner, undefined);
  });

  test('without both addresses there is none', () => {
    for (const text of [
      '',
      'SRC=10.0.0.1',
      'DST=10.0.0.1',
      'SRC=x DST=10.0.0.1',
      '[SRC=10.0.0.1 DST=10.0.0.2 ]',
    ]) {
      assert.equal(readHead(text), undefined, text);
    }
  });
});

suite('the packet of nft monitor trace', () => {
  test('of IPv4 and IPv6, with names left out where a number is asked', () => {
    assert.deepEqual(
      show(
        readNftHead(
          'iif "eth0" oif "cni0" meta mark 0x00004000 ip saddr 10.0.0.1 ip daddr 10.0.0.2 ip ttl 64 ip length 60 ip protocol tcp tcp sport 40000 tcp dport 80 tcp flags == syn',
        ),
      ),
      {
        ...{ family: 4, source: '10.0.0.1', destination: '10.0.0.2', protocol: 6 },
        ...{ sourcePort: 40000, destinationPort: 80, inDevice: 'eth0', outDevice: 'cni0' },
        ...{ mark: 0x4000, ttl: 64, length: 60, flags: 2, identity: '' },
      },
    );
    assert.deepEqual(
      show(
        readNftHead(
          'iifname eth0 ip6 saddr fd00::1 ip6 daddr fd00::2 ip6 hoplimit 63 ip6 length 40 ip6 nexthdr ipv6-icmp',
        ),
      ),
      {
        ...{ family: 6, source: 'fd00::1', destination: 'fd00::2', protocol: 58, inDevice: 'eth0' },
        ...{ mark: 0, ttl: 63, length: 40, identity: '' },
      },
    );
    const named = readNftHead('ip saddr 10.0.0.1 ip daddr 10.0.0.2 udp sport domain udp dport 53')!;
    assert.deepEqual(
      [named.protocol, named.sourcePort, named.destinationPort, named.flags],
      [17, undefined, 53, undefined],
    );
  });

  test('flags in words or in hex; without both addresses none', () => {
    const flags = (words: string) =>
      readNftHead(`ip saddr 10.0.0.1 ip daddr 10.0.0.2 tcp flags ${words}`)?.flags;
    assert.equal(flags('syn,ack'), 0x12);
    assert.equal(flags('== fin|rst'), 5);
    assert.equal(flags('0x18'), 0x18);
    assert.equal(readNftHead('ip saddr 10.0.0.1'), undefined);
    assert.equal(readNftHead('ip daddr 10.0.0.1'), undefined);
    assert.equal(readNftHead('ip saddr x ip daddr 10.0.0.2'), undefined);
  });
});

suite('each form of a line of a trace', () => {
  const head = 'IN=eth0 OUT= SRC=10.0.0.1 DST=10.0.0.2 LEN=60 PROTO=UDP SPT=1 DPT=2';

  test('of xtables-monitor', () => {
    const base = { form: 'xtables', id: '0427ffe5' };
    for (const [text, expected] of [
      [`PACKET: 2 0427ffe5 ${head}`, { ...base, kind: 'head', head: '10.0.0.1 10.0.0.2' }],
      [
        ' TRACE: 2 0427ffe5 nat:OUTPUT:rule:0x9:JUMP:KUBE-SERVICES  -4 -t nat -A OUTPUT',
        {
          ...{ ...base, kind: 'rule', table: 'nat', chain: 'OUTPUT', handle: 9 },
          ...{ verdict: 'JUMP:KUBE-SERVICES', text: '-4 -t nat -A OUTPUT' },
        },
      ],
      [
        'TRACE: 10 0427ffe5 nat:X:rule:0x9:ACCEPT',
        { ...base, kind: 'rule', table: 'nat', chain: 'X', handle: 9, verdict: 'ACCEPT' },
      ],
      [
        'TRACE: 2 0427ffe5 nat:X:rule:',
        { ...base, kind: 'rule', table: 'nat', chain: 'X', verdict: '' },
      ],
      ['TRACE: 2 0427ffe5 nat:X:return:', { ...base, kind: 'return', table: 'nat', chain: 'X' }],
      [
        'TRACE: 0 0427ffe5 filter:INPUT:policy:ACCEPT ',
        { ...base, kind: 'policy', table: 'filter', chain: 'INPUT', verdict: 'ACCEPT' },
      ],
      ['TRACE: 2 0427ffe5 nat:X:other:5', undefined],
      ['TRACE: 7 0427ffe5 nat:X:policy:ACCEPT', undefined],
      ['PACKET: 2 0427ffe5 nothing', undefined],
      [
        `x PACKET: 2 0427ffe ${head}`,
        { form: 'log', kind: 'head', prefix: 'x PACKET: 2 0427ffe', head: '10.0.0.1 10.0.0.2' },
      ],
      ['x TRACE: 2 0427ffe5 nat:X:policy:ACCEPT', undefined],
    ] as const) {
      assert.deepEqual(line(text), expected, text);
    }
  });

  test('of the legacy target, of a LOG rule, of conntrack', () => {
    assert.deepEqual(line(`TRACE: nat:PREROUTING:policy:3 ${head}`), {
      ...{ form: 'legacy', kind: 'policy', table: 'nat', chain: 'PREROUTING', number: 3 },
      head: '10.0.0.1 10.0.0.2',
    });
    assert.equal(line('TRACE: nat:PREROUTING:rule:3 nothing'), undefined);
    const log = { form: 'log', kind: 'head', head: '10.0.0.1 10.0.0.2' };
    assert.deepEqual(line(head), log);
    assert.deepEqual(line(`Nov 21 node kernel: drop ${head}`), { ...log, prefix: 'drop' });
    assert.deepEqual(line(`Nov 21 node kernel: [1.2] [a] drop: ${head}`), {
      ...log,
      prefix: '[a] drop:',
    });
    assert.deepEqual(line(`[1.2] ${head}`), log);
    assert.deepEqual(line(`SRC=1.1.1.1 ${head}`), { ...log, prefix: 'SRC=1.1.1.1' });
    assert.equal(line('tcp 6 5 dst=10.96.0.10'), undefined);
    assert.deepEqual(line(`[Sat Nov 21 13:42:24 2026] [UFW BLOCK] ${head}`), {
      ...{ ...log, prefix: '[UFW BLOCK]' },
    });
    assert.deepEqual(line(`node kernel: [fw1] ${head}`), { ...log, prefix: '[fw1]' });
    assert.equal(line('IN=eth0 SRC=10.0.0.1 DST=10.0.0.2'), undefined);
    assert.equal(line('OUT=eth0 SRC=10.0.0.1 DST=10.0.0.2'), undefined);
    assert.equal(line('IN=eth0 OUT= SRC=10.0.0.1'), undefined);
  });

  test('of nft monitor trace', () => {
    const at = 'trace id 4f1c2a90 inet t pre';
    const base = { form: 'nft', id: '4f1c2a90', tableFamily: 'inet', table: 't', chain: 'pre' };
    for (const [text, expected] of [
      [
        `${at} packet: ip saddr 10.0.0.1 ip daddr 10.0.0.2`,
        { form: 'nft', id: '4f1c2a90', kind: 'head', head: '10.0.0.1 10.0.0.2' },
      ],
      [`${at} packet: nothing`, undefined],
      [
        `${at} rule tcp dport 80 accept (verdict accept)`,
        {
          ...base,
          kind: 'rule',
          text: 'tcp dport 80 accept',
          statements: ['compare', 'ACCEPT'],
          verdict: 'accept',
        },
      ],
      [`${at} rule counter`, { ...base, kind: 'rule', text: 'counter', statements: ['counter'] }],
      [`${at} verdict continue mark 0x1`, { ...base, kind: 'return', verdict: 'continue' }],
      [`${at} policy drop`, { ...base, kind: 'policy', verdict: 'drop' }],
      [`${at} unknown rule handle 7 (verdict drop)`, { ...base, kind: 'rule', handle: 7 }],
      [`${at} unknown rule handle`, { ...base, kind: 'rule' }],
      ['trace id 4f1c2a90 other t pre policy drop', undefined],
      ['trace id 4f1c2a9 ip t pre policy drop', undefined],
      ['x trace id 4f1c2a90 ip t pre policy drop', undefined],
    ] as const) {
      assert.deepEqual(line(text), expected, text);
    }
  });

  test('of retis', () => {
    const base = { form: 'retis', table: 'firewalld', chain: 'in' };
    assert.deepEqual(line('  table firewalld (2) chain in (165) handle 169 accept'), {
      ...{ ...base, verdict: 'accept', kind: 'rule', handle: 169 },
    });
    assert.deepEqual(line('table firewalld (2) chain in (165) drop'), {
      ...{ ...base, verdict: 'drop', kind: 'policy' },
    });
    assert.equal(line('x table firewalld (2) chain in (165) drop'), undefined);
    assert.equal(line('table firewalld chain in drop'), undefined);
  });

  test('a line has its place; one of more than 4,000 characters is none', () => {
    const { value, findings } = parsePacketTrace(`# dmesg\n  ${head}  \n`, 'x');
    assert.deepEqual(findings, []);
    assert.deepEqual(value[0]!.range, { source: 'x', line: 1, start: 2, end: head.length + 2 });
    const padded = (length: number) => parsePacketTrace(head.padEnd(length), 'x').value.length;
    assert.deepEqual([padded(4000), padded(4001)], [1, 0]);
  });
});
