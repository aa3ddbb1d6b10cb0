import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import type { ReleaseDump } from '../../../src/core/kubeproxy/release/dump';
import { recognizeRelease as recognize } from '../../../src/core/kubeproxy/release/recognize';
import { formatReleases } from '../../../src/core/kubeproxy/release/sign';
import { finish } from '../../../src/core/work';
import { nftBlocks } from '../../../src/syntax/expected/nftBlocks';
import { savedRules } from '../../../src/syntax/expected/savedRules';

function recognizeRelease(dump: ReleaseDump) {
  return finish(recognize(dump));
}

function saved(text: string) {
  return finish(savedRules(text.split('\n')));
}

function file(path: string): string {
  return readFileSync(path, 'utf8');
}

function releases(path: string, change = (text: string) => text): string | undefined {
  const range = recognizeRelease({
    four: saved(change(file(`${path}/iptables-save.txt`))),
    ...(existsSync(`${path}/ip6tables-save.txt`) && {
      six: saved(file(`${path}/ip6tables-save.txt`)),
    }),
    sets: [...file(`${path}/ipset-save.txt`).matchAll(/^create (\S+)/gm)].map(([, name]) => name!),
  });
  return range && formatReleases(range);
}

suite('kube-proxy’s release by what its rules hold', () => {
  test('iptables and ipvs mode of real nodes', () => {
    assert.equal(releases('samples/kubernetes-1.20-iptables/node-a'), '1.20');
    assert.equal(releases('samples/kubernetes-1.36-ipvs/node-a'), '1.29 or later');
  });

  test('the signs are named', () => {
    const four = saved(file('samples/kubernetes-1.20-iptables/node-a/iptables-save.txt'));
    assert.deepEqual(
      recognizeRelease({ four })?.signs.map(({ text }) => text),
      [
        'physdev in the rules of external IPs',
        'no jump from INPUT to KUBE-NODEPORTS',
        'jump from FORWARD to KUBE-EXTERNAL-SERVICES',
      ],
    );
  });

  test('chains that an older release left are not asked', () => {
    const path = 'samples/kubernetes-1.36-iptables/node-a';
    const left = ':KUBE-XLB-AAAAAAAAAAAAAAAA - [0:0]\n';
    const rule = '-A KUBE-XLB-AAAAAAAAAAAAAAAA -m comment --comment "x" -j KUBE-MARK-DROP\n';
    const four = file(`${path}/iptables-save.txt`);
    const with_ = four
      .replace(/^:KUBE-MARK-MASQ.*\n/m, `$&${left}`)
      .replace(/^-A PREROUTING/m, `${rule}$&`);
    assert.deepEqual(
      recognizeRelease({ four: saved(with_) }),
      recognizeRelease({ four: saved(four) }),
    );
    assert.equal(formatReleases(recognizeRelease({ four: saved(four) })!), '1.31 or later');
  });

  test('nftables mode', () => {
    const { ruleset } = JSON.parse(file('test/fixtures/expected/nftables/kp-01000.json')) as {
      ruleset: string;
    };
    const nft = (text: string) => finish(nftBlocks(text.split('\n'), 4));
    assert.equal(formatReleases(recognizeRelease({ nft: nft(ruleset) })!), '1.36 or later');
    const older = ruleset.replaceAll('hairpin-connections', 'x');
    assert.equal(formatReleases(recognizeRelease({ nft: nft(older) })!), '1.33 or later');
  });

  test('nothing of kube-proxy, or parts of two releases: no answer', () => {
    assert.equal(recognizeRelease({}), undefined);
    assert.equal(
      recognizeRelease({ four: saved('*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n') }),
      undefined,
    );
    const mixed = releases('samples/kubernetes-1.20-iptables/node-a', (text) =>
      text.replace(
        /^-A FORWARD .*KUBE-EXTERNAL-SERVICES\n/m,
        '$&-A FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL\n',
      ),
    );
    assert.equal(mixed, undefined);
  });
});
