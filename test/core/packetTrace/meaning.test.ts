import assert from 'node:assert/strict';
import type { NodeState } from '../../../src/core/node';
import { groupPackets } from '../../../src/core/packetTrace/group';
import { layPacket } from '../../../src/core/packetTrace/lay';
import type { LaidStep } from '../../../src/core/packetTrace/laid';
import { rulesetsOfText } from '../../../src/syntax/iptables/ruleset/ruleset';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
import { parsePacketTrace } from '../../../src/syntax/packetTrace/read';
import { testParser } from '../../syntax/parser';

/** A chain as one version of nft lists it. */
const listing = (...rules: string[]) => `table ip t {
\tchain c {
\t\ttype filter hook prerouting priority 0; policy accept;
${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}
\tchain web {
\t}
\tchain web2 {
\t}
}
`;

/** The line of a rule as a monitor prints it, laid on a node's rules. */
function lay(node: NodeState, rule: string, chain = 'ip t c'): LaidStep {
  const head =
    'iif "eth0" ip saddr 192.0.2.7 ip daddr 10.96.0.1 ip ttl 64 ip protocol tcp tcp sport 40000 tcp dport 443 tcp flags == syn';
  const text = `trace id 4f1c2a90 ${chain} packet: ${head}\ntrace id 4f1c2a90 ${chain} rule ${rule}\n`;
  const [packet] = groupPackets(parsePacketTrace(text, 'trace').value);
  // No text of the dump is at hand: only what its rules mean.
  return layPacket(node, packet!, () => undefined).steps[0]!;
}

const nftNode = (...rules: string[]): NodeState => ({
  name: 'node-a',
  rulesets: [],
  nftables: nftRuleset('nft.txt', listing(...rules)),
  findings: [],
});

suite("a monitor's rule is found by what it says", () => {
  const spellings: readonly (readonly [title: string, printed: string, listed: string])[] = [
    ['names and numbers', 'tcp dport https jump web', 'tcp dport 443 jump web'],
    ['a set in another order', 'tcp dport { 443, 80 } accept', 'tcp dport { 80, 443 } accept'],
    [
      'states in another order',
      'ct state established,new accept',
      'ct state new,established accept',
    ],
    [
      'counters that went on, and a handle',
      'tcp dport 443 counter packets 9 bytes 540 jump web',
      'tcp dport 443 counter packets 1 bytes 60 jump web # handle 12',
    ],
    [
      'a quota that was used on',
      'quota over 100 bytes used 90 bytes drop',
      'quota over 100 bytes used 5 bytes drop',
    ],
    ['a mark as it is padded', 'meta mark set 0x42 accept', 'meta mark set 0x00000042 accept'],
    [
      'a map in another order',
      'tcp dport vmap { 443 : goto web, 80 : goto web2 }',
      'tcp dport vmap { 80 : goto web2, 443 : goto web }',
    ],
  ];
  for (const [title, printed, listed] of spellings) {
    test(title, () => {
      const step = lay(nftNode('tcp dport 8443 accept', listed), `${printed} (verdict accept)`);
      assert.deepEqual(
        [step.rule?.number, step.certainty, step.why],
        [2, 'sure', 'by what it says'],
      );
    });
  }

  test('another port, another order of statements, a negation: other rules', () => {
    const node = nftNode(
      'tcp dport 443 counter jump web',
      'ip saddr 192.0.2.7 tcp dport 443 accept',
    );
    for (const rule of [
      'tcp dport 80 jump web',
      'tcp dport != 443 jump web2',
      'tcp dport 443 ip saddr 192.0.2.7 drop',
    ]) {
      const step = lay(node, `${rule} (verdict accept)`);
      assert.deepEqual([step.rule, step.certainty], [undefined, 'unknown'], rule);
    }
  });

  test('several that say the same: the comment decides, else it is told', () => {
    const node = nftNode(
      'tcp dport 443 jump web comment "one"',
      'tcp dport 443 jump web comment "two"',
    );
    const own = lay(node, 'tcp dport 443 jump web comment "two" (verdict jump web)');
    assert.deepEqual([own.rule?.number, own.certainty], [2, 'sure']);
    const open = lay(node, 'tcp dport 443 jump web (verdict jump web)');
    assert.deepEqual([open.rule?.number, open.certainty], [1, 'ambiguous']);
  });

  test("rules of iptables-nft: by their addresses, ports and target, as nft's rendering has them", async () => {
    const save = `*nat
:PREROUTING ACCEPT [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-SVC-AAAAAAAAAAAAAAAA - [0:0]
:KUBE-SVC-BBBBBBBBBBBBBBBB - [0:0]
:KUBE-SEP-A - [0:0]
-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "a:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-AAAAAAAAAAAAAAAA
-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "a:https cluster IP" -m tcp --dport 443 -j KUBE-SVC-BBBBBBBBBBBBBBBB
-A KUBE-SVC-AAAAAAAAAAAAAAAA -d 10.96.0.2/32 -p udp -m ttl --ttl-eq 64 -m udp --sport 53 -j KUBE-SEP-A
-A KUBE-SVC-BBBBBBBBBBBBBBBB -p tcp -j KUBE-SEP-A
-A KUBE-SVC-BBBBBBBBBBBBBBBB -s 192.0.2.0/24 -p tcp -m ttl --ttl-eq 64 -j RETURN
-A KUBE-SEP-A -p tcp -m comment --comment "a:http" -m tcp -j DNAT --to-destination 10.244.1.5:8080
COMMIT
`;
    const rulesets = rulesetsOfText('iptables-nft-save.txt', save, await testParser());
    const node: NodeState = { name: 'node-a', rulesets, findings: [] };
    const printed =
      'meta l4proto tcp ip daddr 10.96.0.1 tcp dport 443 counter packets 3 bytes 180 jump KUBE-SVC-BBBBBBBBBBBBBBBB';
    const verdict = '(verdict jump KUBE-SVC-BBBBBBBBBBBBBBBB)';
    const step = lay(node, `${printed} ${verdict}`, 'ip nat KUBE-SERVICES');
    assert.deepEqual([step.rule?.number, step.certainty], [2, 'likely']);
    const ofPort = (port: string) =>
      lay(
        node,
        `ip daddr 10.96.0.2 udp ${port} 53 ip ttl 64 jump KUBE-SEP-A (verdict jump KUBE-SEP-A)`,
        'ip nat KUBE-SVC-AAAAAAAAAAAAAAAA',
      );
    assert.deepEqual([ofPort('sport').rule?.number, ofPort('dport').rule], [1, undefined]);
    const from = (network: string) =>
      lay(
        node,
        `ip saddr ${network} meta l4proto tcp return (verdict return)`,
        'ip nat KUBE-SVC-BBBBBBBBBBBBBBBB',
      ).rule?.number;
    assert.deepEqual(
      [from('192.0.2.0/24'), from('192.0.2.0/25'), from('!= 192.0.2.0/24')],
      [2, undefined, undefined],
    );
    // Where neither addresses nor ports are asked for, any rule of that target would do.
    const bare = lay(
      node,
      'meta l4proto udp jump KUBE-SEP-A (verdict jump KUBE-SEP-A)',
      'ip nat KUBE-SVC-BBBBBBBBBBBBBBBB',
    );
    assert.equal(bare.rule, undefined);
    const sent = (to: string) =>
      lay(
        node,
        `meta l4proto tcp counter packets 1 bytes 60 dnat to ${to} (verdict accept)`,
        'ip nat KUBE-SEP-A',
      );
    assert.deepEqual(
      [sent('10.244.1.5:8080').rule?.number, sent('10.244.1.5:8080').certainty],
      [1, 'likely'],
    );
    for (const to of ['10.244.1.6:8080', '10.244.1.5:8081', '10.244.1.5'])
      assert.equal(sent(to).rule, undefined, to);
    const other = lay(node, `${printed.replace('443', '8443')} ${verdict}`, 'ip nat KUBE-SERVICES');
    assert.equal(other.rule, undefined);
  });
});
