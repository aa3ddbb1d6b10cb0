import assert from 'node:assert/strict';
import { formatNetwork } from '../../../src/core/address';
import { allowedSources } from '../../../src/core/kubeproxy/nftables/sourceRanges';
import { configuredTables } from '../../../src/core/kubeproxy/nftables/configured';
import { nodePortsSeen } from '../../../src/core/kubeproxy/nodePortAddresses';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';

const firewall = 'firewall-ABC-a/b/tcp/http';

function allowed(rule: string, chain = firewall, sets = ''): readonly string[] {
  const text = `table ip kube-proxy {\n${sets}\tchain ${firewall} {\n\t\t${rule}\n\t}\n}\n`;
  const [table] = nftRuleset('nft', text).tables;
  return allowedSources(table!, [chain]).map(formatNetwork);
}

function configured(text: string) {
  return configuredTables({
    nftables: nftRuleset('nft', `table ip kube-proxy {\n${text}}\n`),
  })![0]!;
}

suite('loadBalancerSourceRanges in rules of nftables mode', () => {
  test('what the firewall chain does not drop', () => {
    assert.deepEqual(allowed('ip saddr != 198.51.100.0/24 drop'), ['198.51.100.0/24']);
    assert.deepEqual(allowed('ip saddr != { 198.51.100.0/24, 203.0.113.128/25 } drop'), [
      '198.51.100.0/24',
      '203.0.113.128/25',
    ]);
    const set =
      '\tset s {\n\t\ttype ipv4_addr\n\t\tflags interval\n\t\telements = { 192.0.2.0/24 }\n\t}\n\n';
    assert.deepEqual(allowed('ip saddr != @s drop', firewall, set), ['192.0.2.0/24']);
    const all = set.replace('192.0.2.0/24', '192.0.2.0/24, *');
    assert.deepEqual(allowed('ip saddr != @s drop', firewall, all), ['192.0.2.0/24']);
    assert.deepEqual(allowed('ip saddr != @gone drop'), []);
  });

  test('neither what it drops, nor destinations, nor other chains', () => {
    assert.deepEqual(allowed('ip saddr 198.51.100.0/24 drop'), []);
    assert.deepEqual(allowed('ip saddr { 198.51.100.0/24, 203.0.113.128/25 } drop'), []);
    assert.deepEqual(allowed('ip daddr != 198.51.100.0/24 drop'), []);
    assert.deepEqual(allowed('ip daddr != { 198.51.100.0/24, 203.0.113.128/25 } drop'), []);
    assert.deepEqual(allowed('ip saddr != 198.51.100.0/24 drop', 'service-ABC-a/b/tcp/http'), []);
    assert.deepEqual(allowed('ip saddr != 198.51.100.0/24 drop', 'firewall-XYZ'), []);
  });
});

suite('what the tables of nftables mode show of the configuration', () => {
  test('addresses of node ports by name: not loopback alone, and where the set holds some', () => {
    const set = (elements: string) =>
      configured(`\tset nodeport-ips {\n\t\ttype ipv4_addr\n${elements}\t}\n`).nodePorts;
    const { addresses, butLoopback } = set('\t\telements = { 192.168.50.10, 10.0.0.0/8 }\n')!;
    assert.deepEqual([addresses, butLoopback], [['192.168.50.10', '10.0.0.0/8'], false]);
    assert.equal(set(''), undefined);
  });

  test('the addresses of node ports of each family, by its own table', () => {
    const set = (family: string, type: string, own: string) =>
      `table ${family} kube-proxy {\n\tset nodeport-ips {\n\t\ttype ${type}\n\t\telements = { ${own} }\n\t}\n}\n`;
    const four = set('ip', 'ipv4_addr', '192.168.50.10');
    const six = set('ip6', 'ipv6_addr', 'fd00::10');
    const seen = (text: string | undefined, family: 4 | 6) =>
      nodePortsSeen(
        {
          name: 'a',
          rulesets: [],
          findings: [],
          ...(text !== undefined && { nftables: nftRuleset('nft', text) }),
        },
        'nftables',
        family,
      )?.addresses;
    assert.deepEqual(seen(four + six, 4), ['192.168.50.10']);
    assert.deepEqual(seen(four + six, 6), ['fd00::10']);
    assert.equal(seen(four, 6), undefined);
    assert.equal(seen(undefined, 4), undefined);
  });

  test('until 1.35: the mark comes first in the chain of a Service that has rules', () => {
    const traffic = (...rules: readonly string[]) =>
      configured(
        [
          'chain mark-for-masquerade {\n\t\tmeta mark set meta mark | 0x00004000\n\t}\n',
          'chain service-AAAAAAAA-a/b/tcp/ {\n\t}\n',
          `chain service-LX3JQ64U-a/c/tcp/ {\n${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}\n`,
        ]
          .map((chain) => `\t${chain}`)
          .join('\n'),
      ).traffic?.kind;
    const to = 'ip daddr 10.96.0.10 tcp dport 53';
    assert.equal(traffic(`${to} ip saddr != 10.244.0.0/16 jump mark-for-masquerade`), 'network');
    assert.equal(traffic(`${to} jump mark-for-masquerade`), 'all');
    assert.equal(traffic(`${to} jump mine`), 'none');
    assert.equal(traffic('counter', `${to} jump mark-for-masquerade`), 'none');
    // Of chains without a rule nothing tells what they would mark.
    assert.equal(traffic(), undefined);
  });

  test('the mark, of the rule that masquerades', () => {
    const mark = (rule: string) =>
      configured(`\tchain masquerading {\n\t\t${rule}\n\t}\n`).mark?.bits;
    const test = 'meta mark & 0x00004000 != 0x00000000 meta mark set meta mark ^ 0x00004000';
    assert.equal(mark(`${test} masquerade fully-random`), 0x4000);
    assert.equal(mark('meta mark & 0x00000008 != 0x00000000 masquerade'), 8);
    assert.equal(mark('meta mark & 0x00000008 == 0x00000000 return'), undefined);
    assert.equal(mark('masquerade'), undefined);
  });
});
