import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSnapshot } from '../../../src/cluster/snapshot/snapshot';
import { trace } from '../../../src/inspect/trace';
import { run } from '../../inspect/madeNode';
import { tarGzOf } from './archives';

const xml = readFileSync('test/fixtures/dumps/iptables-xml/iptables.xml', 'utf8');
const mask = (...bytes: readonly number[]) => Buffer.from(bytes).toString('base64');
const network = (ip: string, length: 8 | 24 | 32) => {
  const bytes = { 8: [255, 0, 0, 0], 24: [255, 255, 255, 0], 32: [255, 255, 255, 255] }[length];
  return { IP: ip, Mask: mask(...bytes) };
};
const interfaces = [
  { n: 'lo', i: 1, m: 65536, d: 'device', a: [network('127.0.0.1', 8)], st: 1 },
  { n: 'eth0', i: 2, m: 1500, d: 'device', a: [network('192.0.2.10', 24)], st: 1 },
  { n: 'eth1', i: 3, m: 1500, d: 'device', a: [network('198.51.100.10', 24)], st: 1 },
];
const route = (d: object, o: string, more: object = {}) => ({
  ...{ f: 2, o, i: '', sc: 253, d, s: '', g: '', p: 2, pr: 0, tb: 254, t: 1, tos: 0, fl: 0 },
  ...more,
});
const routes = [
  route({ IP: '0.0.0.0', Mask: mask(0, 0, 0, 0) }, 'eth0', {
    g: '192.0.2.1',
    sc: 0,
    p: 3,
    pr: 100,
  }),
  route(network('192.0.2.0', 24), 'eth0', { s: '192.0.2.10' }),
  route(network('198.51.100.0', 24), 'eth1', { s: '198.51.100.10' }),
  ...[interfaces[1]!, interfaces[2]!].map(({ n, a }) =>
    route(network(a[0]!.IP, 32), n, { tb: 255, t: 2, sc: 254 }),
  ),
];
const rule = (p: number, tb: number, more: object = {}) => ({ p, f: 2, tb, m: 0, ma: 0, ...more });
const rules = [rule(-1, 255), rule(32766, 254), rule(32767, 253)];
const pod = { netns: '/proc/7/ns/net', iptables_info: '<iptables-rules version="1.0"/>' };
const older = {
  netns: [
    pod,
    {
      netns: '/proc/1/ns/net',
      interfaces,
      route_info: routes,
      rule_info: rules,
      iptables_info: xml,
      ipset_info:
        '<ipsets>\n<ipset name="kube-local"><type>hash:ip</type><header></header><members></members></ipset>\n</ipsets>\n',
      ipvs_info: ['-A -t 10.96.0.9:80 -s rr', '-a -t 10.96.0.9:80 -r 10.244.1.5:80 -m -w 1', ''],
      sysctl_info: { 'net.ipv4.ip_forward': '1' },
    },
  ],
};
const newer = {
  p: [],
  n: [
    {
      ...{ n: '/proc/1/ns/net', if: interfaces, r: routes, ru: rules, it: xml },
      ...{ is: [{ Name: 'kube-local' }], vs: {}, s: { 'net.ipv4.ip_forward': '1' } },
    },
  ],
};

suite('a KubeSkoop collector’s JSON', function () {
  this.timeout(30_000);
  let folder: string;
  setup(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kpi-'));
  });
  teardown(() => rm(folder, { recursive: true }));

  async function archive(dump: unknown): Promise<string> {
    const path = join(folder, 'collector-node-a.tgz');
    const text = typeof dump === 'string' ? dump : JSON.stringify(dump);
    await writeFile(path, await tarGzOf({ 'data/collector.json': text }));
    return path;
  }

  async function files(dump: unknown): Promise<readonly string[]> {
    const cluster = openSnapshot(await archive(dump));
    assert.equal((await cluster.info()).bundle?.title, 'KubeSkoop collector');
    return (await cluster.dumps('node-a')).dumps.map(({ name }) => name);
  }

  const whole = [
    'iptables-save.txt',
    'ipset-list.xml',
    'ipvsadm-Sn.txt',
    'ip-addr.txt',
    'ip-route-show-table-all.txt',
    'ip-rule.txt',
    'sysctl.txt',
  ];

  test('the node’s own network namespace, of both releases; sets and IPVS as programs printed them', async () => {
    assert.deepEqual(await files(older), whole);
    assert.deepEqual(
      await files(newer),
      whole.filter((name) => !/^ip(?:set|vsadm)/.test(name)),
    );
  });

  test('a packet through its rules, addresses and routes', async () => {
    const to = ['--src', '192.0.2.99:1000', '--dst', '10.96.0.10:80/tcp', '--in', 'eth0'];
    const told = await run(trace, await archive(older), ...to);
    assert.match(told, /50 %[^]*DNAT to 198.51.100.5:8080[^]*out by eth1/);
    assert.match(told, /50 % => ACCEPT: delivered by eth1, .* > 198.51.100.6:8080/);
    const own = ['--src', '192.0.2.99:1000', '--dst', '198.51.100.10:80/tcp', '--in', 'eth0'];
    assert.match(await run(trace, await archive(newer), ...own), /routing: to the node itself/);
  });

  test('what it does not keep is unknown: rules with fields left out, several next hops', async () => {
    const [host] = older.netns.slice(1);
    const more = { ...host, rule_info: [...rules, rule(100, 5, { m: 512 })] };
    assert.ok(!(await files({ netns: [more] })).includes('ip-rule.txt'));
    const odd = { ...host, interfaces: [null, 7], route_info: [null], rule_info: [null, []] };
    assert.deepEqual(
      await files({ netns: [null, odd] }),
      whole.filter((name) => !/^ip-(?:addr|rule)/.test(name)),
    );
    const hops = { ...host, route_info: [...routes, route(network('203.0.113.0', 24), '')] };
    const path = await archive({ netns: [hops] });
    const to = ['--src', '192.0.2.99:1000', '--dst', '203.0.113.7:80/tcp', '--in', 'eth0'];
    assert.match(await run(trace, path, ...to), /routing: out by an unknown device/);
    const dumps = (await openSnapshot(path).dumps('node-a')).dumps;
    const kept = dumps.find(({ name }) => name.startsWith('ip-route'));
    assert.match(await kept!.read(), /^\.\.\.$/m);
  });

  test('another JSON of that name, or one that is cut, says nothing of a node', async () => {
    for (const dump of [{ netns: [pod] }, [], 'x', JSON.stringify(older).slice(0, 2000)]) {
      const cluster = openSnapshot(await archive(dump));
      await assert.rejects(cluster.dumps('node-a'));
    }
  });
});
