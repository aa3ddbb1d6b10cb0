import assert from 'node:assert/strict';
import { compareNode } from '../../../../src/core/expected/agreement/compareNode';
import { nodeAgreements } from '../../../../src/core/expected/agreement/nodeAgreements';
import { otherRulesOf } from '../../../../src/core/expected/agreement/otherRules';
import { releasesOf } from '../../../../src/core/expected/releases';
import type { NodeState } from '../../../../src/core/node';
import { configValueOf } from '../../../../src/core/proxyconfig/flags';
import { finish } from '../../../../src/core/work';
import { endpoint, own, slice, type Cluster } from '../byHand';
import { madeNode, type MadeNode } from './madeNode';

const nodePort = { name: 'http', port: 80, nodePort: 30080, protocol: 'TCP' };
const cluster: Cluster = {
  spec: { type: 'NodePort', ports: [nodePort] },
  slices: [slice([endpoint('10.244.0.5', own), endpoint('10.244.1.6')])],
};

/** What is compared, and how many rules differ: `iptables-save.txt 4 1.36: 0`. */
function compared({ state, objects }: MadeNode, change: Partial<NodeState> = {}) {
  return finish(compareNode({ ...state, ...change }, objects)).map(
    ({ source, family, release, comparison }) =>
      `${source} ${family} 1.${release}: ${comparison.differences.length}`,
  );
}

suite('a node’s dumps against what kube-proxy should have written', () => {
  test('each family of each mode, from its own dump', async () => {
    const saves = ['iptables-save.txt 4 1.36: 0', 'ip6tables-save.txt 6 1.36: 0'];
    const listing = [4, 6].map((family) => `nft-list-ruleset.txt ${family} 1.36: 0`);
    assert.deepEqual(compared(await madeNode(cluster, 'iptables')), saves);
    assert.deepEqual(compared(await madeNode(cluster, 'ipvs')), saves);
    assert.deepEqual(compared(await madeNode(cluster, 'nftables')), listing);
  });

  test('a rule that is gone is told in the family that lost it', async () => {
    const lost = (pattern: RegExp) => (text: string) => {
      assert.match(text, pattern);
      return text.replace(pattern, '');
    };
    const iptables = await madeNode(cluster, 'iptables', (text, file) =>
      file.startsWith('ip6') ? text : lost(/^-A KUBE-NODEPORTS .*\n/m)(text),
    );
    assert.deepEqual(compared(iptables), [
      'iptables-save.txt 4 1.36: 1',
      'ip6tables-save.txt 6 1.36: 0',
    ]);
    const nftables = await madeNode(cluster, 'nftables', lost(/^\t\treject\n/m));
    assert.deepEqual(compared(nftables), [
      'nft-list-ruleset.txt 4 1.36: 1',
      'nft-list-ruleset.txt 6 1.36: 0',
    ]);
  });

  test('ipvs: sets, virtual servers and addresses count, as far as dumps hold them', async () => {
    const node = await madeNode(cluster, 'ipvs');
    const { sets, ipvs } = node.state;
    const less = new Map([...sets!].filter(([name]) => name !== 'KUBE-CLUSTER-IP'));
    assert.equal(compared(node, { sets: less })[0], 'iptables-save.txt 4 1.36: 1');
    assert.equal(compared(node, { sets: undefined! })[0], 'iptables-save.txt 4 1.36: 0');
    const none = { ...ipvs!, virtualServers: [] };
    assert.notEqual(compared(node, { ipvs: none })[0], 'iptables-save.txt 4 1.36: 0');
    const cut = { ...none, incomplete: 'Rows are missing.' };
    assert.equal(compared(node, { ipvs: cut })[0], 'iptables-save.txt 4 1.36: 0');
  });

  test('nothing of another mode than kube-proxy runs in, nor without configuration', async () => {
    const node = await madeNode(cluster, 'iptables');
    assert.deepEqual(compared(node, { proxyConfig: configValueOf({ mode: 'nftables' }) }), []);
    assert.deepEqual(compared(node, { proxyConfig: undefined! }), []);
  });

  test('where nothing but the rules tells the release, what differs is likely alone', async () => {
    const { state, objects } = await madeNode(cluster, 'iptables');
    const { proxyLog: _, ...silent } = state;
    const found = finish(releasesOf(silent, objects));
    assert.deepEqual([found?.told, found?.until], [false, 36]);
    assert.ok(found!.since > 30 && found!.since <= 36, String(found!.since));
    assert.deepEqual(finish(releasesOf(state, objects)), { since: 36, until: 36, told: true });
    const exact = (node: NodeState) => finish(compareNode(node, objects)).map((one) => one.exact);
    assert.deepEqual(exact(silent), [false, false]);
    assert.deepEqual(exact(state), [true, true]);
    // Those of 1.30 were not compared with recordings of the real one.
    assert.deepEqual(exact({ ...state, proxyLog: { version: 'v1.30.1' } }), [false, false]);
    assert.equal(finish(releasesOf({ ...silent, rulesets: [] }, objects)), undefined);
  });

  test('a part of a dump accuses nobody, nor one without kube-proxy’s rules', async () => {
    const node = await madeNode(cluster, 'iptables');
    const [four, six] = node.state.rulesets;
    const six0 = 'ip6tables-save.txt 6 1.36: 0';
    const withFour = (ruleset: object) =>
      compared(node, { rulesets: [{ ...four!, ...ruleset }, six!] });
    const range = { source: 'iptables-save.txt', line: 4, start: 0, end: 0 };
    const gaps = [{ text: 'line 5', range }];
    assert.deepEqual(withFour({}).length, 2);
    assert.deepEqual(withFour({ gaps }), [six0]);
    assert.deepEqual(withFour({ texts: undefined }), [six0]);
    const nat = four!.tables.get('nat')!;
    const tables = (table: object) => new Map([...four!.tables, ['nat', { ...nat, ...table }]]);
    assert.deepEqual(withFour({ tables: tables({ complete: false }) }), [six0]);
    assert.deepEqual(withFour({ tables: tables({ gaps }) }), [six0]);
    assert.deepEqual(withFour({ tables: tables({ chains: new Map() }) }), [six0]);

    const nft = await madeNode(cluster, 'nftables');
    const { nftables } = nft.state;
    const own6 = 'nft-list-ruleset.txt 6 1.36: 0';
    const part = nftables!.tables.map((table) =>
      table.family === 'ip' ? { ...table, complete: false } : table,
    );
    assert.deepEqual(compared(nft, { nftables: { ...nftables!, tables: part } }), [own6]);
    const renamed = nftables!.tables.map((table) =>
      table.family === 'ip' ? { ...table, name: 'other' } : table,
    );
    assert.deepEqual(compared(nft, { nftables: { ...nftables!, tables: renamed } }), [own6]);
    const { texts: _, ...textless } = nftables!;
    assert.deepEqual(compared(nft, { nftables: textless }), []);
  });

  test('of two backends’ rules those that are right count; where none are, both', async () => {
    const right = await madeNode(cluster, 'iptables');
    const wrong = await madeNode(cluster, 'iptables', (text) =>
      text.replace(/^-A KUBE-MARK-MASQ .*\n/m, ''),
    );
    const [good, good6] = right.state.rulesets;
    const [bad, bad6] = wrong.state.rulesets;
    const told = (...rulesets: NodeState['rulesets']) =>
      compared(right, { rulesets }).map((text) => text.replace(/\S* (\d) 1.36/, '$1'));
    assert.deepEqual(told(bad!, good!, bad6!), ['4: 0', '6: 1']);
    assert.deepEqual(told(bad!, bad!, good6!), ['4: 1', '4: 1', '6: 0']);
  });
});

suite('a Service port’s rules beside its endpoints', () => {
  const port = { id: 'shop/web:http/TCP', family: 4 } as const;
  const others = (node: MadeNode, wanted: { id: string; family: 4 | 6 } = port) =>
    finish(otherRulesOf(node.state, node.objects, wanted));
  const without =
    (...patterns: readonly RegExp[]) =>
    (text: string, file: string) =>
      file.startsWith('ip6')
        ? text
        : patterns.reduce((left, pattern) => {
            assert.match(left, pattern);
            return left.replace(pattern, '');
          }, text);

  test('none that differ, those that lack and those too many, by chain', async () => {
    assert.deepEqual(others(await madeNode(cluster, 'iptables')), { missing: [], stale: [] });
    const lacks = await madeNode(
      cluster,
      'iptables',
      without(/^-A KUBE-NODEPORTS .*\n/m, /^-A KUBE-EXT-.*\n/m, /^-A KUBE-EXT-.*\n/m),
    );
    const found = others(lacks)!;
    assert.deepEqual(
      found.missing.map((text) => text.replace(/-[A-Z2-7]{16}$/, '')),
      ['1 rule in KUBE-NODEPORTS', '2 rules in KUBE-EXT'],
    );
    assert.deepEqual(found.stale, []);
    const more = await madeNode(cluster, 'iptables', (text) =>
      text.replace(/^-A KUBE-NODEPORTS .*\n/m, (rule) => `${rule}${rule}`),
    );
    assert.deepEqual(others(more), { missing: [], stale: ['1 rule in KUBE-NODEPORTS'] });
    // A chain that is not there lacks all of its rules.
    const gone = await madeNode(
      cluster,
      'iptables',
      without(/^:KUBE-EXT-.*\n/m, /^-A KUBE-EXT-.*\n/gm),
    );
    assert.match(others(gone)!.missing.join(), /^2 rules in KUBE-EXT-[A-Z2-7]{16}$/);
  });

  test('those of endpoints are told as endpoints, in nftables mode also where all stand in one rule', async () => {
    const less = await madeNode(
      cluster,
      'iptables',
      without(/^-A KUBE-SVC-.* -> 10\.244\.1\.6.*\n/m),
    );
    assert.deepEqual(others(less), { missing: [], stale: [] });
    const nft = await madeNode(cluster, 'nftables', (text) =>
      text.replace(/mod 2 map \{ 0 : 10\.244\.0\.5 \. 8080, 1 : /, 'mod 1 map { 0 : '),
    );
    assert.deepEqual(others(nft), { missing: [], stale: [] });
    // The same endpoints, chosen in another way.
    const other = await madeNode(cluster, 'nftables', (text) =>
      text.replace('meta l4proto tcp dnat', 'meta l4proto udp dnat'),
    );
    const found = others(other)!;
    assert.deepEqual([found.missing.length, found.stale.length], [1, 1]);
  });

  test('not told: no objects, another Service, no name, and what is newer than the dump', async () => {
    const node = await madeNode(cluster, 'iptables');
    assert.equal(finish(otherRulesOf(node.state, undefined, port)), undefined);
    assert.equal(others(node, { id: 'shop/other:http/TCP', family: 4 }), undefined);
    assert.equal(others(node, { id: '10.96.0.5:80/TCP', family: 4 }), undefined);
    const wrong = await madeNode(cluster, 'iptables', without(/^-A KUBE-NODEPORTS .*\n/m));
    const [web, ...rest] = wrong.objects.services.toSorted((one) =>
      one.metadata.name === 'web' ? -1 : 1,
    );
    const metadata = { ...web!.metadata, changed: '2026-01-02T00:00:00Z' };
    const objects = {
      ...wrong.objects,
      services: [{ ...web!, metadata }, ...rest],
    };
    const at = (captured: string) =>
      finish(otherRulesOf({ ...wrong.state, captured }, objects, port));
    assert.equal(at('2026-01-01T00:00:00Z'), undefined);
    assert.equal(at('2026-01-03T00:00:00Z')?.missing.length, 1);
    const [four, six] = wrong.state.rulesets;
    const twice = { ...wrong.state, rulesets: [four!, four!, six!] };
    assert.equal(finish(otherRulesOf(twice, wrong.objects, port)), undefined);
  });

  test('each dump is told with what judges it: source ranges are none of nftables mode', async () => {
    for (const [mode, rangesJudged, sources] of [
      ['iptables', true, ['iptables-save.txt', 'ip6tables-save.txt']],
      ['ipvs', true, ['iptables-save.txt', 'ip6tables-save.txt']],
      ['nftables', false, ['nft-list-ruleset.txt', 'nft-list-ruleset.txt']],
    ] as const) {
      const { state, objects } = await madeNode(cluster, mode);
      assert.deepEqual(
        finish(nodeAgreements(state, objects)).map(({ family, facts }) => [family, facts]),
        ([4, 6] as const).map((family, i) => [
          family,
          { source: sources[i], release: 36, exact: true, partsJudged: true, rangesJudged },
        ]),
      );
    }
  });

  test('objects without default/kubernetes are those of some namespaces, and judge nobody', async () => {
    const { state, objects } = await madeNode(cluster, 'iptables');
    assert.equal(finish(nodeAgreements(state, objects)).length, 2);
    const some = { ...objects, service: () => undefined };
    assert.deepEqual(finish(nodeAgreements(state, some)), []);
  });
});
