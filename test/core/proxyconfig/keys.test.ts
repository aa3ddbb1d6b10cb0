import assert from 'node:assert/strict';
import { comparedKeys } from '../../../src/core/proxyconfig/compare';
import { configKey, configKeys, keysIn } from '../../../src/core/proxyconfig/keys';
import {
  defaultHistory,
  defaultIn,
  knownIn,
  releases,
} from '../../../src/core/proxyconfig/keys/key';
import type { YamlNode } from '../../../src/core/yamlNode';
import { booleanOf, durationOf } from '../../../src/core/proxyconfig/value';
import { proxyVersion } from '../../../src/core/proxyconfig/version';
import { shareComparisons, valueInWords } from '../../../src/core/proxyconfig/words';
import { configOf, configText, variants } from './variants';

/** Every dotted path that a configuration writes. */
function pathsOf(value: YamlNode, path = ''): string[] {
  if (value.kind !== 'map') return [];
  return value.pairs.flatMap(({ key, value: inner }) => {
    const own = path === '' ? key : `${path}.${key}`;
    return [own, ...pathsOf(inner, own)];
  });
}

suite('the keys of KubeProxyConfiguration', () => {
  test('every key that a real kube-proxy was given is known to its release', () => {
    for (const variant of variants) {
      const minor = variant.startsWith('k8s-1.36') ? 36 : 20;
      for (const path of pathsOf(configOf(configText(variant)))) {
        if (path.startsWith('logging.')) continue;
        const key = configKey(path);
        assert.ok(key, `${variant}: ${path}`);
        assert.ok(knownIn(key, minor), `${variant}: ${path} in 1.${minor}`);
      }
    }
  });

  test('no key stands twice, and all that are compared exist', () => {
    assert.equal(new Set(configKeys.map(({ path }) => path)).size, configKeys.length);
    for (const path of comparedKeys) assert.ok(configKey(path), path);
  });

  test('defaults by release', () => {
    const history = (path: string) => defaultHistory(configKey(path)!);
    assert.equal(history('iptables.minSyncPeriod'), '1s since 1.19, 0s before');
    assert.equal(history('nftables.minSyncPeriod'), '1s');
    assert.equal(history('ipvs.minSyncPeriod'), '0s');
    assert.equal(history('logging'), undefined);
    assert.equal(defaultIn(configKey('iptables.minSyncPeriod')!, 18), '0s');
    assert.equal(defaultIn(configKey('iptables.minSyncPeriod')!, 19), '1s');
  });

  test('patch releases and plans are said in words', () => {
    assert.match(configKey('ipvs.strictARP')!.meaning, /1\.13\.6 and 1\.14\.2/);
    assert.match(configKey('mode')!.meaning, /Since 1\.37 it warns where none is set/);
    assert.match(configKey('featureGates')!.meaning, /KubeProxyNFTablesLocalhostNodePorts \(alpha/);
  });

  test('releases in words', () => {
    assert.equal(releases(configKey('iptables.localhostNodePorts')!), 'since 1.26');
    assert.equal(releases(configKey('udpIdleTimeout')!), 'from 1.10 to 1.25');
    assert.equal(releases(configKey('resourceContainer')!), 'up to 1.15');
    assert.equal(releases(configKey('mode')!), undefined);
  });

  test('the keys in a map; feature gates and log options are open', () => {
    assert.ok(keysIn('')?.some(({ path }) => path === 'conntrack'));
    assert.deepEqual(
      keysIn('detectLocal')?.map(({ path }) => path),
      ['detectLocal.bridgeInterface', 'detectLocal.interfaceNamePrefix'],
    );
    assert.equal(keysIn('featureGates'), undefined);
    assert.equal(keysIn('logging.options'), undefined);
  });
});

suite('values of a configuration', () => {
  test('durations as Go reads them', () => {
    assert.equal(durationOf('1h30m'), 5400);
    assert.equal(durationOf('250ms'), 0.25);
    assert.equal(durationOf('1.5s'), 1.5);
    assert.equal(durationOf('-2m'), -120);
    assert.equal(durationOf('0'), 0);
    for (const text of ['', '30', '30 s', 's', '1d', '1h 30m']) {
      assert.equal(durationOf(text), undefined, text);
    }
  });

  test('booleans of YAML 1.1', () => {
    const read = (text: string) => {
      const value = configOf(text);
      return value.kind === 'scalar' ? booleanOf(value) : undefined;
    };
    assert.equal(read('true'), true);
    assert.equal(read('Off'), false);
    assert.equal(read('"yes"'), undefined);
    assert.equal(read('1'), undefined);
  });

  test('values in words', () => {
    assert.equal(
      valueInWords(configOf('iptables: {masqueradeBit: 31}'), 'iptables.masqueradeBit'),
      'Bit 31 is the mark 0x80000000.',
    );
    assert.match(
      valueInWords(configOf('mode: nftables'), 'mode') ?? '',
      /^nftables \(since 1\.29\): .* stable since 1\.33\.$/,
    );
    assert.ok(valueInWords(configOf('ipvs: {scheduler: wrr}'), 'ipvs.scheduler'));
    assert.equal(valueInWords(configOf('ipvs: {scheduler: x}'), 'ipvs.scheduler'), undefined);
  });

  test('what nodes show alike is said once, differences first', () => {
    const of = (node: string, verdict: 'applied' | 'differs', text: string) => ({
      node,
      verdict,
      text,
    });
    const shared = shareComparisons([
      of('a', 'applied', 'x'),
      of('b', 'differs', 'y'),
      of('c', 'applied', 'x'),
    ]);
    assert.deepEqual(
      shared.map(({ verdict, nodes }) => `${verdict} ${nodes}`),
      ['differs b', 'applied a and c'],
    );
  });
});

suite('the release of a node', () => {
  const pod = (image: string) => ({
    kind: 'Pod' as const,
    metadata: { name: 'p', namespace: 'kube-system', labels: {} },
    nodeName: 'node-a',
    hostNetwork: true,
    containers: [{ name: 'c', image, command: [], args: [] }],
    podIPs: [],
  });
  const node = {
    kind: 'Node' as const,
    metadata: { name: 'node-a', namespace: '', labels: {} },
    podCIDRs: [],
    addresses: [],
    kubeletVersion: 'v1.30.1',
  };

  test('the image of its kube-proxy, else the log, else the kubelet', () => {
    const images: readonly (readonly [string, number])[] = [
      ['images.example/kube-proxy:v1.36.2', 36],
      ['k8s.gcr.io/kube-proxy-amd64:v1.12.3', 12],
      ['example.test:5000/eks/kube-proxy:v1.29.0-minimal-eksbuild.1', 29],
      ['images.example/kube-proxy:v1.9.0@sha256:00', 9],
    ];
    for (const [image, minor] of images) {
      assert.equal(
        proxyVersion('node-a', { nodes: [node], pods: [pod(image)] }, 'v1.20.2')?.minor,
        minor,
        image,
      );
    }
    for (const image of [
      'images.example/not-akube-proxy:v1.2',
      'images.example/kube-proxy-config/reader:v1.2',
      'images.example/kube-proxy:latest',
    ]) {
      const pods = [pod(image), pod('kube-proxy:1.33.0-rc.1@sha256:00')];
      assert.equal(proxyVersion('node-a', { nodes: [], pods }, undefined)?.text, '1.33.0-rc.1');
    }
    const renamed = { nodes: [], pods: [pod('images.example/my.own_hardened-kube-proxy:v1.31.2')] };
    assert.equal(proxyVersion('node-a', renamed, undefined)?.text, 'v1.31.2');
    const none = { nodes: [node], pods: [pod('images.example/pause:1.9')] };
    assert.equal(proxyVersion('node-a', none, 'v1.20.2')?.minor, 20);
    assert.equal(proxyVersion('node-a', none, undefined)?.text, 'v1.30.1');
    assert.equal(proxyVersion('node-b', none, undefined), undefined);
    assert.equal(proxyVersion('node-a', undefined, undefined), undefined);
  });
});
