import assert from 'node:assert/strict';
import { parseAddress } from '../../../src/core/address';
import type { Packet } from '../../../src/core/packet';
import { watchCommands } from '../../../src/core/packetTrace/watch';
import { packet } from '../trace/helper';

const commands = (of: Packet) => watchCommands(of).map(({ lines }) => lines);

// iptables-extensions(8), TRACE; nft(8), nftrace: at -310 a chain stands before raw's -300.
suite('commands that show a packet on a live node', () => {
  test('of one that comes in, at PREROUTING by its device', () => {
    const match = 'PREROUTING -i cni0 -s 10.244.1.7 -d 10.96.0.10 -p udp --dport 53 -j TRACE';
    assert.deepEqual(commands(packet('udp 10.244.1.7:40000 > 10.96.0.10:53 cni0')), [
      [`iptables -t raw -I ${match}`, 'xtables-monitor --trace', `iptables -t raw -D ${match}`],
      [
        'modprobe nf_log_ipv4 || modprobe nf_log_syslog',
        `iptables-legacy -t raw -I ${match}`,
        "dmesg --follow | grep 'TRACE: '",
        `iptables-legacy -t raw -D ${match}`,
      ],
      [
        'nft add table inet watch_packet',
        "nft 'add chain inet watch_packet prerouting { type filter hook prerouting priority -310; }'",
        "nft 'add rule inet watch_packet prerouting ip saddr 10.244.1.7 ip daddr 10.96.0.10 udp dport 53 meta nftrace set 1'",
        'nft monitor trace',
        'nft delete table inet watch_packet',
      ],
    ]);
  });

  test('of one that the node sends, at OUTPUT', () => {
    const [nf, , nft] = commands(packet('sctp 10.244.1.7:40000 > 10.96.0.10:53'));
    assert.equal(
      nf![0],
      'iptables -t raw -I OUTPUT -s 10.244.1.7 -d 10.96.0.10 -p sctp --dport 53 -j TRACE',
    );
    assert.match(nft![1]!, /output \{ type filter hook output priority -310; \}/);
    assert.match(nft![2]!, /watch_packet output ip saddr .* sctp dport 53 /);
  });

  test('without a port where the protocol has none, or none is given', () => {
    for (const [text, matches] of [
      ['icmp 10.244.1.7 > 10.96.0.10 cni0', ['-p icmp -j', 'meta l4proto icmp']],
      ['tcp 10.244.1.7 > 10.96.0.10 cni0', ['-p tcp -j', 'meta l4proto tcp']],
    ] as const) {
      const [nf, , nft] = commands(packet(text));
      assert.ok(nf![0]!.includes(matches[0]), nf![0]);
      assert.ok(nft![2]!.includes(matches[1]), nft![2]);
    }
  });

  test('of IPv6', () => {
    const own = packet('tcp 10.244.1.7:40000 > 10.96.0.10:53');
    const [source, destination] = [parseAddress('fd00::7')!, parseAddress('fd00::10')!];
    const [nf, legacy, nft] = commands({ ...own, source, destination });
    assert.match(nf![0]!, /^ip6tables -t raw -I OUTPUT -s fd00::7 -d fd00::10 /);
    assert.match(legacy![0]!, /^modprobe nf_log_ipv6 /);
    assert.match(legacy![3]!, /^ip6tables-legacy -t raw -D /);
    assert.match(nft![2]!, / ip6 saddr fd00::7 ip6 daddr fd00::10 tcp dport 53 /);
  });
});
