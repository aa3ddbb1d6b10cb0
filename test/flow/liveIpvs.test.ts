import assert from 'node:assert/strict';
import type { CounterText } from '../../src/cluster/cluster';
import { ClusterError } from '../../src/cluster/error';
import { liveIpvs } from '../../src/flow/liveIpvs';

const stats = [
  'IP Virtual Server version 1.2.1 (size=4096)',
  'Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes',
  '  -> RemoteAddress:Port',
  'TCP  10.96.0.10:53                     10      470       35     3037     2943',
  '  -> 10.244.0.2:53                      5      270       23     1708     2076',
  '',
].join('\n');

const table = [
  'IP Virtual Server version 1.2.1 (size=4096)',
  'Prot LocalAddress:Port Scheduler Flags',
  '  -> RemoteAddress:Port Forward Weight ActiveConn InActConn',
  'TCP  0A60000A:0035 rr  ',
  '  -> 0AF40002:0035      Masq    1      2          3         ',
  '',
].join('\n');

/** /proc/net/ip_vs_stats: totals, then what the kernel estimates per second, in hex. */
const totals = [
  '   Total Incoming Outgoing         Incoming         Outgoing',
  '   Conns  Packets  Packets            Bytes            Bytes',
  '      1A       4B       4C             4D00             4E00',
  '',
  ' Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s',
  '       1       1F       10              500              400',
  '',
].join('\n');

const edges = new Map([
  ['in', '6 10.96.0.10:53'],
  ['out', '6 10.96.0.10:53 -> 10.244.0.2:53'],
]);

/** A node that answers each dump with a text, or has no program for it. */
function nodeWith(texts: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  let second = 0;
  const read = (dump: string): Promise<CounterText> => {
    asked.push(dump);
    const text = texts[dump];
    if (text === undefined) return Promise.reject(new ClusterError('not-found', 'no program'));
    const taken = `2026-11-30T10:00:0${second++}.000Z`;
    return Promise.resolve({
      taken,
      async *pieces() {
        yield text;
      },
    });
  };
  return { asked, source: liveIpvs(edges, read) };
}

const never = () => new AbortController().signal;

suite('IPVS of a node, read every few seconds', () => {
  test('packets by ipvsadm, and nothing else is asked', async () => {
    const texts = { 'ipvsadm-Ln-exact-stats.txt': stats };
    const { asked, source } = nodeWith(texts);
    const earlier = await source.read(never());
    texts['ipvsadm-Ln-exact-stats.txt'] = stats.replace('470', '480').replace('270', '273');
    const later = await source.read(never());
    assert.deepEqual(source.rates([earlier, later]), {
      in: { perSecond: 10 },
      out: { perSecond: 3 },
    });
    assert.deepEqual([...new Set(asked)], ['ipvsadm-Ln-exact-stats.txt']);
  });

  test('without ipvsadm by /proc, which it is asked for once only', async () => {
    const { asked, source } = nodeWith({ 'ip_vs.txt': table, 'ip_vs_stats.txt': totals });
    const between = [await source.read(never()), await source.read(never())] as const;
    assert.deepEqual(source.rates(between), { in: { connections: 5 }, out: { connections: 5 } });
    assert.match(source.told(between[1]), /stand the connections .* 31\/s .* 16\/s/);
    assert.equal(asked.filter((dump) => dump.startsWith('ipvsadm')).length, 1);
  });

  test('what else is wrong is told, and nothing is asked in its place', async () => {
    const { asked, source } = nodeWith({});
    await assert.rejects(source.read(never()), /no program/);
    assert.deepEqual(asked, ['ipvsadm-Ln-exact-stats.txt', 'ip_vs.txt']);
  });
});
