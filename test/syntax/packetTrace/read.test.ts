import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { formatAddress } from '../../../src/core/address';
import { groupPackets } from '../../../src/core/packetTrace/group';
import { logNotes } from '../../../src/core/packetTrace/lay';
import type { TraceLine } from '../../../src/core/packetTrace/line';
import { parsePacketTrace } from '../../../src/syntax/packetTrace/read';

const folder = 'test/fixtures/packet-trace';

function sample(number: string): readonly TraceLine[] {
  const name = readdirSync(folder).find((file) => file.startsWith(number))!;
  return parsePacketTrace(readFileSync(`${folder}/${name}`, 'utf8'), name).value;
}

function one(text: string): TraceLine {
  const [line] = parsePacketTrace(text, 'x').value;
  assert.ok(line, `no line of a trace: ${text}`);
  return line;
}

suite('kernel traces as people post them', () => {
  test('each sample: how many lines, of which form, of how many packets', () => {
    const counted = ['01', '02', '03', '04', '05', '06', '07'].map((number) => {
      const lines = sample(number);
      const forms = [...new Set(lines.map(({ form }) => form))].join();
      return `${number} ${forms} ${lines.length} ${groupPackets(lines).length}`;
    });
    assert.deepEqual(counted, [
      '01 xtables 155 6',
      '02 legacy 14 1',
      '03 legacy 5 1',
      '04 legacy 7 2',
      '05 nft 7 1',
      '06 xtables 7 2',
      '07 retis 2 1',
    ]);
  });

  test('a legacy line: place, number, head with mark and devices', () => {
    const line = one(
      'x kernel: [9.1] TRACE: nat:KUBE-MARK-MASQ:return:2 IN= OUT=ens192 SRC=10.12.22.151 DST=10.100.3.59 LEN=60 TTL=64 ID=31766 DF PROTO=TCP SPT=47644 DPT=80 SEQ=1 ACK=0 SYN URGP=0 MARK=0x4000',
    );
    assert.ok(line.kind === 'return');
    assert.deepEqual([line.table, line.chain, line.number], ['nat', 'KUBE-MARK-MASQ', 2]);
    const { mark, outDevice, inDevice, flags, protocol } = line.head!;
    assert.deepEqual(
      [mark, outDevice, inDevice, flags, protocol],
      [0x4000, 'ens192', undefined, 2, 6],
    );
  });

  test('IPv6, and an ICMP error with the packet that it quotes', () => {
    const six = one(
      'TRACE: raw:PREROUTING:policy:2 IN=eth0 OUT= MAC=00 SRC=fd00:0000:0000:0000:0000:0000:0000:0001 DST=fd00:0000:0000:0000:0000:0000:0000:0002 LEN=80 TC=0 HOPLIMIT=64 FLOWLBL=0 PROTO=UDP SPT=1 DPT=53 LEN=40',
    );
    assert.deepEqual([formatAddress(six.head!.destination), six.head!.length], ['fd00::2', 80]);
    const error = one(
      'TRACE: filter:OUTPUT:policy:1 IN= OUT=cni0 SRC=10.0.0.1 DST=10.244.0.5 LEN=88 TOS=0x00 TTL=64 ID=1 PROTO=ICMP TYPE=3 CODE=3 [SRC=10.244.0.5 DST=10.96.0.1 LEN=60 PROTO=TCP SPT=40000 DPT=443 ]',
    );
    const { icmpType, inner, sourcePort } = error.head!;
    assert.deepEqual([icmpType, inner?.destinationPort, sourcePort], [3, 443, 1]);
  });

  test('nft: rule text and verdict apart, whatever brackets the text has', () => {
    const line = one(
      'trace id 4f1c2a90 ip kube-proxy services rule ip daddr . meta l4proto . th dport vmap @service-ips (verdict goto service-X)',
    );
    assert.ok(line.kind === 'rule');
    assert.deepEqual(
      [line.tableFamily, line.table, line.chain, line.text, line.verdict],
      [
        'ip',
        'kube-proxy',
        'services',
        'ip daddr . meta l4proto . th dport vmap @service-ips',
        'goto service-X',
      ],
    );
    const gone = one('trace id 4f1c2a90 inet t pre unknown rule handle 7 (verdict drop)');
    assert.ok(gone.kind === 'rule' && gone.handle === 7);
  });

  test('a LOG line has its prefix; SRC=DST on lo is told', () => {
    const line = one(
      'kernel: [12.3] svc-drop: IN= OUT=lo SRC=10.99.205.136 DST=10.99.205.136 LEN=60 TOS=0x00 TTL=64 ID=3 PROTO=TCP SPT=4 DPT=3000',
    );
    assert.ok(line.kind === 'head');
    assert.equal(line.prefix, 'svc-drop:');
    assert.match(logNotes(line.head).join(), /not masqueraded yet/);
  });

  test('conntrack events, and a text that is no trace', () => {
    const line = one(
      '[NEW] tcp 6 120 SYN_SENT src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2 [UNREPLIED] src=2.2.2.2 dst=1.1.1.1 sport=2 dport=1',
    );
    assert.equal(line.kind, 'connection');
    const { value, findings } = parsePacketTrace('nothing here\n', 'x');
    assert.deepEqual([value.length, findings[0]?.code], [0, 'packet-trace-empty']);
    assert.deepEqual(findings[0]!.range, { source: 'x', line: 0, start: 0, end: 0 });
  });

  test('100,000 characters of a line take no time', () => {
    const before = Date.now();
    parsePacketTrace(
      `${'a:'.repeat(50_000)}\n${'nat:X:rule:1 IN= SRC='.repeat(180)}\n${'['.repeat(3900)}`,
      'x',
    );
    assert.ok(Date.now() - before < 200);
  });
});
