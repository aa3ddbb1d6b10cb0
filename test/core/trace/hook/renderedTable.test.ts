import assert from 'node:assert/strict';
import { renderedTable } from '../../../../src/core/trace/hook/renderedTable';
import { leaves } from '../../../../src/core/trace/leaves';
import { traceFlow } from '../../../../src/core/trace/tracer';
import { nftRuleset } from '../../../../src/syntax/nft/ruleset/ruleset';
import { node, packet } from '../helper';

const web = packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0');

function listing(rule: string, { table = 'ip filter', chain = 'FORWARD', more = '' } = {}): string {
  return `table ${table} {\n${more}\tchain ${chain} {\n\t\ttype filter hook forward priority 0; policy accept;\n\t\t${rule}\n\t}\n}\n`;
}

function kinds(text: string): string {
  const state = { ...node(), nftables: nftRuleset('l', text) };
  const found = leaves(traceFlow(state, web).path).map(({ verdict }) => verdict.kind);
  return [...new Set(found)].sort().join();
}

suite('what nft prints of iptables-nft', () => {
  const counted = 'ct state new counter packets 0 bytes 0 drop';

  test('a state is open in a rule that counts, of a table of iptables by name and chains', () => {
    for (const table of ['ip filter', 'ip mangle', 'ip raw', 'ip security']) {
      assert.equal(kinds(listing(counted, { table })), 'ACCEPT,DROP', table);
    }
    const status = 'ct status dnat counter packets 0 bytes 0 drop';
    assert.equal(kinds(listing(status)), 'ACCEPT,DROP');
  });

  test('is as it stands in tables that were written with nft', () => {
    assert.equal(kinds(listing(counted, { table: 'inet filter' })), 'DROP');
    assert.equal(kinds(listing(counted, { table: 'ip mine' })), 'DROP');
    assert.equal(kinds(listing(counted, { chain: 'forward' })), 'DROP');
    // One chain that is not iptables' is enough.
    const more = '\tchain mine {\n\t\ttype filter hook input priority 0; policy accept;\n\t}\n';
    assert.equal(kinds(listing(counted, { more })), 'DROP');
    assert.equal(kinds('table ip filter {\n}\n' + listing(counted, { table: 'ip t' })), 'DROP');
  });

  test('is as it stands in a rule that does not count, and of what else is asked', () => {
    assert.equal(kinds(listing('ct state new drop')), 'DROP');
    assert.equal(kinds(listing('ct mark 0x0 counter packets 0 bytes 0 drop')), 'DROP');
    assert.equal(kinds(listing('tcp dport 80 counter packets 0 bytes 0 drop')), 'DROP');
  });

  test('a target of IPv6’s nat that is not printed may be any', () => {
    const statements = (table: string, rule: string) => {
      const [own] = nftRuleset('l', listing(rule, { table })).tables;
      const chain = renderedTable(own!).chains.get('FORWARD')!;
      return chain
        .rule(0)
        .statements.map(({ kind }) => kind)
        .join();
    };
    const bare = 'tcp dport 80 counter packets 0 bytes 0';
    assert.equal(statements('ip6 nat', bare), 'compare,counter,unknown');
    assert.equal(statements('ip6 nat', `${bare} masquerade`), 'compare,counter,MASQUERADE');
    assert.equal(statements('ip6 nat', 'tcp dport 80'), 'compare');
    assert.equal(statements('ip nat', bare), 'compare,counter');
    assert.equal(statements('ip6 filter', bare), 'compare,counter');
  });

  test('one table is made once', () => {
    const [own] = nftRuleset('l', listing(counted)).tables;
    assert.equal(renderedTable(own!), renderedTable(own!));
    const [written] = nftRuleset('l', listing(counted, { table: 'ip t' })).tables;
    assert.equal(renderedTable(written!), written);
  });
});
