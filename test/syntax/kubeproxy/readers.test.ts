import assert from 'node:assert/strict';
import { parseLines } from '../../../src/syntax/lines';
import { configKinds, proxyConfigsIn } from '../../../src/syntax/kubeproxy/configs';
import { proxyLogParser } from '../../../src/syntax/kubeproxy/log';
import { configuredTables } from '../../../src/core/kubeproxy/nftables/configured';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
import { stringAt } from '../../../src/core/yamlNode';
import { objectReader } from '../../../src/syntax/yaml/objects';
import * as yaml from '../../../src/syntax/yaml/parse';

/** The modes that the configurations in a text ask for, and whether their places are exact. */
function configsOf(text: string): string[] {
  const work = objectReader(yaml, configKinds)(text);
  let step = work.next();
  while (!step.done) step = work.next();
  return proxyConfigsIn(step.value, text, yaml.parseYaml).map(
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
