import assert from 'node:assert/strict';
import { absentReason } from '../../../src/core/kubeproxy/absence';
import { nodeOf } from '../flow/sampleNode';

const save = (...lines: string[]) => `${lines.join('\n')}\n`;
const incompatible = "# Table `nat' is incompatible, use 'nft' tool.";
const nat = save('*nat', ':PREROUTING ACCEPT [0:0]', 'COMMIT');

suite('why a Service port is not in the dumps of a node', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
    [
      "a table that iptables can't print: not the mode, not the Service",
      { 'iptables-nft-save.txt': save('*filter', 'COMMIT', incompatible) },
      /^iptables-nft-save\.txt does not have table nat as it is: .* nft list ruleset shows it/,
    ],
    [
      'nftables mode: the dump of nft is wanted',
      { 'iptables-nft-save.txt': nat, 'proxyMode.txt': 'nftables' },
      /nftables mode on \S+, and its Services are in nft list ruleset, which is not at hand/,
    ],
    [
      'nftables mode with a foreign rule in nat: the same',
      { 'iptables-nft-save.txt': save(incompatible), 'proxyMode.txt': 'nftables' },
      /nftables mode on \S+, and its Services are in nft list ruleset/,
    ],
    [
      'a Service newer than the capture',
      {
        'iptables-nft-save.txt': save(
          '*nat',
          ':KUBE-SERVICES - [0:0]',
          ':KUBE-SVC-NPX46M4PTMTKRN6Y - [0:0]',
          '-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y',
          'COMMIT',
        ),
      },
      /iptables-save has 3 Service ports and not this one\. A newer capture may have it/,
    ],
  ];
  for (const [title, files, reason] of cases) {
    test(title, async () => {
      const { node } = await nodeOf(new Map(Object.entries(files)));
      assert.match(absentReason(node, 3), reason);
    });
  }
});
