import assert from 'node:assert/strict';
import * as l10n from '@vscode/l10n';
import { dumpNodes } from '../../src/explorer/tree/dumps';
import type { TreeNode, TreeWorld } from '../../src/explorer/tree/node';
import { nodeStates } from '../../src/workspace/clusters/nodeStates';
import type { ServerOptions } from '../cluster/server/apiServer';
import { missingBinary, prints } from '../cluster/server/execServer';
import { withLiveCluster } from '../cluster/server/liveCluster';
import { proxyPod } from '../cluster/server/sampleCluster';
import { testParser } from '../syntax/parser';

const rules = `*nat
:KUBE-SERVICES - [0:0]
:KUBE-SVC-NPX46M4PTMTKRN6Y - [0:0]
-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y
COMMIT
# Completed
`;
const leaf = (address: string, alias: string) => `     |-- ${address}\n        ${alias}\n`;
const local = leaf('127.0.0.1', '/32 host LOCAL') + leaf('192.0.2.2', '/32 host LOCAL');
const apart = `Main:\n${leaf('0.0.0.0', '/0 universe UNICAST')}Local:\n${local}`;

const sysctls = `grep -r . ${[
  'ipv4/ip_forward',
  'ipv4/conf',
  'ipv4/fwmark_reflect',
  'ipv4/icmp_errors_use_inbound_ifaddr',
  'ipv4/ip_unprivileged_port_start',
  'ipv6/conf/all/forwarding',
  'ipv6/fwmark_reflect',
  'netfilter/nf_conntrack_tcp_be_liberal',
  'netfilter/nf_conntrack_tcp_loose',
  'bridge/bridge-nf-call-iptables',
  'bridge/bridge-nf-call-ip6tables',
]
  .map((name) => `/proc/sys/net/${name}`)
  .join(' ')}`;

/** What kube-proxy's image prints: it has neither ip nor ipset nor nft. */
const image: Readonly<Record<string, string>> = {
  'iptables-nft-save -c': rules,
  'ip6tables-nft-save -c': '',
  'cat /proc/net/fib_trie': `Main:\n${local}Local:\n${local}`,
  [sysctls]: '/proc/sys/net/ipv4/ip_forward:1\n',
  'cat /proc/net/route':
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\neth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n',
};

const world = { l10n } as Partial<TreeWorld> as TreeWorld;

/** The rows of a node whose container prints these. */
async function rows(outputs: Readonly<Record<string, string>>): Promise<readonly TreeNode[]> {
  const options: ServerOptions = {
    objects: { nodes: [{ metadata: { name: 'node-a' } }], pods: [proxyPod('node-a')] },
    exec: ({ command }) => {
      const output = outputs[command.join(' ')];
      if (output !== undefined) return prints(output);
      if (command[0] !== 'cat' && command[0] !== 'grep') return missingBinary;
      return prints('', `${command[0]}: ${command.at(-1)}: No such file or directory\n`, 1);
    },
  };
  return withLiveCluster(options, async (cluster) => {
    const dumps = await cluster.dumps('node-a');
    return dumpNodes(world, cluster, dumps, await nodeStates(testParser)(dumps));
  });
}

const warned = (nodes: readonly TreeNode[]) =>
  nodes.filter(({ icon }) => icon === 'warning').map(({ label }) => label);

suite('what a node does not have', () => {
  test('a healthy node of kube-proxy’s image: one quiet line, and no warning', async () => {
    const nodes = await rows(image);
    assert.deepEqual(warned(nodes), []);
    const quiet = nodes.at(-1)!;
    assert.match(quiet.label, /^1\d commands give nothing on this node$/);
    const children = await quiet.children!(new AbortController().signal);
    assert.ok(children.every(({ icon, color }) => icon === 'circle-slash' && !color));
    const text = (label: string) => children.find((child) => child.label === label)?.description;
    assert.equal(text('ipvsadm-Sn.txt'), 'would add: virtual servers of ipvs mode');
    assert.equal(text('ip_vs.txt'), 'would add: virtual servers of ipvs mode');
    // One trie proves the routing rules; IPv6 is off.
    assert.ok(text('ip-rule.txt') !== undefined && text('ip-6-rule.txt') !== undefined);
  });

  test('ip rule: nothing else tells them, and another table makes that a warning', async () => {
    const open = await rows({ ...image, 'cat /proc/net/fib_trie': apart });
    const row = open.find(({ label }) => label === 'ip-rule.txt')!;
    assert.deepEqual([row.icon, row.color], ['question', undefined]);
    assert.match(
      row.description!,
      /Not known: which packets another routing table sends elsewhere/,
    );

    const more = `${apart}Id 100:\n${leaf('0.0.0.0', '/0 universe UNICAST')}`;
    const lacking = await rows({ ...image, 'cat /proc/net/fib_trie': more });
    assert.deepEqual(warned(lacking), ['ip-rule.txt']);
  });

  test('what a mode needs stays a warning', async () => {
    const ipvs = await rows({
      ...image,
      'curl -sS --max-time 5 http://127.0.0.1:10249/proxyMode': 'ipvs',
    });
    assert.deepEqual(warned(ipvs), [
      'ipset-save.txt',
      'ip_vs.txt',
      'ipvsadm-Sn.txt',
      'sysctl-ipvs.txt',
    ]);
    const incompatible = "# Table `nat' is incompatible, use 'nft' tool.\n";
    const foreign = await rows({ ...image, 'iptables-nft-save -c': rules + incompatible });
    assert.ok(warned(foreign).includes('nft-list-ruleset.txt'));
    const legacy =
      '# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n';
    const both = await rows({ ...image, 'iptables-nft-save -c': legacy + rules });
    assert.ok(warned(both).includes('iptables-legacy-save.txt'));
  });
});
