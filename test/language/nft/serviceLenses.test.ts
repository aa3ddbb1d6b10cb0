import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { finish } from '../../../src/core/work';
import { nftServiceLenses } from '../../../src/language/nft/serviceLenses';
import { serviceLabel } from '../../../src/language/rules/serviceLenses';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';

const path = '../../../samples/kubernetes-1.36-nftables/node-a/nft-list-ruleset.txt';
const text = readFileSync(new URL(path, import.meta.url), 'utf8');
const lines = text.split('\n');

suite('Service lenses of nft listings', () => {
  const lenses = finish(nftServiceLenses(nftRuleset('listing', text)));
  const at = (pattern: RegExp) => lenses.filter(({ line }) => pattern.test(lines[line] ?? ''));

  test('above each chain that chooses an endpoint, and none above the others', () => {
    const chains = lines.filter((line) =>
      /^\tchain (service|local)-[A-Z2-7]{8}-/.test(line),
    ).length;
    assert.ok(chains > 10);
    assert.equal(at(/^\tchain (service|local)-[A-Z2-7]{8}-/).length, chains);
    assert.equal(at(/^\tchain (external|firewall|endpoint)-/).length, 0);
  });

  test('says which Service, at its port, with its endpoints', () => {
    const [dns] = at(/^\tchain service-\w+-kube-system\/kube-dns\/udp\/dns \{/);
    assert.equal(dns && serviceLabel(dns.service), 'kube-system/kube-dns:53/UDP');
    assert.equal(dns && finish(dns.service.readEndpoints()).length, 2);
  });

  test('a Service without endpoints has one above its element', () => {
    const refused = at(/goto reject-chain/);
    assert.ok(refused.length > 0);
    assert.ok(refused.every(({ service }) => finish(service.readEndpoints()).length === 0));
  });
});
