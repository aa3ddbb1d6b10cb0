import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { modeText } from '../../../src/core/flow/overview/modeText';
import { modeOf } from '../../../src/core/kubeproxy/mode/judge';
import { nodeOf } from '../flow/sampleNode';

const root = 'test/fixtures/proxyconfig';

/** The real kube-proxy's dumps of one variant, by file name. */
function dumpsOf(variant: string): Map<string, string> {
  const folder = `${root}/${variant}/node-a`;
  const texts = readdirSync(folder).map((name): [string, string] => [
    name,
    readFileSync(`${folder}/${name}`, 'utf8'),
  ]);
  return new Map(texts.filter(([name]) => !name.startsWith('kube-proxy')));
}

async function judged(texts: ReadonlyMap<string, string>) {
  const { node } = await nodeOf(texts);
  return modeOf(node);
}

const save = (...lines: string[]) =>
  ['*nat', ':PREROUTING ACCEPT [0:0]', ...lines, 'COMMIT', ''].join('\n');
const ipvsTable = [
  'IP Virtual Server version 1.2.1 (size=4096)',
  'Prot LocalAddress:Port Scheduler Flags',
  '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn',
  'TCP  10.96.0.1:443 rr',
  '  -> 192.168.77.10:6443           Masq    1      0          0',
  '',
].join('\n');
const emptyIpvs = ipvsTable.split('\n').slice(0, 3).join('\n');
const toChains = save(
  ':KUBE-SERVICES - [0:0]',
  ':KUBE-SVC-NPX46M4PTMTKRN6Y - [0:0]',
  '-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y',
);
const toSets = save(
  ':KUBE-MARK-MASQ - [0:0]',
  ':KUBE-SERVICES - [0:0]',
  '-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP src,dst -j KUBE-MARK-MASQ',
);
const nft = 'table ip kube-proxy {\n\tchain services {\n\t}\n}\n';

suite('the mode of kube-proxy, by every sign at hand', () => {
  for (const variant of readdirSync(root)) {
    test(`${variant}: by its rules alone`, async () => {
      const { mode, certainty, candidates } = await judged(dumpsOf(variant));
      // Rules of both modes are in force there: which one kube-proxy keeps, they do not tell.
      if (variant === 'k8s-1.36-mixed-leftovers') {
        assert.deepEqual([mode, candidates], [undefined, ['iptables', 'nftables']]);
        return;
      }
      const expected = /to-(iptables|ipvs|nftables)-/.exec(variant)?.[1];
      assert.equal(mode, expected ?? /(iptables|ipvs|nftables)/.exec(variant)?.[1]);
      // Of ipvs-sched-* there is no dump of the rules.
      assert.equal(certainty, variant.startsWith('ipvs-sched') ? 'likely' : 'certain');
    });
  }

  test('what the running kube-proxy says counts before any rule', async () => {
    const texts = dumpsOf('k8s-1.36-mixed-leftovers');
    const said = await judged(new Map([...texts, ['proxyMode.txt', 'nftables']]));
    assert.deepEqual([said.mode, said.certainty], ['nftables', 'certain']);
    assert.equal(said.signs[0]?.kind, 'proxy-mode');
  });

  const mixtures: readonly (readonly [
    string,
    Readonly<Record<string, string>>,
    string | undefined,
    string,
  ])[] = [
    [
      'chains that are led to, and left-over virtual servers',
      { 'iptables-save.txt': toChains, 'ipvsadm-Ln.txt': ipvsTable },
      'iptables',
      'certain',
    ],
    [
      'rules by sets, and left-over KUBE-SVC- chains',
      {
        'iptables-save.txt': toSets.replace(
          ':KUBE-SERVICES',
          ':KUBE-SVC-NPX46M4PTMTKRN6Y - [0:0]\n:KUBE-SERVICES',
        ),
        'ipvsadm-Ln.txt': ipvsTable,
      },
      'ipvs',
      'certain',
    ],
    [
      'rules by sets, but IPVS without a virtual server',
      { 'iptables-save.txt': toSets, 'ipvsadm-Ln.txt': emptyIpvs },
      'ipvs',
      'likely',
    ],
    [
      'a KUBE-SERVICES that leads nowhere, and virtual servers',
      {
        'iptables-save.txt': save(':KUBE-SERVICES - [0:0]', ':KUBE-SVC-NPX46M4PTMTKRN6Y - [0:0]'),
        'ipvsadm-Ln.txt': ipvsTable,
      },
      'ipvs',
      'likely',
    ],
    ['virtual servers alone', { 'ipvsadm-Ln.txt': ipvsTable }, 'ipvs', 'likely'],
    [
      'a chain of one Service alone',
      { 'iptables-save.txt': save(':KUBE-SVC-NPX46M4PTMTKRN6Y - [0:0]') },
      'iptables',
      'likely',
    ],
    [
      'a chain of one Service and virtual servers, without KUBE-SERVICES',
      {
        'iptables-save.txt': save(':KUBE-SVC-NPX46M4PTMTKRN6Y - [0:0]'),
        'ipvsadm-Ln.txt': ipvsTable,
      },
      undefined,
      'unknown',
    ],
    [
      'rules of iptables mode beside the table of nftables mode',
      { 'iptables-save.txt': toChains, 'nft-list-ruleset.txt': nft },
      undefined,
      'unknown',
    ],
    [
      'both backends, one of each mode',
      { 'iptables-nft-save.txt': toChains, 'iptables-legacy-save.txt': toSets },
      undefined,
      'unknown',
    ],
    [
      'a configuration that the rules contradict',
      { 'iptables-save.txt': toChains, 'kube-proxy.config.yaml': 'mode: ipvs\n' },
      'iptables',
      'certain',
    ],
    [
      'a configuration whose rules no dump would show',
      { 'iptables-save.txt': toChains, 'kube-proxy.config.yaml': 'mode: nftables\n' },
      'nftables',
      'likely',
    ],
    [
      'a configuration and its rules',
      { 'iptables-save.txt': toChains, 'kube-proxy.config.yaml': 'mode: iptables\n' },
      'iptables',
      'certain',
    ],
    ['nothing of kube-proxy', { 'iptables-save.txt': save() }, undefined, 'unknown'],
  ];
  for (const [title, files, mode, certainty] of mixtures) {
    test(title, async () => {
      const { node } = await nodeOf(new Map(Object.entries(files)));
      const judgement = modeOf(node);
      assert.deepEqual([judgement.mode, judgement.certainty], [mode, certainty]);
      const told = modeText(node);
      assert.match('value' in told ? told.value : 'unknown', new RegExp(`^${mode ?? 'unknown'}`));
    });
  }
});
