import assert from 'node:assert/strict';
import { formatAddress, formatNetwork } from '../../../src/core/address';
import { finish } from '../../../src/core/work';
import { parseIpAddress } from '../../../src/syntax/ip/address';
import { parseIpRoute } from '../../../src/syntax/ip/route';
import type { DumpFile } from '../../../src/syntax/node/dumpFile';
import { hostOf } from '../../../src/syntax/node/hostOf';
import { withHosts } from '../../../src/syntax/node/hostsOfTexts';
import { nodeFolder } from '../../../src/syntax/node/nodeFolder';
import { withLinks } from '../../../src/syntax/node/nodeLinks';
import {
  interfacesOfKernelRoutes,
  interfacesOfRoutes,
  joinRoutes,
  routesOfProc,
} from '../../../src/syntax/node/nodeRoutes';
import { readNode } from '../../../src/syntax/node/readNode';
import { dumpFiles } from '../../dumps';

type Texts = Readonly<Record<string, string>>;

async function read(texts: Texts, more: Readonly<Record<string, Partial<DumpFile>>> = {}) {
  const files = dumpFiles(new Map(Object.entries(texts))).map((file) => ({
    ...file,
    ...more[file.path],
  }));
  const { state } = await readNode(nodeFolder('n', files), {
    text: (path) => Promise.resolve(texts[path]!),
    rulesets: () => [],
  });
  return state;
}

const routes = (source: string, ...lines: string[]) => parseIpRoute(lines.join('\n'), source).value;
const devices = (...lines: string[]) => parseIpAddress(lines.join('\n'), 'dump').value;
const main = '10.0.0.0/24 dev eth0 scope link';
const lo = '1: lo: <UP>\n    inet 127.0.0.1/8 scope host lo\n';

suite('routes of several dumps', () => {
  test('a route of two dumps stands where the first has it', () => {
    const joined = finish(joinRoutes([routes('a', main), routes('b', main)], []));
    assert.deepEqual(
      joined.routes!.map(({ range }) => range.source),
      ['a'],
    );
  });

  test('one global IPv6 address of one device needs IPv6 routes', () => {
    const local = 'local 10.0.0.5 dev eth0 table local';
    const reasons = (...lines: string[]) =>
      finish(joinRoutes([routes('a', main, local)], devices(...lines))).reasons.length;
    const own = ['2: eth0: <UP>', '    inet 10.0.0.5/24 scope global eth0'];
    assert.equal(reasons(...own), 0);
    assert.equal(reasons(...own, '    inet6 fd00::5/64 scope global'), 1);
    assert.equal(reasons('1: lo: <UP>', ...own, '    inet6 fd00::5/64 scope global'), 1);
  });

  test('/proc is asked where ip shows no table main', async () => {
    const header =
      'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
    const proc = `${header}eth1\t0001000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n`;
    const addresses = `${lo}2: eth0: <UP>\n    inet 10.0.0.5/24 scope global eth0\n`;
    const of = async (own: string) => {
      const texts = { 'ip-route.txt': own, 'proc-net-route.txt': proc, 'ip-addr.txt': addresses };
      const found = (await read(texts)).routes ?? [];
      const shown = found.filter(({ table }) => table === 'main');
      return shown.map(({ destination }) => formatNetwork(destination));
    };
    assert.deepEqual(await of(`${main}\n`), ['10.0.0.0/24']);
    assert.deepEqual(await of('local 10.0.0.5 dev eth0 table local\n'), ['10.0.1.0/24']);
  });

  test('routes of /proc: of other tables and of no device as they are', () => {
    const trie = routes('t', 'local 192.0.2.9 table local', '10.0.0.0/25 table 7');
    const found = routesOfProc(trie, routes('m', main));
    assert.deepEqual(found.slice(1), trie);
  });

  test('devices by routes have no flags, and addresses that are primary', () => {
    const kernel = routes('a', '10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.5');
    const proc = routes('a', main, 'local 10.0.0.5 dev eth0');
    for (const [device] of [interfacesOfKernelRoutes(kernel), interfacesOfRoutes(proc)]) {
      assert.deepEqual([device!.index, device!.name, device!.flags], [0, 'eth0', []]);
      assert.deepEqual(
        device!.addresses.map(({ secondary }) => secondary),
        [false],
      );
    }
  });
});

suite('devices of several dumps', () => {
  test('an address that two parts show counts once', async () => {
    const part = (...addresses: string[]) =>
      `2: eth0: <UP>\n${addresses.map((one) => `    inet ${one}/24 scope global eth0\n`).join('')}`;
    const { someInterfaces } = await read({
      'ip-addr-eth0.txt': part('10.0.0.5', '10.0.0.6'),
      'my-ip-addr-eth0.txt': part('10.0.0.6', '10.0.0.7'),
    });
    assert.deepEqual(
      someInterfaces!.map(({ addresses }) => addresses.map((one) => formatAddress(one.address))),
      [['10.0.0.5', '10.0.0.6', '10.0.0.7']],
    );
  });

  test('a dump of links that was cut tells nothing', async () => {
    const texts = {
      'ip-addr.txt': `${lo}5: veth1@if2: <UP> mtu 1500 master cni0 state UP\n`,
      'bridge-link.txt':
        '5: veth1@if2: <UP> mtu 1500 master cni0 state forwarding priority 32 cost 2\n    hairpin on guard off\n',
    };
    const hairpin = async (more?: Parameters<typeof read>[1]) =>
      (await read(texts, more)).interfaces!.find(({ name }) => name === 'veth1')!.hairpin;
    assert.equal(await hairpin(), true);
    assert.equal(await hairpin({ 'bridge-link.txt': { problem: 'cut' } }), undefined);
  });

  test('the table of a VRF by ip -d link, unless ip addr tells it', () => {
    const none = { neighbours: [], learned: [] };
    const range = { source: 'a', line: 0, start: 0, end: 0 };
    const device = { index: 1, name: 'red', flags: [], addresses: [], range };
    const table = (own: object, link: object) =>
      withLinks([{ ...device, ...own }], { ...none, links: [{ name: 'red', ...link }] })[0];
    assert.deepEqual(table({}, { vrfTable: '10' }), { ...device, vrfTable: '10' });
    assert.deepEqual(table({ vrfTable: '7' }, { vrfTable: '10' }), { ...device, vrfTable: '7' });
    assert.deepEqual(table({}, {}), device);
  });
});

suite('whose dumps these are', () => {
  test('addresses by device, whatever its number', () => {
    const of = (number: string, address: string) =>
      hostOf(`${number}: eth0@if9: <UP>\n    inet ${address}/24 scope global eth0\n`);
    assert.equal(of('2', '10.0.0.1').isNot(of('12', '10.0.0.2')), true);
    assert.equal(of('2', '10.0.0.1').isNot(of('12', '10.0.0.1')), false);
    const named = hostOf('root@node-a:~# ip rule\n');
    assert.equal(named.isNot(hostOf('root@node-b:~# ip rule\n')), true);
    assert.equal(named.isNot(of('2', '10.0.0.1')), false);
  });

  const rule = '0:\tfrom all lookup local\n';
  const session = `root@node-a:~# ip rule\n${rule}root@node-b:~# ip rule\n${rule}`;

  async function hosts(text: string, reading: () => Promise<string> = () => Promise.resolve(text)) {
    const file = { path: 'session.txt', head: text, size: text.length };
    const [own] = await withHosts([file], reading, () => Promise.resolve());
    assert.deepEqual(Object.keys(own!).sort(), [
      ...['head', ...(own!.hosts ? ['hosts'] : []), 'path', 'size'],
    ]);
    return own!.hosts;
  }

  test('a text that can’t be read, or is of one host, is one node’s', async () => {
    assert.deepEqual(await hosts(session), ['node-a', 'node-b']);
    assert.equal(await hosts(session, () => Promise.reject(new Error('denied'))), undefined);
    assert.equal(await hosts(`root@node-a:~# ip rule\n${rule}`), undefined);
    assert.equal(await hosts(rule), undefined);
  });

  test('a host of which nothing known stands there is none', async () => {
    const uname = 'root@node-c:~# uname -a\nLinux node-c 6.1.0\n';
    assert.deepEqual(await hosts(session + uname), ['node-a', 'node-b']);
    assert.equal(await hosts(`root@node-a:~# ip rule\n${rule}${uname}`), undefined);
  });
});
