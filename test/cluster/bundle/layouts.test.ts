import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { readArchive } from '../../../src/cluster/bundle/archive/readArchive';
import { openSnapshot } from '../../../src/cluster/snapshot/snapshot';
import { dumpKind } from '../../../src/syntax/dumps/recognize';
import { tarGzOf, tarOf, zipOf } from './archives';
import { texts, type Texts } from './texts';

interface Case {
  readonly title: string;
  /** The archive's name: some collectors put the node's name there. */
  readonly archive: string;
  readonly files: (own: Texts) => Readonly<Record<string, string | Buffer | Promise<Buffer>>>;
  /** The kinds of each node's dumps, sorted. */
  readonly nodes: Readonly<Record<string, readonly string[]>>;
  readonly missing: string;
}

const objects = 'Services and EndpointSlices';

const cases: readonly Case[] = [
  {
    title: 'EKS log collector',
    archive: 'eks_i-0abc12_2026-11-29_0707-UTC_0.7.9.tar.gz',
    files: ({ save, six, listing, routes, sets }) => ({
      './networking/iptables-save.txt': save,
      './networking/ip6tables-save.txt': six,
      './networking/iptables-nat.txt': `${listing}\n=======\nTotal Number of Rules: 12\n`,
      './networking/ipset.txt': `Name: KUBE-X\nType: hash:ip\nHeader: family inet\nMembers:\n${sets}`,
      './networking/ipvsadm.txt': 'ipvsadm not installed\n',
      './networking/iproute.txt': routes,
    }),
    nodes: {
      'i-0abc12': [
        'ip-route',
        'ip6tables-save',
        'ipset-list',
        'ipset-save',
        'iptables-L',
        'iptables-save',
      ],
    },
    missing: `IPVS, addresses, ${objects}`,
  },
  {
    title: 'sos report',
    archive: 'sosreport-worker-1-2026-11-29-abcdefg.tar.xz',
    files: ({ listing, nft, addresses, routes }) => ({
      'sosreport-worker-1-2026-11-29-abcdefg/sos_commands/firewall_tables/iptables_-t_nat_-nvL':
        listing,
      'sosreport-worker-1-2026-11-29-abcdefg/sos_commands/firewall_tables/nft_-a_list_ruleset': nft,
      'sosreport-worker-1-2026-11-29-abcdefg/sos_commands/networking/ip_-d_address': addresses,
      'sosreport-worker-1-2026-11-29-abcdefg/sos_commands/networking/ip_route_show_table_all':
        routes,
      'sosreport-worker-1-2026-11-29-abcdefg/sos_commands/networking/namespaces/x/ip_netns_exec_x_iptables-save':
        '*nat\nCOMMIT\n',
      'sosreport-worker-1-2026-11-29-abcdefg/ip_addr': 'link:sos_commands/networking/ip_-d_address',
    }),
    nodes: { 'worker-1': ['ip-addr', 'ip-route', 'iptables-L', 'nft'] },
    missing: `sets, IPVS, ${objects}`,
  },
  {
    title: 'Rancher log collector',
    archive: 'node-7-2026-11-29_07_07_07.tar.gz',
    files: ({ save, addresses, routes }) => ({
      'node-7-2026-11-29_07_07_07/networking/iptablessave': save,
      'node-7-2026-11-29_07_07_07/networking/ipaddrshow': addresses,
      'node-7-2026-11-29_07_07_07/networking/iproute': routes,
      'node-7-2026-11-29_07_07_07/networking/ipvsadm': '',
    }),
    nodes: { 'node-7': ['ip-addr', 'ip-route', 'iptables-save'] },
    missing: `sets, IPVS, ${objects}`,
  },
  {
    title: 'calicoctl cluster diags',
    archive: 'calico-diagnostics.tar.gz',
    files: ({ save, sets, addresses, routes }) => ({
      'calico-diagnostics/node-a/iptables-legacy-save.txt': '',
      'calico-diagnostics/node-a/iptables-nft-save.txt': save,
      'calico-diagnostics/node-a/ipset-list.txt': 'Name: KUBE-X\nType: hash:ip\nMembers:\n',
      'calico-diagnostics/node-a/ip-addr.txt': addresses,
      'calico-diagnostics/node-b/iptables-legacy-save.txt': save,
      'calico-diagnostics/node-b/ip-route.txt': routes,
      'calico-diagnostics/node-b/ipset-list.txt': sets,
    }),
    nodes: {
      'node-a': ['ip-addr', 'ipset-list', 'iptables-save'],
      'node-b': ['ip-route', 'ipset-save', 'iptables-save'],
    },
    missing: `IPVS, ${objects}`,
  },
  {
    title: 'calicoctl node diags',
    archive: 'diags.tar.gz',
    files: ({ save, addresses }) => ({
      'diagnostics/ipv4_tables': save,
      'diagnostics/ipv4_addr': addresses,
    }),
    nodes: { node: ['ip-addr', 'iptables-save'] },
    missing: `sets, IPVS, routes, ${objects}`,
  },
  {
    title: 'Retina capture',
    archive: 'capture-aks-1-20261129.tar.gz',
    files: ({ save, listing }) => ({
      'iptables-rules.txt': `Summary:\n\niptables-nft-save(IPv4 rules)\n\nExecute:\n\n/usr/sbin/iptables-nft-save\n\n${save}\n/usr/sbin/iptables -vnx -t nat -L\n\n${listing}`,
      'ip-resources.txt':
        'Summary:\n\nExecute:\n\n/usr/sbin/ip -d -j addr show\n\n[{"ifindex":1,"ifname":"lo","flags":[],"mtu":65536,"addr_info":[]}]\n\n/usr/sbin/ip rule list\n\n0:\tfrom all lookup local\n',
    }),
    nodes: { node: ['ip-addr-json', 'ip-rule', 'iptables-L', 'iptables-save'] },
    missing: `sets, IPVS, routes, ${objects}`,
  },
  {
    title: 'Cilium sysdump',
    archive: 'cilium-sysdump-20261129.zip',
    files: ({ save, addresses, services, slices }) => ({
      'k8s-services-20261129.yaml': services,
      'k8s-endpointslices-20261129.yaml': slices,
      'cilium-bugtool-cilium-x7k2p-20261129-070707.tar.gz': tarGzOf({
        'cilium-bugtool-1/cmd/iptables-save--c.md': `# iptables-save -c\n\n\`\`\`\n${save}\`\`\`\n`,
        'cilium-bugtool-1/cmd/ip-a.md': `# ip a\n\n\`\`\`\n${addresses}\`\`\`\n`,
      }),
    }),
    nodes: { 'cilium-x7k2p': ['ip-addr', 'iptables-save'] },
    missing: 'sets, IPVS, routes',
  },
  {
    title: 'Antrea support bundle',
    archive: 'support.tar.gz',
    files: ({ save, six, addresses, routes, sets }) => ({
      'support/agent_node-3.tar.gz': tarGzOf({
        iptables: save + six,
        address: addresses,
        route: routes,
        ipset: sets,
      }),
    }),
    nodes: { 'node-3': ['ip-addr', 'ip-route', 'ip6tables-save', 'ipset-save', 'iptables-save'] },
    missing: `IPVS, ${objects}`,
  },
  {
    title: 'k8s inspect',
    archive: 'inspection-report.tar.gz',
    files: ({ save, addresses, routes }) => ({
      'inspection-report/iptables.log': save,
      'inspection-report/iptables-legacy.log': '',
      'inspection-report/ip-a.log': addresses,
      'inspection-report/ip-r.log': routes,
    }),
    nodes: { node: ['ip-addr', 'ip-route', 'iptables-save'] },
    missing: `sets, IPVS, ${objects}`,
  },
  {
    title: 'microk8s inspect',
    archive: 'inspection-report.tar.gz',
    files: ({ listing, dashS, addresses }) => ({
      'inspection-report/network/iptables': listing,
      'inspection-report/network/iptables-S': dashS,
      'inspection-report/network/ip-addr': addresses,
    }),
    nodes: { node: ['ip-addr', 'iptables-L', 'iptables-S'] },
    missing: `sets, IPVS, routes, ${objects}`,
  },
  {
    title: 'troubleshoot.sh support bundle',
    archive: 'support-bundle.tar.gz',
    files: ({ save, addresses, services, slices }) => ({
      'support-bundle/host-collectors/run-host/iptables-save.txt': save,
      'support-bundle/host-collectors/run-host/ip-address-stats.txt': addresses,
      'support-bundle/cluster-resources/services/default.json': services,
      'support-bundle/cluster-resources/endpointslices/default.json': slices,
    }),
    nodes: { node: ['ip-addr', 'iptables-save'] },
    missing: 'sets, IPVS, routes',
  },
  {
    title: 'SUSE supportconfig',
    archive: 'scc_host-1_261129_0707.tgz',
    files: ({ nft, addresses, sets }) => ({
      'scc_host-1_261129_0707/network.txt': [
        '#==[ Command ]======================================#',
        '# /sbin/ip addr',
        addresses,
        '#==[ Verification ]=================================#',
        '# NOTE: The iptable_nat module is not loaded, skipping check',
        '',
        '#==[ Command ]======================================#',
        '# /usr/sbin/ipset list',
        sets,
        '#==[ Command ]======================================#',
        '# /usr/sbin/nft list table ip nat',
        nft,
      ].join('\n'),
    }),
    nodes: { 'host-1': ['ip-addr', 'ipset-save', 'nft'] },
    missing: `IPVS, routes, ${objects}`,
  },
  {
    title: 'AKS node log',
    archive: 'aks.zip',
    files: ({ listing }) => ({
      'collect/iptables.txt': listing,
      'collect/ip_4_addr.json':
        '[{"ifindex":1,"ifname":"lo","flags":[],"mtu":65536,"addr_info":[]}]',
    }),
    nodes: { node: ['ip-addr-json', 'iptables-L'] },
    missing: `sets, IPVS, routes, ${objects}`,
  },
  {
    title: 'Insights archive',
    archive: 'insights-1.tar.gz',
    files: ({ save, addresses }) => ({
      'insights-1/insights_commands/iptables-save': save,
      'insights-1/insights_commands/ip_addr': addresses,
    }),
    nodes: { node: ['ip-addr', 'iptables-save'] },
    missing: `sets, IPVS, routes, ${objects}`,
  },
  {
    title: 'kops toolbox dump',
    archive: 'artifacts.tar.gz',
    files: ({ dashS }) => ({
      'artifacts/10.0.0.1/iptables-nat.log': dashS,
      'artifacts/10.0.0.2/iptables-nat.log': dashS,
    }),
    nodes: { '10.0.0.1': ['iptables-S'], '10.0.0.2': ['iptables-S'] },
    missing: `sets, IPVS, addresses, routes, ${objects}`,
  },
  {
    title: 'OpenShift must-gather',
    archive: 'must-gather.tar.gz',
    files: ({ services, slices }) => ({
      'must-gather/quay-io/namespaces/default/core/services.yaml': services,
      'must-gather/quay-io/namespaces/default/discovery.k8s.io/endpointslices.yaml': slices,
    }),
    nodes: {},
    missing: 'IPv4 rules, nftables, sets, IPVS, addresses, routes',
  },
  {
    title: 'kubectl cluster-info dump',
    archive: 'dump.tar.gz',
    files: ({ services }) => ({
      'dump/nodes.yaml': 'apiVersion: v1\nkind: NodeList\nitems: []\n',
      'dump/kube-system/services.yaml': services,
    }),
    nodes: {},
    missing: `IPv4 rules, nftables, sets, IPVS, addresses, routes, ${objects}`,
  },
  {
    title: "minikube's network debug",
    archive: 'net.tar.gz',
    files: ({ save, addresses }) => ({
      'net/debugLogs.txt': `>>> host: ip a s:\n${addresses}\n\n>>> host: iptables-save:\n${save}\n`,
    }),
    nodes: { node: ['ip-addr', 'iptables-save'] },
    missing: `sets, IPVS, routes, ${objects}`,
  },
  {
    title: 'AKS Periscope',
    archive: 'periscope.zip',
    files: ({ listing }) => ({
      'node-9/iptables': listing,
      'node-9/networkoutbound/log': 'x',
    }),
    nodes: { 'node-9': ['iptables-L'] },
    missing: `sets, IPVS, addresses, routes, ${objects}`,
  },
  {
    title: 'ACK node diagnosis',
    archive: 'diagnose_1732867200.tar.gz',
    files: ({ save, addresses }) => ({
      'diagnose_1732867200/system_info': 'Linux node-a 5.10.134\n',
      'diagnose_1732867200/network_info': `===== iptables-save =====\n${save}===== ip addr =====\n${addresses}`,
    }),
    nodes: { node: ['ip-addr', 'iptables-save'] },
    missing: `sets, IPVS, routes, ${objects}`,
  },
  {
    title: 'TKE node log',
    archive: 'tkelog.tar.gz',
    files: ({ dashS }) => ({ 'tkelog/iptables-node-a-2021-03-04.log': dashS }),
    nodes: { 'node-a': ['iptables-S'] },
    missing: `sets, IPVS, addresses, routes, ${objects}`,
  },
  {
    title: 'kind export logs',
    archive: 'artifacts.tar.gz',
    files: () => ({
      'logs/kind-version.txt': 'kind v0.31.0 go1.25.5 linux/amd64\n',
      'logs/docker-info.txt': 'Client: Docker Engine - Community\n',
      'logs/kind-worker/kubelet.log': 'Nov 21 08:04:30 kind-worker kubelet[216]: I1121 08:04:30\n',
      'logs/kind-worker/containers/kube-proxy-gllzq_kube-system_kube-proxy-561b86738ae40a6f.log':
        '2026-11-21T13:41:34.163741Z stderr F I1121 13:41:34.163741       1 server_linux.go:137] "Using nftables Proxier"\n',
      'logs/kind-worker/containers/coredns-576cbf47c7-pd2kx_kube-system_coredns-169fdd86.log':
        '2026-11-21T13:41:34.163741Z stdout F .:53\n',
    }),
    nodes: { 'kind-worker': ['kube-proxy-log'] },
    missing: `IPv4 rules, nftables, sets, IPVS, addresses, routes, ${objects}`,
  },
  {
    title: 'Archive',
    archive: 'by-hand.tgz',
    files: ({ save, addresses, services }) => ({
      'by-hand/node-a/iptables-save.txt': save,
      'by-hand/node-a/ip-addr.txt': addresses,
      'by-hand/objects/services.yaml': services,
    }),
    nodes: { 'node-a': ['ip-addr', 'iptables-save'] },
    missing: `sets, IPVS, routes, ${objects}`,
  },
];

suite('support bundles', () => {
  let folder: string;
  setup(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kpi-'));
  });
  teardown(() => rm(folder, { recursive: true }));

  test('the command for the sender is a shell’s, whatever the language', async () => {
    const path = join(folder, 'bundle.tgz');
    await writeFile(path, await tarGzOf({ 'node/iptables-save': (await texts()).save }));
    l10n.config({ contents: { '; ': '；' } });
    try {
      const { bundle } = await openSnapshot(path).info();
      assert.match(bundle!.ask!, /^d=[^；]+; tar czf \$d\.tgz \$d$/);
    } finally {
      l10n.config({ contents: {} });
    }
  });

  for (const { title, archive, files, nodes, missing } of cases) {
    test(`${title}: ${archive}`, async () => {
      const content: Record<string, string | Buffer> = {};
      for (const [path, text] of Object.entries(files(await texts()))) content[path] = await text;
      // What tar-stream can't pack is packed plain: the form is told by content, not by name.
      const bytes = archive.endsWith('zip')
        ? zipOf(content)
        : archive.endsWith('.xz')
          ? await tarOf(content)
          : await tarGzOf(content);
      const path = join(folder, archive);
      await writeFile(path, bytes);
      const cluster = openSnapshot(path);
      const { bundle } = await cluster.info();
      assert.equal(bundle?.title, title);
      assert.equal(bundle.missing.join(', '), missing);
      assert.match(bundle.ask!, /; tar czf \$d\.tgz \$d$/);
      const listed = (await cluster.list('nodes')).items.map(({ metadata }) => metadata.name);
      const kinds: Record<string, string[]> = {};
      for (const node of listed) {
        const held = await cluster.dumps(node).catch(() => undefined);
        if (!held) continue;
        const texts = held.dumps.map(async (dump) =>
          dumpKind(dump.name, (await dump.read()).slice(0, 4096)),
        );
        kinds[node] = (await Promise.all(texts)).sort();
      }
      assert.deepEqual(kinds, nodes);
    });
  }

  test('the same layout in a folder; links in it are not followed', async () => {
    const { save } = await texts();
    for (const [path, text] of [
      ['networking/iptablessave', save],
      ['networking/ipvsadm', ' \n'],
    ] as const) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const cluster = openSnapshot(folder);
    assert.equal((await cluster.info()).bundle?.title, 'Rancher log collector');
    // An empty file is not "none": ipvsadm may have been missing.
    const { dumps } = await cluster.dumps('node');
    assert.deepEqual(
      dumps.map(({ name }) => name),
      ['iptables-save.txt'],
    );
  });

  test('Services and endpoints of an archive are those of its files', async () => {
    const { services, slices } = await texts();
    const path = join(folder, 'must-gather.tgz');
    const files = {
      'x/namespaces/default/core/services.yaml': services,
      'x/namespaces/default/discovery.k8s.io/endpointslices.yaml': slices,
    };
    await writeFile(path, await tarGzOf(files));
    const cluster = openSnapshot(path);
    const { items, partial } = await cluster.list('services');
    assert.equal(partial, undefined);
    assert.ok(items.some(({ metadata }) => metadata.name === 'whoami'));
    assert.ok((await cluster.list('endpointslices')).items.length > 5);
  });

  test('the command to ask for leaves an archive that is read, and lacks nothing then', async () => {
    const { save, sets, addresses, routes, services, slices } = await texts();
    const n = 'kube-proxy-w1/nodes/w1';
    const path = join(folder, 'kube-proxy-w1.tgz');
    const files = {
      [`${n}/iptables-save.txt`]: save,
      [`${n}/ipset-save.txt`]: sets,
      [`${n}/ipvsadm-Ln.txt`]:
        'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n',
      [`${n}/ip-addr.txt`]: addresses,
      [`${n}/ip-route-show-table-all.txt`]: routes,
      'kube-proxy-w1/objects/objects.yaml': `${services}\n---\n${slices}`,
    };
    await writeFile(path, await tarGzOf(files));
    const { bundle } = await openSnapshot(path).info();
    assert.deepEqual(bundle?.missing, []);
    assert.equal(bundle.ask, undefined);
  });

  test('rules without any of kube-proxy: nft may have them, and is asked for', async () => {
    const path = join(folder, 'node-7-2026-11-29_07_07_07.tgz');
    await writeFile(path, await tarGzOf({ 'networking/iptablessave': '*nat\nCOMMIT\n' }));
    const { bundle } = await openSnapshot(path).info();
    assert.deepEqual(bundle?.present, ['IPv4 rules']);
    assert.equal(bundle.missing[0], 'nftables');
    assert.match(bundle.ask!, /; nft list ruleset >\$n\/nft-list-ruleset\.txt;/);
  });

  test('replaced addresses are told once', async () => {
    const path = join(folder, 'x.tgz');
    const dump = '*nat\n-A KUBE-SERVICES -d ***HIDDEN***/32 -j KUBE-SVC-X\nCOMMIT\n';
    await writeFile(path, await tarGzOf({ 'host-collectors/run-host/iptables-save.txt': dump }));
    const { bundle } = await openSnapshot(path).info();
    assert.equal(bundle?.notes.filter((note) => note.includes('were replaced')).length, 1);
  });

  test('an archive of other things, and no archive: why, in words', async () => {
    const path = join(folder, 'x.tgz');
    await writeFile(path, await tarGzOf({ 'holiday.jpg': 'x' }));
    await assert.rejects(openSnapshot(path).info(), { reason: 'broken-snapshot' });
    await writeFile(path, 'text');
    await assert.rejects(openSnapshot(path).info(), /can't be read: it is no tar or zip archive/);
    assert.ok(await readArchive(path, () => true).catch(() => true));
  });
});
