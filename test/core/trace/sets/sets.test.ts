import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import type { SetMatch } from '../../../../src/core/rules/match';
import { testSet, type SetQuery } from '../../../../src/core/trace/sets/ipset';
import { node } from '../helper';

type Directions = SetMatch['directions'];

/** A packet from 10.0.0.1:1000, in by eth0, to 10.0.0.2:80, out by eth1. */
function query(more: Partial<SetQuery> = {}): SetQuery {
  return {
    source: { address: parseAddress('10.0.0.1')!, port: 1000, device: 'eth0' },
    destination: { address: parseAddress('10.0.0.2')!, port: 80, device: 'eth1' },
    protocol: 6,
    icmp: undefined,
    mark: 0,
    sourceMac: undefined,
    fragment: false,
    ...more,
  };
}

function asked(
  save: string,
  directions: string,
  more: Parameters<typeof query>[0] = {},
  name = 'S',
): string {
  const found = testSet(
    node({ sets: save }),
    name,
    directions.split(',') as unknown as Directions,
    query(more),
  );
  return typeof found === 'string' ? found : found.unknown;
}

const create = (type: string, ...elements: readonly string[]) =>
  `create S ${type} family inet hashsize 1024 maxelem 65536\n${elements.map((each) => `add S ${each}\n`).join('')}`;

suite('whether a packet is in a set', () => {
  test('by the side that the direction names', () => {
    const set = create('hash:ip', '10.0.0.2');
    assert.equal(asked(set, 'dst'), 'in');
    assert.equal(asked(set, 'src'), 'out');
  });

  test('never with fewer directions than the set has parts, or of another family', () => {
    const set = create('hash:ip,port', '10.0.0.2,tcp:80');
    assert.equal(asked(set, 'dst,dst'), 'in');
    assert.equal(asked(set, 'dst'), 'out');
    const six = { address: parseAddress('fd00::2')!, port: 80, device: 'eth1' };
    const source = { ...six, address: parseAddress('fd00::1')! };
    assert.equal(asked(set, 'dst,dst', { source, destination: six }), 'out');
  });

  test('ports with their protocol: icmp has type and code, others without ports 0', () => {
    const set = create(
      'hash:ip,port',
      '10.0.0.2,tcp:80',
      '10.0.0.2,icmp:echo-request',
      '10.0.0.2,47:0',
    );
    assert.equal(asked(set, 'dst,dst', { protocol: 17 }), 'out');
    assert.equal(asked(set, 'dst,dst', { protocol: 1, icmp: 8 * 256 }), 'in');
    assert.equal(asked(set, 'dst,dst', { protocol: 1, icmp: 0 }), 'out');
    assert.equal(asked(set, 'dst,dst', { protocol: 47 }), 'in');
    assert.equal(asked(set, 'dst,dst', { fragment: true }), 'out');
  });

  test('a port that is chosen at random is unknown', () => {
    const source = { address: parseAddress('10.0.0.1')!, port: undefined, device: 'eth0' };
    const set = create('hash:ip,port', '10.0.0.1,tcp:80');
    assert.equal(asked(set, 'src,src', { source }), 'the port is chosen at random');
  });

  test('bitmap:port knows ports of tcp and udp, whichever of the two', () => {
    const set = 'create S bitmap:port range 0-65535\nadd S 80\n';
    assert.equal(asked(set, 'dst'), 'in');
    assert.equal(asked(set, 'dst', { protocol: 17 }), 'in');
    assert.equal(asked(set, 'dst', { protocol: 132 }), 'out');
    assert.equal(asked(set, 'src'), 'out');
  });

  test('the mark under the mask of the set', () => {
    const masked = 'create S hash:ip,mark family inet markmask 0x00ff\nadd S 10.0.0.2,0x04\n';
    assert.equal(asked(masked, 'dst,dst', { mark: 0x4004 }), 'in');
    assert.equal(asked(masked, 'dst,dst', { mark: 0x4005 }), 'out');
    const whole = create('hash:ip,mark', '10.0.0.2,0x00000004');
    assert.equal(asked(whole, 'dst,dst', { mark: 0x4004 }), 'out');
  });

  test('an exception among networks counts where it is the narrowest', () => {
    const set = create('hash:net', '10.0.0.0/24', '10.0.0.2 nomatch');
    assert.equal(asked(set, 'dst'), 'nomatch');
    assert.equal(asked(set, 'src'), 'in');
  });
});

suite('hash:net,iface', () => {
  test('by the device of the side, none where there is none', () => {
    const set = create('hash:net,iface', '10.0.0.0/24,eth1');
    assert.equal(asked(set, 'dst,dst'), 'in');
    assert.equal(asked(set, 'dst,src'), 'out');
    const destination = { address: parseAddress('10.0.0.2')!, port: 80, device: '' };
    assert.equal(asked(set, 'dst,dst', { destination }), 'out');
    const open = { ...destination, device: undefined };
    assert.equal(asked(set, 'dst,dst', { destination: open }), 'the device is not known');
  });

  test('the narrowest network ends the search, also where it is of another device', () => {
    const set = create('hash:net,iface', '10.0.0.0/8,eth1', '10.0.0.0/24,eth0');
    assert.equal(asked(set, 'dst,dst'), 'out');
    assert.equal(asked(set, 'dst,src'), 'in');
    const same = create('hash:net,iface', '10.0.0.0/24,eth1', '10.0.0.0/24,eth0');
    assert.equal(asked(same, 'dst,dst'), 'in');
  });
});

suite('a list of sets', () => {
  const members = `create A hash:ip family inet hashsize 1024 maxelem 65536
add A 10.0.0.9
create B hash:ip family inet hashsize 1024 maxelem 65536
add B 10.0.0.2
`;
  const list = (...names: readonly string[]) =>
    `${members}create S list:set size 8\n${names.map((name) => `add S ${name}\n`).join('')}`;

  test('holds what one of its sets holds', () => {
    assert.equal(asked(list('A', 'B'), 'dst'), 'in');
    assert.equal(asked(list('A'), 'dst'), 'out');
  });

  test('with a set that the dump lacks is unknown, unless another holds', () => {
    const lacks = 'the set GONE, of S, is not in the ipset dump';
    assert.equal(asked(list('A', 'GONE'), 'dst'), lacks);
    assert.equal(asked(list('GONE', 'A'), 'dst'), lacks);
    assert.equal(asked(list('GONE', 'B'), 'dst'), 'in');
  });

  test('passes an exception of one set by, which --return-nomatch finds', () => {
    const excepting = `create N hash:net family inet hashsize 1024 maxelem 65536
add N 10.0.0.0/24
add N 10.0.0.2 nomatch
`;
    assert.equal(asked(excepting + list('N'), 'dst'), 'nomatch');
    assert.equal(asked(excepting + list('N'), 'src'), 'in');
    assert.equal(asked(excepting + list('N', 'B'), 'dst'), 'in');
    assert.match(asked(excepting + list('GONE', 'N'), 'dst'), /GONE/);
  });

  test('looks into no list that it holds', () => {
    const nested = `${list('A')}create T list:set size 8\nadd T S\nadd T B\n`;
    assert.equal(asked(nested, 'dst', {}, 'T'), 'in');
    const only = `${list('B')}create T list:set size 8\nadd T S\n`;
    assert.equal(asked(only, 'dst', {}, 'T'), 'out');
  });
});

suite('what no dump tells of a set', () => {
  test('without a dump, without the set, without its elements', () => {
    const test = (sets: string | null) => testSet(node({ sets }), 'S', ['dst'], query());
    assert.deepEqual(test(null), { unknown: '`ipset save` is missing' });
    assert.deepEqual(test(''), { unknown: 'the set S is not in the ipset dump' });
    const state = node({ sets: create('hash:ip', '10.0.0.2') });
    const cut = [...state.sets!].map(([name, set]) => [name, { ...set, complete: false }] as const);
    assert.deepEqual(testSet({ ...state, sets: new Map(cut) }, 'S', ['dst'], query()), {
      unknown: 'the dump leaves out the elements of the set S',
    });
  });

  test('a MAC address that the packet does not tell', () => {
    const set = create('hash:ip,mac', '10.0.0.1,02:00:00:00:00:01');
    assert.equal(asked(set, 'src,src'), 'the MAC address is not known');
    assert.equal(asked(set, 'src,src', { sourceMac: '02:00:00:00:00:01' }), 'in');
    assert.equal(asked(set, 'src,src', { sourceMac: '02:00:00:00:00:02' }), 'out');
  });

  test('a set of the other family has nothing (ip_set_test: family mismatch)', () => {
    const six = 'create S hash:ip family inet6 hashsize 64 maxelem 9\nadd S fd00::1\n';
    assert.equal(asked(six, 'src'), 'out');
    const address = parseAddress('fd00::1')!;
    const from = { address, port: 1000, device: 'eth0' };
    assert.equal(asked(six, 'src', { source: from, destination: from }), 'in');
    assert.equal(asked(create('hash:ip', '10.0.0.1'), 'src', { source: from }), 'out');
  });
});
