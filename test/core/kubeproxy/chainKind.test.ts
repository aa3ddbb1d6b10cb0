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
    assert.equal(software('FORWARD'), 'kernel');
    assert.equal(chainKind('my-own-chain'), undefined);
    assert.equal(chainKind('constructor'), undefined);
  });
});
