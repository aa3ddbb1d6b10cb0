import assert from 'node:assert/strict';
import { nodeAgreements } from '../../../src/core/expected/agreement/nodeAgreements';
import { indexObjects } from '../../../src/core/objects/objectIndex';
import type { IndexedObjects } from '../../../src/core/objects/types';
import { configOfCommand } from '../../../src/core/proxyconfig/flags';
import { nodeConfigOf } from '../../../src/core/proxyconfig/nodeConfig';
import { readSettings } from '../../../src/core/proxyconfig/settings';
import type { YamlNode } from '../../../src/core/yamlNode';
import { finish } from '../../../src/core/work';
import { parseObjects } from '../../../src/syntax/objects/objects';
import { objectsOf, readTexts, textsIn } from '../../dumps';

const configMap = (name: string, key: string, config: string) => `---
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}, namespace: kube-system}
data:
  ${key}: |
${config.replace(/^/gm, '    ')}
`;

const config = (mode: string, more = '') => `apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: ${mode}
${more}`;

const daemonSet = (words: string) => `---
kind: DaemonSet
metadata: {name: kube-proxy, namespace: kube-system}
spec: {template: {spec: {containers: [{name: kube-proxy, command: [${words}]}]}}}
`;

const pod = (node: string, words: string) => `---
kind: Pod
metadata: {name: kube-proxy-x, namespace: kube-system}
spec: {nodeName: ${node}, containers: [{name: kube-proxy, command: [${words}]}]}
`;

const modeOf = (value: YamlNode | undefined) => value && readSettings(value).mode;

async function modeBy(...texts: string[]) {
  const { value } = await parseObjects(texts.join(''), 'objects.yaml');
  return modeOf(nodeConfigOf({ name: 'node-a' }, value));
}

suite("a node's configuration by the cluster's objects", () => {
  test('the ConfigMap of kubeadm, and that of EKS', async () => {
    const kubeconfig = configMap('kube-proxy', 'kubeconfig', 'kind: Config');
    assert.equal(await modeBy(configMap('kube-proxy', 'config.conf', config('ipvs'))), 'ipvs');
    const eks = configMap('kube-proxy-config', 'config', config('nftables'));
    assert.equal(await modeBy(kubeconfig, eks), 'nftables');
    assert.equal(await modeBy(kubeconfig), undefined);
  });

  test('not that of Windows, of another program, or one that is broken', async () => {
    const of = (name: string, text = config('ipvs')) =>
      modeBy(configMap(name, 'config.conf', text));
    assert.equal(await of('kube-proxy-windows'), undefined);
    assert.equal(await of('other'), undefined);
    assert.equal(await of('kube-proxy', `${config('ipvs')}\n  - {`), undefined);
  });

  test('flags of the Pod on the node, else of the DaemonSet, before the ConfigMap', async () => {
    const map = configMap('kube-proxy', 'config.conf', config('ipvs'));
    const all = [map, daemonSet('kube-proxy, --proxy-mode=iptables')];
    assert.equal(await modeBy(...all), 'iptables');
    assert.equal(
      await modeBy(...all, pod('node-a', 'kube-proxy, --proxy-mode=nftables')),
      'nftables',
    );
    assert.equal(
      await modeBy(...all, pod('node-b', 'kube-proxy, --proxy-mode=nftables')),
      'iptables',
    );
    const byFile = daemonSet('/usr/local/bin/kube-proxy, --config=/c, --proxy-mode=iptables');
    assert.equal(await modeBy(map, byFile), 'ipvs');
  });

  test('flags as a shell has them', () => {
    const found = configOfCommand([
      '/bin/sh',
      '-c',
      'exec kube-proxy --cluster-cidr 10.4.0.0/14,fd00::/48 --masquerade-all --iptables-masquerade-bit=13 1>>/var/log/x --proxy-mode=ipvs',
    ]);
    assert.equal(found?.kind, 'flags');
    const settings = readSettings(found?.kind === 'flags' ? found.config : undefined);
    const { mode, masqueradeAll, masqueradeBit, clusterCidrs } = settings;
    assert.deepEqual([mode, masqueradeAll, masqueradeBit], ['iptables', true, 13]);
    assert.equal(clusterCidrs?.length, 2);
  });

  test('a flag of no value, or of none that rules follow from, says nothing', () => {
    const settingsOf = (...words: readonly string[]) => {
      const found = configOfCommand(['kube-proxy', ...words]);
      assert.equal(found?.kind, 'flags');
      return readSettings(found?.kind === 'flags' ? found.config : undefined);
    };
    const { mode, clusterCidrs } = settingsOf('--cluster-cidr=', '--v=4', '--proxy-mode=ipvs');
    assert.deepEqual([mode, clusterCidrs], ['ipvs', []]);
    assert.equal(settingsOf('--proxy-mode=').mode, 'iptables');
    assert.equal(settingsOf('--hostname-override=$(NODE_NAME)', '--proxy-mode=ipvs').mode, 'ipvs');
    assert.equal(settingsOf('--v=4   --proxy-mode   ipvs').mode, 'ipvs');
  });

  test('a value that only the container knows: no configuration', () => {
    assert.deepEqual(configOfCommand(['kube-proxy', '--cluster-cidr=$(POD_CIDR)']), {
      kind: 'flags',
      config: undefined,
    });
    // Whether the flag counts in nftables mode is the release's.
    const all = ['kube-proxy', '--masquerade-all'];
    const open = { kind: 'flags', config: undefined };
    assert.deepEqual(configOfCommand([...all, '--proxy-mode=nftables']), open);
    assert.notDeepEqual(configOfCommand([...all, '--proxy-mode=ipvs']), open);
    assert.notDeepEqual(configOfCommand(['kube-proxy', '--proxy-mode=nftables']), open);
    assert.equal(configOfCommand(['/metrics-proxy']), undefined);
  });

  test('rules are judged by the ConfigMap where the node has no file of its own', async () => {
    const texts = new Map(textsIn('samples/kubernetes-1.36-iptables/node-b'));
    const own = texts.get('kube-proxy.config.yaml')!;
    texts.delete('kube-proxy.config.yaml');
    const state = await readTexts(texts, 'node-b');
    const objects = await objectsOf(textsIn('samples/kubernetes-1.36-iptables/objects'));
    assert.deepEqual(finish(nodeAgreements(state, objects)), []);
    const { value } = await parseObjects(configMap('kube-proxy', 'config.conf', own), 'map.yaml');
    const both = { ...objects, ...value, ...indexed(objects) };
    const found = finish(nodeAgreements(state, both));
    assert.deepEqual(
      found.map(({ family }) => family),
      [4, 6],
    );
    for (const { agreement } of found) {
      assert.ok(agreement.ports.every((port) => port.state === 'right'));
      assert.deepEqual(agreement.node, []);
    }
  });
});

function indexed(objects: IndexedObjects) {
  const { services, endpointSlices, endpoints, nodes, pods } = objects;
  const own = { services, endpointSlices, endpoints, nodes, pods };
  return indexObjects(own);
}
