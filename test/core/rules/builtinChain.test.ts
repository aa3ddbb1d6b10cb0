import assert from 'node:assert/strict';
import {
  builtinChain,
  builtinChainsAt,
  builtinChainsOf,
} from '../../../src/core/rules/builtinChain';

/** `raw` at the hook, by its chain's name; what netfilter calls it by. */
function base(table: string, chain: string): string {
  const { hook, priority, type } = builtinChain(table, chain) ?? {};
  return `${type} ${hook} ${priority}`;
}

// enum nf_ip_hook_priorities (include/uapi/linux/netfilter_ipv4.h): RAW -300, MANGLE -150,
// NAT_DST -100, FILTER 0, SECURITY 50, NAT_SRC 100; iptables-nft(8) gives nft the same.
suite("the chains that netfilter calls of iptables' tables", () => {
  test('raw sees packets where they come in or are sent, before connections are tracked', () => {
    assert.deepEqual(builtinChainsOf('raw'), ['PREROUTING', 'OUTPUT']);
    assert.equal(base('raw', 'PREROUTING'), 'filter prerouting -300');
    assert.equal(base('raw', 'OUTPUT'), 'filter output -300');
  });

  test('mangle is at each hook; its OUTPUT alone routes anew', () => {
    const all = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];
    assert.deepEqual(builtinChainsOf('mangle'), all);
    assert.deepEqual(
      all.map((chain) => base('mangle', chain)),
      [
        'filter prerouting -150',
        'filter input -150',
        'filter forward -150',
        'route output -150',
        'filter postrouting -150',
      ],
    );
  });

  test('nat translates destinations before routing, sources behind it, and nothing in between', () => {
    assert.deepEqual(builtinChainsOf('nat'), ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING']);
    assert.deepEqual(
      builtinChainsOf('nat').map((chain) => base('nat', chain)),
      ['nat prerouting -100', 'nat input 100', 'nat output -100', 'nat postrouting 100'],
    );
  });

  test('filter and security decide at the same hooks, filter first', () => {
    for (const chain of ['INPUT', 'FORWARD', 'OUTPUT']) {
      const hook = chain.toLowerCase();
      assert.equal(base('filter', chain), `filter ${hook} 0`);
      assert.equal(base('security', chain), `filter ${hook} 50`);
    }
    assert.equal(builtinChain('filter', 'PREROUTING'), undefined);
    assert.equal(builtinChain('security', 'POSTROUTING'), undefined);
  });

  test('a chain of the user, or of a table that iptables does not have, is called by nobody', () => {
    assert.equal(builtinChain('nat', 'KUBE-SERVICES'), undefined);
    assert.equal(builtinChain('broute', 'PREROUTING'), undefined);
    assert.deepEqual(builtinChainsOf('broute'), []);
  });

  test('at one hook in the order of their priorities', () => {
    const at = (...[hook]: Parameters<typeof builtinChainsAt>) =>
      builtinChainsAt(hook).map(({ table, chain }) => `${table} ${chain}`);
    assert.deepEqual(at('prerouting'), ['raw PREROUTING', 'mangle PREROUTING', 'nat PREROUTING']);
    assert.deepEqual(at('postrouting'), ['mangle POSTROUTING', 'nat POSTROUTING']);
    assert.deepEqual(at('forward'), ['mangle FORWARD', 'filter FORWARD', 'security FORWARD']);
    assert.deepEqual(at('ingress'), []);
  });
});
