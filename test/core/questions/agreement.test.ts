import assert from 'node:assert/strict';
import { askAgreement } from '../../../src/core/questions/agreement';
import { edited, rules, type Edit } from '../findings/cases/case';
import { clusterIpMark, routed, server, smallIpvs } from '../findings/cases/small';
import type { Files } from '../findings/checkText';
import { nodeOf } from '../flow/sampleNode';

const ask = async (files: Files) =>
  askAgreement((await nodeOf(new Map(Object.entries(files)))).node);

suite('is a small node in ipvs mode, and do its parts agree', () => {
  const marked = `-A KUBE-SERVICES ${clusterIpMark}\n`;
  const first = server('10.96.0.1:443', '10.244.0.3:8443');
  const second = server('10.96.0.2:80', '10.244.0.3:8080');
  const ipvs = (...edits: readonly Edit[]) => edited(smallIpvs(first + second, marked), edits);
  const only = (...names: readonly string[]) =>
    Object.fromEntries(Object.entries(ipvs()).filter(([name]) => names.includes(name)));

  for (const [what, files, expected] of [
    [
      'all parts are there and agree',
      ipvs(),
      "Yes: 2 virtual servers, kube-ipvs0 is there, rules ask kube-proxy's sets; all agree.",
    ],
    [
      'one does not',
      ipvs(['ipset-save.txt', '', 'add KUBE-CLUSTER-IP 10.96.0.2,tcp:81\n']),
      "Yes: 2 virtual servers, kube-ipvs0 is there, rules ask kube-proxy's sets; 1 part does not agree.",
    ],
    [
      'two do not',
      ipvs(['ipvsadm-Ln.txt', second, '']),
      "Yes: 1 virtual server, kube-ipvs0 is there, rules ask kube-proxy's sets; 2 parts do not agree.",
    ],
    [
      'virtual servers alone',
      only('ipvsadm-Ln.txt'),
      'Likely: 2 virtual servers, `ip addr` is missing, no rule of KUBE-SERVICES shows the mode; nothing else is at hand to compare.',
    ],
    [
      'rules alone',
      only(rules),
      "Yes: `ipvsadm -Ln` is missing, `ip addr` is missing, rules ask kube-proxy's sets; nothing else is at hand to compare.",
    ],
    [
      'iptables mode',
      routed,
      'No: mode iptables; no kube-ipvs0, rules lead to chains of Services.',
    ],
    [
      'iptables mode, by its rules alone',
      { [rules]: routed[rules]! },
      'No: mode iptables; rules lead to chains of Services.',
    ],
    [
      'iptables mode, and kube-ipvs0 left over',
      { ...routed, 'ip-addr.txt': ipvs()['ip-addr.txt']! },
      'No, but ipvs mode has left its traces: mode iptables; kube-ipvs0 is there, rules lead to chains of Services.',
    ],
    ['said alone', { 'kube-proxy.config.yaml': 'mode: nftables\n' }, 'No: mode nftables.'],
    [
      'nothing of kube-proxy',
      { 'ip-addr.txt': routed['ip-addr.txt']! },
      'Unknown: the dumps show nothing of kube-proxy (`ipvsadm -Ln` is missing, no kube-ipvs0, no rule of KUBE-SERVICES shows the mode). `iptables-save -t nat` would tell.',
    ],
    [
      'rules of two modes',
      { ...routed, 'nft-list-ruleset.txt': 'table ip kube-proxy {\n\tchain services {\n\t}\n}\n' },
      /^Unknown: there are traces of iptables and nftables mode \(/,
    ],
  ] as const) {
    test(what, async () => {
      const { answer } = await ask(files);
      if (typeof expected === 'string') assert.equal(answer, expected);
      else assert.match(answer, expected);
    });
  }

  test('what is left over is shown', async () => {
    const files = { ...routed, 'ip-addr.txt': ipvs()['ip-addr.txt']! };
    const { findings } = await ask(files);
    assert.deepEqual(
      findings.map(({ code, severity, range }) => [
        code,
        severity,
        files['ip-addr.txt'].split('\n')[range.line]?.split(' ')[1],
      ]),
      [['ipvs-leftover', 'warning', 'kube-ipvs0:']],
    );
    assert.deepEqual((await ask(routed)).findings, []);
  });
});
