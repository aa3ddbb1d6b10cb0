import assert from 'node:assert/strict';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';

const table = (name = 'kube-proxy') => `table ip ${name} {\n\tchain c {\n\t\tcounter\n\t}\n}\n`;

suite('nft: whether what a listing lacks is not there', () => {
  const complete = (text: string, source = 'dump.txt') => nftRuleset(source, text).complete;

  test('it is not, behind a command that lists all', () => {
    assert.equal(complete(`# nft list ruleset\n${table()}`), true);
    assert.equal(complete(`$ sudo nft -a list ruleset\n${table()}`), true);
    assert.equal(complete(`# nft list table ip kube-proxy\n${table()}`), false);
    assert.equal(complete(`# nft list ruleset\n# nft list table ip x\n${table()}`), false);
    assert.equal(complete(`# nft list ruleset ip\n${table()}`), false);
  });

  test('it is not, where several tables are there, or by the name of the file', () => {
    assert.equal(complete(table()), false);
    assert.equal(complete(table() + table('other')), true);
    assert.equal(complete(table(), 'nft-list-ruleset.txt'), true);
    assert.equal(complete(table(), '/ruleset/table.txt'), false);
  });

  test('it may be, in a text that is cut, that holds no table, or commands', () => {
    const name = 'nft-list-ruleset.txt';
    assert.equal(complete(table().slice(0, -2), name), false);
    assert.equal(complete('', name), false);
    assert.equal(complete(`${table()}add rule ip kube-proxy c drop\n`, name), false);
  });
});

suite('nft: whose a part of a table without its first line is', () => {
  const whose = (text: string) =>
    nftRuleset('x', text).tables.map(({ family, name }) => `${family ?? '?'} ${name}`);
  const map = (type: string) =>
    `\tmap service-ips {\n\t\ttype ${type} . inet_proto . inet_service : verdict\n\t}\n`;

  test('kube-proxy’s by the names that it gives, of the family of the addresses in it', () => {
    assert.deepEqual(whose(map('ipv4_addr')), ['ip kube-proxy']);
    assert.deepEqual(whose(map('ipv6_addr')), ['ip6 kube-proxy']);
    const chain = (rule: string) =>
      `\tchain service-ULMVA6XW-ns1/svc1/tcp/p80 {\n\t\tcounter\n\t\t${rule}\n\t}\n`;
    assert.deepEqual(whose(chain('ip6 daddr fd00::1 drop')), ['ip6 kube-proxy']);
    assert.deepEqual(whose(chain('ip daddr 10.0.0.1 drop')), ['ip kube-proxy']);
    // A map of NodePorts holds no address, and the family of what stands first counts.
    assert.deepEqual(whose(chain('drop')), ['ip kube-proxy']);
    assert.deepEqual(whose(chain('drop') + map('ipv6_addr')), ['ip6 kube-proxy']);
  });

  test('nobody’s by other names', () => {
    assert.deepEqual(whose('\tchain services-of-mine {\n\t\tcounter\n\t}\n'), ['ip ']);
    assert.deepEqual(whose('\tchain cluster-ips {\n\t\tip6 daddr fd00::1 drop\n\t}\n'), ['ip ']);
  });
});
