import assert from 'node:assert/strict';
import { chainKind } from '../../../src/core/kubeproxy/chainKind';

const software = (name: string, table?: string) => chainKind(name, table)?.software;

suite('kinds of chains', () => {
  test('kube-proxy’s, by prefix and by table', () => {
    assert.equal(chainKind('KUBE-SEP-222YD7DQOUNKFRLL')?.kind, 'endpoint');
    assert.equal(chainKind('KUBE-SVL-I33JXEESTS55QDJP')?.kind, 'service');
    assert.match(chainKind('KUBE-NODEPORTS', 'nat')!.sentence, /by node port/);
    assert.match(chainKind('KUBE-NODEPORTS', 'filter')!.sentence, /health check/);
    assert.equal(chainKind('KUBE-SERVICES')?.kind, 'services');
  });

  test('nat sees the first packet of a connection, other tables every packet', () => {
    for (const hook of ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING']) {
      assert.match(chainKind(hook, 'nat')!.sentence, /^The first packet of each connection /);
      assert.doesNotMatch(chainKind(hook, 'mangle')!.sentence, /first packet/);
    }
    assert.equal(chainKind('POSTROUTING', 'nat')?.kind, 'built-in');
  });

  test('what changed between releases', () => {
    const firewall = chainKind('KUBE-FW-NPX46M4PTMTKRN6Y', 'nat')!.sentence;
    assert.match(firewall, /up to 1\.23 it stands without source ranges too/);
    assert.match(
      chainKind('KUBE-POSTROUTING', 'nat')!.sentence,
      /since 1\.19, and late patches of 1\.16 to 1\.18, it clears/,
    );
  });

  test('what looks like kube-proxy’s but is not', () => {
    assert.equal(software('KUBE-POD-FW-7R2CFVHV5QYCXWGV'), 'kube-router');
    assert.equal(software('KUBE-ROUTER-FORWARD'), 'kube-router');
    assert.equal(software('KUBE-KUBELET-CANARY'), 'kubelet');
    assert.equal(software('KUBE-SVC-SHORT'), 'Kubernetes');
  });

  test('the longest prefix wins', () => {
    assert.equal(software('CNI-HOSTPORT-DNAT'), 'CNI portmap');
    assert.equal(software('CNI-7a3dd22b4d6fbbbf1c8b2ad3'), 'CNI bridge');
    assert.match(chainKind('cali-fw-cali1234567890a')!.sentence, /from one workload/);
    assert.match(chainKind('cali-wl-to-host')!.sentence, /Felix/);
    assert.equal(software('DOCKER-ISOLATION-STAGE-1'), 'Docker');
  });

  test('firewalld by its endings, built-in chains, and the rest', () => {
    assert.equal(software('PREROUTING_ZONES'), 'firewalld');
    assert.equal(software('INPUT_direct'), 'firewalld');
    assert.equal(software('IN_public_allow'), 'firewalld');
    for (const name of ['OUT_lan', 'OUT_to_the_lan_allow', 'FWD_my_zone', 'FWDO_dmz_post']) {
      assert.equal(software(name), 'firewalld', name);
    }
    assert.equal(software('OUTSIDE'), undefined);
    assert.equal(software('FORWARD'), 'kernel');
    assert.equal(chainKind('my-own-chain'), undefined);
    assert.equal(chainKind('constructor'), undefined);
  });
});
