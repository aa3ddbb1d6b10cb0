import assert from 'node:assert/strict';
import { incompleteness } from '../../src/cluster/completeness';

const whole = '*nat\nCOMMIT\n# Completed on Sat Nov 21 13:42:24 2026\n';

suite('completeness of a dump', () => {
  for (const [name, text, complete] of [
    ['iptables-nft-save.txt', whole, true],
    ['iptables-save.txt', whole.slice(0, 14), false],
    ['iptables-save.txt', '*nat\n-A KUBE-SERVICES -d 10.96.0.1/32 -j KU', false],
    ['ip6tables-legacy-save.txt', '', true],
    ['iptables-nft-save.txt', "# Table `nat' is incompatible, use 'nft' tool.\n", true],
    ['ip-addr.txt', '1: lo: <LOOPBACK>\n', true],
    ['ip-addr.txt', '1: lo: <LOOP', false],
    ['configz.json', '{"a":1}', true],
    ['configz.json', '{"a":', false],
    ['proxyMode.txt', 'iptables', true],
    ['nft-list-ruleset.txt', 'table ip kube-proxy {\n}\n', true],
    ['nft-list-ruleset.txt', 'table ip kube-proxy {\n\tchain services {\n', false],
  ] as const) {
    test(`${name} ${JSON.stringify(text.slice(-24))}: ${complete ? 'whole' : 'cut'}`, () => {
      assert.equal(
        incompleteness(name, text, () => text)?.kind,
        complete ? undefined : 'incomplete',
      );
    });
  }
});
