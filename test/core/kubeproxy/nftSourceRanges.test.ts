import assert from 'node:assert/strict';
import { formatNetwork } from '../../../src/core/address';
import { allowedSources } from '../../../src/core/kubeproxy/nftables/sourceRanges';
import { configuredTables } from '../../../src/core/kubeproxy/nftables/configured';
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
