import assert from 'node:assert/strict';
import { groupPackets } from '../../../src/core/packetTrace/group';
import { parsePacketTrace } from '../../../src/syntax/packetTrace/read';
import { logLine } from './smallNode';

/** The chains of each packet. */
function packetsOf(...lines: string[]): string[] {
  const packets = groupPackets(parsePacketTrace(lines.join('\n'), 'trace').value);
  return packets.map(({ lines: own, head, family }) => {
    const chains = own.map((line) => ('chain' in line ? line.chain : line.kind));
    return `${head ? '' : 'headless '}${family}: ${chains.join(' ')}`;
  });
}

const nft = (id: string, chain: string) =>
  `trace id ${id} inet t ${chain} rule accept (verdict accept)`;
/** Without what tells packets apart: people cut it away. */
const trimmed = (chain: string, from = '10.0.0.1') =>
  `TRACE: nat:${chain}:rule:1 IN=eth0 OUT= SRC=${from} DST=10.96.0.1`;

suite('lines of a trace, packet by packet', () => {
  test('of the monitor by its id, however they are mixed', () => {
    const lines = [
      nft('4f1c2a90', 'one'),
      nft('5e2b3c81', 'two'),
      nft('4f1c2a90', 'three'),
      nft('5e2b3c81', 'four'),
    ];
    assert.deepEqual(packetsOf(...lines), ['headless 4: one three', 'headless 4: two four']);
  });

  test('of the log by IP id and sequence number, which NAT leaves alone', () => {
    assert.deepEqual(
      packetsOf(
        logLine('nat:A:rule:1'),
        logLine('nat:X:rule:1').replace('ID=7', 'ID=8').replace('SEQ=1', 'SEQ=2'),
        logLine('nat:B:rule:1', { to: '10.244.1.5', port: 8080 }),
      ),
      ['4: A B', '4: X'],
    );
  });

  test('where those were cut away, lines that follow one another and have one source', () => {
    assert.deepEqual(
      packetsOf(trimmed('A'), trimmed('B'), trimmed('C', '10.0.0.2'), trimmed('D')),
      ['4: A B', '4: C', '4: D'],
    );
  });

  test('an IPv6 packet is of IPv6', () => {
    assert.deepEqual(packetsOf(trimmed('A', 'fd00::1').replace('10.96.0.1', 'fd00::10')), ['6: A']);
  });

  test('a line of conntrack is none of a packet', () => {
    const entry =
      'tcp 6 9 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1 [ASSURED] mark=0 use=1';
    assert.deepEqual(packetsOf(entry), []);
    assert.deepEqual(packetsOf(trimmed('A'), entry, trimmed('B')), ['4: A B']);
  });
});
