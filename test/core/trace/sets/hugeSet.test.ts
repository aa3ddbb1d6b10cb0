import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import type { IpSet } from '../../../../src/core/ipset/types';
import { indexSet, testSet, type SetQuery } from '../../../../src/core/trace/sets/ipset';
import { parseIpsetSave } from '../../../../src/syntax/ipset/save';

const element: Readonly<Record<string, (i: number) => string>> = {
  'hash:ip': (i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`,
  'hash:net': (i) => `10.${(i >> 12) & 255}.${(i >> 4) & 255}.${(i & 15) << 4}/28`,
  'hash:ip,port': (i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255},udp:53`,
};

function read(type: string, lines: readonly string[]): IpSet {
  const adds = lines.map((line) => `add S ${line}\n`).join('');
  const { value, findings } = parseIpsetSave(`create S ${type} family inet\n${adds}`, 'sets');
  assert.deepEqual(findings, []);
  return value.get('S')!;
}

function made(type: string, count: number): IpSet {
  return read(
    type,
    Array.from({ length: count }, (_, i) => element[type]!(i)),
  );
}

function ask(set: IpSet, address: string, protocol = 17, port = 53) {
  const source = { address: parseAddress(address)!, port, device: 'eth0' };
  const query: SetQuery = {
    source,
    destination: source,
    protocol,
    icmp: undefined,
    mark: 0,
    sourceMac: undefined,
    fragment: false,
  };
  const node = { name: 'n', rulesets: [], findings: [], sets: new Map([[set.name, set]]) };
  return testSet(node, set.name, ['dst', 'dst'], query);
}

function pauses(set: IpSet): number {
  let count = 0;
  for (const work = indexSet(set); work.next().done !== true; count++);
  return count;
}

suite('sets of many plain elements', () => {
  for (const type of Object.keys(element)) {
    test(`${type}: the elements are found, their neighbours are not, and the host gets its turn`, () => {
      const set = made(type, 40_000);
      assert.equal(set.entries.length, 40_000);
      const few = pauses(set);
      const many = pauses(made(type, 80_000));
      assert.ok(few >= 4 && many <= 2 * few + 2, `${few} pauses, then ${many}`);
      assert.equal(ask(set, '10.0.0.1'), 'in');
      assert.equal(ask(set, '10.0.156.63'), 'in');
      assert.equal(ask(set, '10.200.156.64'), 'out');
      assert.equal(ask(set, '11.0.0.1'), 'out');
    });
  }

  test('a port counts with its protocol; none written is TCP', () => {
    const set = read('hash:ip,port', ['10.0.0.1,80', '10.0.0.2,tcp:80', '10.0.0.3,sctp:80']);
    assert.equal(ask(set, '10.0.0.1', 6, 80), 'in');
    assert.equal(ask(set, '10.0.0.1', 17, 80), 'out');
    assert.equal(ask(set, '10.0.0.2', 6, 80), 'in');
    assert.equal(ask(set, '10.0.0.2', 6, 81), 'out');
    assert.equal(ask(set, '10.0.0.3', 132, 80), 'in');
  });

  test('the longest prefix decides among plain elements and exceptions', () => {
    const set = read('hash:net', ['10.0.0.0/8', '10.1.0.0/16 nomatch', '10.1.2.0/24', '10.1.2.3']);
    assert.equal(ask(set, '10.9.9.9'), 'in');
    assert.equal(ask(set, '10.1.9.9'), 'nomatch');
    assert.equal(ask(set, '10.1.2.9'), 'in');
    assert.equal(ask(set, '10.1.2.3'), 'in');
  });

  test('an element reads the same whichever way it was read', () => {
    const lines = ['10.96.0.1,tcp:443', '10.96.0.2,53', '10.96.0.0/24,udp:53'];
    const plain = read('hash:net,port', lines);
    // An option keeps an element from being plain.
    const other = read(
      'hash:net,port',
      lines.map((line) => `${line} -exist`),
    );
    assert.deepEqual([...plain.entries], [...other.entries]);
    assert.deepEqual(plain.entries.at(-1)!.range, {
      source: 'sets',
      line: 3,
      start: 6,
      end: 6 + lines[2]!.length,
    });
    assert.equal(plain.entries.at(3), undefined);
    assert.equal(plain.entries.at(-4), undefined);
  });

  for (const odd of ['10.0.0.01', '10.0.0.256', '10.0.0.1/33', '10.0.0', '10.0.0.1,tcp:80']) {
    test(`${odd} is not taken for a plain element`, () => {
      const { value, findings } = parseIpsetSave(`create S hash:ip\nadd S ${odd}\n`, 'sets');
      assert.equal(findings.length, 1);
      assert.equal(value.get('S')!.entries.at(0)!.parts[0]!.kind, 'other');
    });
  }

  test('host bits below a prefix are left out, as the kernel does', () => {
    const set = read('hash:net', ['10.0.0.77/24']);
    assert.equal(ask(set, '10.0.0.1'), 'in');
    assert.equal(set.entries.at(0)!.text, '10.0.0.77/24');
  });
});
