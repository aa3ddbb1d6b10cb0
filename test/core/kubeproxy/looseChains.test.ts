import assert from 'node:assert/strict';
import { localTrafficSeen } from '../../../src/core/kubeproxy/localTraffic';
import { servicePortHashes } from '../../../src/core/kubeproxy/names';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
import { readDump } from './dump';
import { findServices } from './findServices';

const dns = { namespace: 'kube-system', name: 'kube-dns', port: 'dns' };

suite('chains of Services without KUBE-SERVICES, as a part of a dump has them', () => {
  for (const [name, protocol] of [
    ['tcp', 6],
    ['udp', 17],
    ['sctp', 132],
  ] as const) {
    test(`the protocol of which the chain's name is a hash: ${name}`, () => {
      const chain = `KUBE-SVC-${servicePortHashes(dns, name)[0]}`;
      const to = `-m comment --comment "kube-system/kube-dns:dns -> 10.244.0.2:53" -j KUBE-SEP-AAAAAAAAAAAAAAAA`;
      const { services } = findServices(readDump(`*nat\n-A ${chain} ${to}\nCOMMIT\n`));
      assert.deepEqual(
        services.map((one) => [one.title, one.protocol, one.chains.join()]),
        [['kube-system/kube-dns:dns', protocol, chain]],
      );
    });
  }

  test('a rule that names a protocol says it itself', () => {
    const chain = `KUBE-SVC-${servicePortHashes(dns, 'udp')[0]}`;
    const mark = `! -s 10.244.0.0/16 -d 10.96.0.10/32 -p udp -m comment --comment "kube-system/kube-dns:dns cluster IP" -m udp --dport 53 -j KUBE-MARK-MASQ`;
    const { services } = findServices(readDump(`*nat\n-A ${chain} ${mark}\nCOMMIT\n`));
    assert.deepEqual(
      services.map(({ protocol }) => protocol),
      [17],
    );
  });
});

suite('chains of Services that KUBE-SERVICES does not lead to', () => {
  const chain = `KUBE-SVC-${servicePortHashes(dns, 'udp')[0]}`;
  const own = `-A ${chain} -m comment --comment "kube-system/kube-dns:dns -> 10.244.0.2:53" -j KUBE-SEP-AAAAAAAAAAAAAAAA\n`;
  const titles = (rules: string) =>
    findServices(readDump(`*nat\n${rules}${own}COMMIT\n`)).services.map(({ title }) => title);
  const found = ['kube-system/kube-dns:dns'];
  for (const [what, rules, expected] of [
    ['no such chain in an excerpt', '', found],
    ['one whose rules the excerpt lacks', ':KUBE-SERVICES - [0:0]\n', found],
    [
      'left behind by a switch to ipvs mode',
      '-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT\n',
      [],
    ],
    ['an endpoint’s chain alone', '-A KUBE-SEP-AAAAAAAAAAAAAAAA -j KUBE-MARK-MASQ\n', found],
  ] as const) {
    test(what, () => assert.deepEqual(titles(rules), expected));
  }
});

test('what of nftables mode is masqueraded, with the rule that says so', () => {
  const listing = (rule: string) =>
    nftRuleset(
      'nft',
      `table ip kube-proxy {\n\tchain services {\n\t\t${rule}\n\t\tip daddr . meta l4proto . th dport vmap @service-ips\n\t}\n}\n`,
    );
  const seen = (rule: string) =>
    localTrafficSeen(
      { name: 'a', rulesets: [], findings: [], nftables: listing(rule) },
      'nftables',
    );
  const mark = 'meta mark set meta mark | 0x00004000';
  const [device, ...others] = seen(`ip daddr @cluster-ips iifname != "cni0" ${mark}`);
  assert.deepEqual(others, []);
  assert.deepEqual(
    [device?.family, device?.traffic, device?.range.line],
    [4, { kind: 'device', name: 'cni0', prefix: false }, 2],
  );
  const [all] = seen(`ip daddr @cluster-ips ${mark}`);
  assert.deepEqual(all?.traffic, { kind: 'all' });
});
