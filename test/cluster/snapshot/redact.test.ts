import assert from 'node:assert/strict';
import { forSnapshot, proxyCommandLine } from '../../../src/cluster/snapshot/redact';

function podOf(name: string, container: object): object {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', annotations: { a: 'x' } },
    spec: { nodeName: 'node-a', containers: [{ name: 'c', image: 'i', env: [{}], ...container }] },
  };
  return forSnapshot(pod) as object;
}

suite('what of an object may be in a snapshot', () => {
  test('of kube-proxy its flags; of what only has its name nothing else', () => {
    const command = ['/usr/local/bin/kube-proxy', '--config=/var/lib/config.conf', '-v=2'];
    assert.match(JSON.stringify(podOf('kube-proxy-abc', { command })), /config\.conf.*-v=2/);

    const hidden = [
      'sh',
      '-c',
      'curl -u user:hunter2 http://x',
      '--db-password=hunter2',
      'hunter2',
    ];
    const text = JSON.stringify(podOf('kube-proxy-metrics', { command: hidden, args: hidden }));
    assert.doesNotMatch(text, /hunter2|curl/);
    assert.match(text, /\(left out\)/);
  });

  test("the command line beside a node's dumps: flags of kube-proxy, out of a shell's line, too", () => {
    const line =
      'exec kube-proxy --proxy-mode=ipvs --v 2 --db-password=hunter2 hunter2 1>>/var/log/x';
    assert.deepEqual(proxyCommandLine(['/bin/sh', '-c', line]), [
      'kube-proxy',
      '--proxy-mode=ipvs',
      '--v',
      '2',
    ]);
    assert.deepEqual(proxyCommandLine(['server', '--token', 'hunter2']), []);
  });

  test('of other Pods neither command line nor environment nor annotations', () => {
    const pod = podOf('web', { command: ['run'], args: ['--token=x'] });
    assert.doesNotMatch(JSON.stringify(pod), /run|token|env|annotations/);
  });

  test('annotations of Kubernetes, without what kubectl applied and what looks like a secret', () => {
    const service = forSnapshot({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'web',
        annotations: {
          'service.kubernetes.io/topology-mode': 'Auto',
          'service.beta.kubernetes.io/note': 'token=abc',
          'kubectl.kubernetes.io/last-applied-configuration': '{"spec":{}}',
          'example.com/webhook-token': 'abc',
          token: 'abc',
        },
      },
    });
    assert.deepEqual(service.metadata.annotations, {
      'service.kubernetes.io/topology-mode': 'Auto',
      'service.beta.kubernetes.io/note': 'token=(left out)',
    });
  });

  test('of managedFields only when the object changed last', () => {
    const { metadata } = forSnapshot({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'web',
        managedFields: [
          { manager: 'kubectl', time: '2026-11-21T10:00:00Z', fieldsV1: { 'f:spec': {} } },
          { manager: 'noter', time: '2026-11-21T12:00:00Z', fieldsV1: { 'f:metadata': {} } },
          { manager: 'lb', time: '2026-11-21T11:00:00Z', fieldsV1: { 'f:status': {} } },
        ],
      },
    });
    assert.deepEqual(metadata.managedFields, [{ time: '2026-11-21T11:00:00Z' }]);
  });
});
