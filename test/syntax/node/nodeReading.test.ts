import assert from 'node:assert/strict';
import type { Ruleset } from '../../../src/core/rules/ruleset';
import type { DumpFile } from '../../../src/syntax/node/dumpFile';
import { nodeFolder } from '../../../src/syntax/node/nodeFolder';
import { readNode, type NodeReading } from '../../../src/syntax/node/readNode';
import { dumpFiles } from '../../dumps';

type Texts = Readonly<Record<string, string>>;

const denied = 'denied';

function rulesets(source: string): Ruleset[] {
  const family = source.includes('ip6') ? 6 : 4;
  return [{ source, family, backend: 'unknown', tables: new Map(), findings: [] }];
}

/** A node of these files; of those that hold `denied` the text can't be read. */
async function read(texts: Texts, more: Readonly<Record<string, Partial<DumpFile>>> = {}) {
  const files = dumpFiles(new Map(Object.entries(texts))).map((file) => ({
    ...file,
    ...more[file.path],
  }));
  const text = (path: string) =>
    texts[path] === denied ? Promise.reject(new Error(denied)) : Promise.resolve(texts[path]!);
  const asked: string[] = [];
  const reading = await readNode(nodeFolder('n', files), {
    text,
    rulesets: async (source, own) => {
      asked.push(source);
      return (await own()) === '' ? [] : rulesets(source);
    },
  });
  return { ...reading, asked };
}

function reasons({ state }: NodeReading, part: string): string[] {
  return state.missing!.filter((one) => one.part === part).map(({ reason }) => reason);
}

const lookup = (table: string) => `0:\tfrom all lookup ${table}\n`;

function tablesOf({ state }: NodeReading): string[] {
  return (state.routingRules ?? []).map(({ family, action }) =>
    action.kind === 'lookup' ? `${family} ${action.table}` : `${family}`,
  );
}

suite('what a node’s files are read for', () => {
  test('files that can’t be read are unknown, each with its finding', async () => {
    const texts = {
      'iptables-save.txt': denied,
      'ip6tables-save.txt': denied,
      'ipset-save.txt': denied,
      'ip-addr.txt': denied,
      'ip-route.txt': denied,
      'ip-rule.txt': denied,
      'ipvsadm-Ln.txt': denied,
      'sysctl-a.txt': denied,
      'nft-list-ruleset.txt': denied,
      'conntrack-L.txt': denied,
      'bridge-link.txt': denied,
      'igmp.txt': denied,
      'if_inet6.txt': denied,
      'fib_trie.txt': denied,
      'proc-net-route.txt': denied,
      'kube-proxy.log': denied,
    };
    const { state } = await read(texts);
    const { sets, interfaces, someInterfaces, routes, routingRules, ipvs, sysctls } = state;
    const { nftables, connections, groups, captured } = state;
    assert.deepEqual(
      [sets, interfaces, someInterfaces, routes, routingRules, ipvs, sysctls],
      Array.from({ length: 7 }, () => undefined),
    );
    assert.deepEqual([nftables, connections, groups, captured], Array(4).fill(undefined));
    const told = state.findings.filter(({ code }) => code === 'unreadable-file');
    const sources = new Set(told.map(({ range }) => range.source));
    assert.deepEqual([...sources].sort(), Object.keys(texts).sort());
    assert.equal(told.length, sources.size, 'once');
  });

  test('the kernel’s order is known where /proc/net/ip_vs can be read, or where it is the dump', async () => {
    const table = 'TCP  10.96.0.1:80 rr\n  -> 10.0.0.1:80   Masq 1 0 0\n';
    const { state } = await read({ 'ipvsadm-Ln.txt': table, 'ip_vs.txt': denied });
    assert.deepEqual([state.ipvs?.kernelOrder, state.ipvs?.virtualServers.length], [false, 1]);
    const proc = 'TCP  0A600001:0050 rr \n  -> 0A000002:0050      Masq    1      0          0\n';
    assert.equal((await read({ 'ip_vs.txt': proc })).state.ipvs?.kernelOrder, true);
  });

  test('files of no known kind are named, but for the one that tells the mode and empty ones', async () => {
    const { unread } = await read({
      'iptables-save.txt': '*nat\n',
      'notes.txt': 'it broke on Monday\n',
      'nothing.txt': '',
      'proxyMode.txt': 'ipvs',
    });
    assert.deepEqual(unread, ['notes.txt']);
  });

  test('rules that a reader finds none in are named', async () => {
    const { unread, state } = await read({ 'iptables-save.txt': '*nat\n', 'nat-save.txt': '*' });
    assert.deepEqual(unread, ['nat-save.txt']);
    assert.equal(state.rulesets.length, 1);
  });

  test('a place in what was pasted is that in the file, any other stays', async () => {
    const { original, state } = await read({
      'ip-rule.txt': `> 0:\tfrom all lookup local\n> 7:\tfrom all lookup main\n`,
      'sysctl-a.txt': 'a.b = 1\n',
    });
    const [, second] = state.routingRules!;
    const { source, line, start } = original(second!.range);
    assert.deepEqual([source, line, start], ['ip-rule.txt', 1, 2]);
    const own = state.sysctlPlaces!.get('a.b')!;
    assert.equal(original(own), own);
  });

  test('an empty dump of rules says that there are none', async () => {
    const reading = await read({ 'iptables-save.txt': '' });
    const own = { source: 'iptables-save.txt', family: 4, backend: 'unknown' };
    assert.deepEqual(reading.state.rulesets, [
      { ...own, tables: new Map(), whole: true, findings: [] },
    ]);
    assert.deepEqual(reasons(reading, 'IPv4 rules'), []);
    assert.deepEqual(reasons(reading, 'IPv6 rules'), ['No dump of the IPv6 rules is at hand.']);
  });

  test('a dump of one table is no whole one', async () => {
    const reading = await read({ 'iptables-nat-save.txt': '*nat\n' });
    assert.deepEqual(reasons(reading, 'IPv4 rules'), [
      'iptables-nat-save.txt holds only some of the tables or chains.',
    ]);
  });

  test('a file with the rules of both families is read once', async () => {
    const both = '# iptables-save\n*nat\nCOMMIT\n# ip6tables-save\n*nat\nCOMMIT\n';
    assert.deepEqual((await read({ 'all.txt': both })).asked, ['all.txt']);
  });
});

suite('routing rules and routes of several files', () => {
  test('of each family the first dump', async () => {
    const reading = await read({
      'ip-rule.txt': lookup('1'),
      'old-ip-rule.txt': lookup('2'),
      'ip-6-rule.txt': lookup('3'),
      'old-ip-6-rule.txt': lookup('4'),
    });
    assert.deepEqual(tablesOf(reading).sort(), ['4 1', '6 3']);
  });

  test('each output of a file with its own lines', async () => {
    const text = `# ip rule\n${lookup('1')}# ip -6 rule\n${lookup('2')}`;
    assert.deepEqual(tablesOf(await read({ 'node.txt': text })), ['4 1', '6 2']);
  });

  test('what the trie of the IPv4 routes proves counts where no dump of that family is', async () => {
    const alias = '     |-- 127.0.0.1\n        /32 host LOCAL\n';
    const trie = `Main:\n${alias}Local:\n${alias}`;
    const kernel = ['4 local', '4 main', '4 default'];
    const of = async (texts: Texts) => tablesOf(await read({ 'fib_trie.txt': trie, ...texts }));
    assert.deepEqual(await of({}), kernel);
    assert.deepEqual(await of({ 'ip-6-rule.txt': lookup('6') }), ['6 6', ...kernel]);
    assert.deepEqual(await of({ 'ip-rule.txt': lookup('4') }), ['4 4']);
    assert.deepEqual(await of({ 'ip-rule.txt': denied }), kernel);
  });

  test('a device is whole by its lo with an address, and not behind a filter', async () => {
    const lo = '1: lo: <UP>\n    inet 127.0.0.1/8 scope host lo\n';
    const eth0 = '2: eth0: <UP>\n    inet 10.0.0.5/24 scope global eth0\n';
    const names = async (text: string) => {
      const { interfaces, someInterfaces } = (await read({ 'ip-addr.txt': text })).state;
      return [interfaces, someInterfaces].map((devices) => devices?.map(({ name }) => name));
    };
    assert.deepEqual(await names(lo + eth0), [['lo', 'eth0'], undefined]);
    assert.deepEqual(await names(`# ip addr | grep -v cali\n${lo}${eth0}`), [
      undefined,
      ['lo', 'eth0'],
    ]);
    assert.deepEqual(await names(`1: lo: <UP>\n${eth0}`), [undefined, ['lo', 'eth0']]);
    assert.deepEqual(await names(eth0), [undefined, ['eth0']]);
  });

  test('IPv6 routes of /proc beside those of IPv4', async () => {
    const header =
      'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
    const six = `${'fd'.padEnd(32, '0')} 40 ${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00000100 00000001 00000000 00000001     eth0\n`;
    const { state } = await read({
      'fib_trie.txt': 'Main:\n     |-- 10.0.0.5\n        /32 host LOCAL\n',
      'proc-net-route.txt': `${header}eth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n`,
      'ipv6_route.txt': six,
    });
    assert.deepEqual(
      state.routes!.map(({ destination, table }) => `${destination.address.family} ${table}`),
      ['4 main', '4 local', '6 main'],
    );
  });
});
