import assert from 'node:assert/strict';
import { parseLines } from '../../../src/syntax/lines';
import { configKinds, proxyConfigsIn } from '../../../src/syntax/kubeproxy/configs';
import { isConfigName } from '../../../src/syntax/kubeproxy/configName';
import { proxyLogParser } from '../../../src/syntax/kubeproxy/log';
import { configuredTables } from '../../../src/core/kubeproxy/nftables/configured';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
import { finish } from '../../../src/core/work';
import { stringAt } from '../../../src/core/yamlNode';
import { objectReader } from '../../../src/syntax/yaml/objects';
import * as yaml from '../../../src/syntax/yaml/parse';

/** The modes that the configurations in a text ask for, and whether their places are exact. */
function configsOf(text: string): string[] {
  const objects = finish(objectReader(yaml, configKinds)(text));
  return proxyConfigsIn(objects, text, yaml.parseYaml).map(
    ({ root, exact }) => `${stringAt(root, 'mode') ?? ''}${exact ? '' : ' (not exact)'}`,
  );
}

suite('configurations in a manifest', () => {
  const config = (mode: string) =>
    `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: ${mode}\n`;
  const indented = (text: string) => text.replace(/^(?=.)/gm, '    ');

  test('by itself among other documents, as kubeadm takes it', () => {
    const text = `kind: ClusterConfiguration\n---\n${config('ipvs')}---\n${config('nftables')}`;
    assert.deepEqual(configsOf(text), ['ipvs', 'nftables']);
  });

  test('in ConfigMaps, whatever the key, in a list, in JSON', () => {
    const map = (key: string) =>
      `kind: ConfigMap\ndata:\n  ${key}: |-\n${indented(config('ipvs'))}`;
    assert.deepEqual(configsOf(map('config.conf')), ['ipvs']);
    assert.deepEqual(configsOf(map('config.yaml')), ['ipvs']);
    const data = { 'config.conf': config('iptables'), other: 'kind: Other' };
    const json = JSON.stringify({ kind: 'List', items: [{ kind: 'ConfigMap', data }] }, null, 2);
    assert.deepEqual(configsOf(json), ['iptables']);
    const folded = `kind: ConfigMap\ndata:\n  c: "kind: KubeProxyConfiguration\n\n    mode: ipvs"\n`;
    assert.deepEqual(configsOf(folded), ['ipvs (not exact)']);
  });

  test('nothing else', () => {
    assert.deepEqual(configsOf('kind: ConfigMap\ndata:\n  a: "kind: KubeletConfiguration"\n'), []);
    assert.deepEqual(configsOf('kind: ConfigMap\ndata: x\n'), []);
    assert.deepEqual(configsOf(config('ipvs').replace('kubeproxy.config', 'other.config')), []);
    assert.deepEqual(
      configsOf(config('ipvs').replace('kubeproxy.config', 'x.kubeproxy.config')),
      [],
    );
    // What a ConfigMap's data may hold besides: a number, a map, text that only speaks of it.
    const map = (data: string) => configsOf(`kind: ConfigMap\ndata:\n  a: ${data}\n`);
    assert.deepEqual(map('7'), []);
    assert.deepEqual(map('{kind: KubeProxyConfiguration}'), []);
    assert.deepEqual(map('"see kind: KubeProxyConfiguration in the docs: there"'), []);
    assert.deepEqual(map('"- kind: KubeProxyConfiguration"'), []);
    assert.deepEqual(configsOf('kind: ConfigMap\n'), []);
    assert.deepEqual(configsOf('kind: ConfigMap\nbinaryData: {a: eA==}\n'), []);
    // Of the kind alone in a string, as of one with quotes and blanks.
    for (const text of ['kind : KubeProxyConfiguration', '"kind":"KubeProxyConfiguration"']) {
      const inner = text.startsWith('"') ? `{${text}, "mode": "ipvs"}` : `${text}\nmode: ipvs`;
      const data = `kind: ConfigMap\ndata:\n  a: |\n${indented(inner)}\n`;
      assert.deepEqual(configsOf(data), ['ipvs'], text);
    }
    const kubelet = 'kind: KubeletConfiguration\n# kind: KubeProxyConfiguration is another\n';
    assert.deepEqual(configsOf(`kind: ConfigMap\ndata:\n  a: |\n${indented(kubelet)}`), []);
  });

  test('what is wrong in the YAML of a ConfigMap is told at its place', () => {
    const text = `kind: ConfigMap\ndata:\n  a: |\n    kind: KubeProxyConfiguration\n    mode: [ipvs\n`;
    const [config] = proxyConfigsIn(
      finish(objectReader(yaml, configKinds)(text)),
      text,
      yaml.parseYaml,
    );
    assert.ok(config!.problems.length > 0);
    assert.ok(config!.exact);
    assert.ok(text.slice(config!.range.start).startsWith('|'), text.slice(config!.range.start));
  });

  test('a file that is one by its name', () => {
    for (const name of [
      'kube-proxy.config.yaml',
      'kube-proxy.yml',
      'kube-proxy-config.yaml',
      'configz.json',
    ]) {
      assert.ok(isConfigName(name), name);
    }
    for (const name of [
      'my-kube-proxy.yaml',
      'kube-proxy.yaml.txt',
      'kube-proxy.log',
      'kube-proxyyaml',
      'x-configz.json',
      'configz.json5',
    ]) {
      assert.ok(!isConfigName(name), name);
    }
  });
});

suite("kube-proxy's log", () => {
  const read = (...lines: string[]) => parseLines(lines.join('\n'), proxyLogParser('log')).value;

  test('of 1.20 and of 1.36', () => {
    const old = read(
      'I1121 08:04:30.768921    1186 flags.go:59] FLAG: --proxy-mode="ipvs"',
      'I1121 08:04:30.789021    1186 server_others.go:185] Using iptables Proxier.',
      'I1121 08:04:30.789201    1186 proxier.go:333] iptables(IPv4) sync params: minSyncPeriod=1s, syncPeriod=30s, burstSyncs=2',
      'I1121 08:04:30.789346    1186 server.go:650] Version: v1.20.2',
    );
    assert.equal(old.mode?.name, 'iptables');
    assert.equal(old.mode?.range.line, 1);
    assert.equal(old.version, 'v1.20.2');
    assert.deepEqual([old.sync?.minSyncPeriod, old.sync?.syncPeriod], ['1s', '30s']);
    const now = read(
      'I1121 13:52:53.777486     621 server_linux.go:194] "Using ipvs Proxier"',
      'I1121 13:52:53.848679     621 proxier.go:402] "ipvs sync params" ipFamily="IPv4" minSyncPeriod="0s" syncPeriod="30s" maxSyncPeriod="30s"',
      'I1121 13:52:53.931049     621 server.go:539] "Version info" version="v1.36.2"',
    );
    assert.equal(now.mode?.name, 'ipvs');
    assert.equal(now.version, 'v1.36.2');
    assert.equal(now.sync?.minSyncPeriod, '0s');
  });

  test('the last start counts', () => {
    const log = read(
      'x] "Using ipvs Proxier"',
      "E1] can't use the IPVS proxier: ipvs not supported",
      'x] "Using nftables Proxier"',
      'x] "NFTables sync params" ipFamily="IPv4" minSyncPeriod="1s" syncPeriod="30s" maxSyncPeriod="1h0m0s"',
    );
    assert.equal(log.mode?.name, 'nftables');
    assert.equal(log.ipvsProblem, undefined);
  });

  test('of several families or syncs of one start the first', () => {
    const log = read(
      'x] "Using ipvs Proxier"',
      'x] "ipvs sync params" ipFamily="IPv4" minSyncPeriod="1s" syncPeriod="30s"',
      'x] "ipvs sync params" ipFamily="IPv6" minSyncPeriod="2s" syncPeriod="40s"',
      'x] "Proxier: other" minSyncPeriod="3s" syncPeriod="50s"',
    );
    assert.deepEqual(log.sync, {
      minSyncPeriod: '1s',
      syncPeriod: '30s',
      range: { source: 'log', line: 1, start: 0, end: 73 },
    });
    assert.equal(read('x] proxier: minSyncPeriod="3s" syncPeriod="50s"').sync, undefined);
  });

  test('why IPVS is not used, without the head of klog', () => {
    const why = `Can't use the IPVS proxier: ipvs not supported`;
    for (const head of [
      'E1121 08:04:30.768921    1186 server.go:1] ',
      'W0101 00:00:00.000001 9 server_linux.go:123] ',
      '',
    ]) {
      assert.deepEqual(read(`${head}${why}`).ipvsProblem, {
        text: why,
        range: { source: 'log', line: 0, start: 0, end: head.length + why.length },
      });
    }
    assert.equal(
      read('F1 IPVS proxier will not be used').ipvsProblem?.text,
      'F1 IPVS proxier will not be used',
    );
    assert.equal(read('the ipvs proxier is used').ipvsProblem, undefined);
  });

  test('whether it had no zone, by the last that it says', () => {
    const ignoring = 'I1] "Ignoring same-zone topology hints for service" reason="no zone"';
    assert.equal(read('x] start', ignoring).zoneMissing, true);
    assert.equal(read('x] start', ignoring, '', '  ').zoneMissing, true);
    assert.equal(read(ignoring, 'x] "SyncProxyRules complete"').zoneMissing, false);
    assert.equal(read(ignoring, 'x] "Using ipvs Proxier"').zoneMissing, false);
    assert.equal(read('').zoneMissing, undefined);
    assert.deepEqual(parseLines('x', proxyLogParser('log')).findings, []);
  });
});

suite("kube-proxy's own tables", () => {
  const read = (text: string) => configuredTables({ nftables: nftRuleset('nft', text) })!;

  test('a table that is cut says nothing of what would come', () => {
    const [table] = read('table ip kube-proxy {\n\tchain services {\n\t\tip daddr @x drop');
    assert.equal(table?.traffic, undefined);
  });

  test('others are not read', () => {
    assert.deepEqual(
      read('table ip nat {\n\tchain services {\n\t}\n}\ntable inet kube-proxy {\n}\n'),
      [],
    );
  });

  test('a wildcard device, several node port addresses', () => {
    const [table] = read(
      [
        'table ip6 kube-proxy {',
        '\tset nodeport-ips {',
        '\t\telements = { fd00:77::10, fd00:77::11 }',
        '\t}',
        '\tchain services {',
        '\t\tip6 daddr @cluster-ips iifname != "veth*" meta mark set meta mark | 0x00100000',
        '\t}',
        '\tchain masquerading {',
        '\t\tmeta mark & 0x00100000 != 0x00000000 meta mark set meta mark ^ 0x00100000 masquerade fully-random',
        '\t}',
        '}',
      ].join('\n'),
    );
    assert.equal(table?.family, 6);
    assert.deepEqual(table?.nodePorts?.addresses, ['fd00:77::10', 'fd00:77::11']);
    const { range, ...traffic } = table!.traffic!;
    assert.deepEqual(traffic, { kind: 'device', name: 'veth', prefix: true });
    assert.equal(range?.line, 5);
    assert.equal(table?.mark?.bits, 0x100000);
  });
});
