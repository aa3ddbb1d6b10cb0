import assert from 'node:assert/strict';
import { formatNetwork, parseAddress } from '../../../src/core/address';
import type { NodeState } from '../../../src/core/node';
import { testSet } from '../../../src/core/trace/sets/ipset';
import { parseIpsetSave } from '../../../src/syntax/ipset/save';
import { node } from '../trace/helper';

const saved = (create: string, elements: readonly string[]) =>
  [`create S ${create}`, ...elements.map((element) => `add S ${element}`), ''].join('\n');

const entriesOf = (dump: string) => parseIpsetSave(dump, 'dump').value.get('S')!.entries;

/** Whether the packet's destination is in the set; of sets with ports address and port. */
function holds(state: NodeState, address: string, protocol = 6, port = 80) {
  return testSet(state, 'S', ['dst', 'dst'], {
    source: { address: parseAddress('192.0.2.1')!, port: 1000, device: 'eth0' },
    destination: { address: parseAddress(address)!, port, device: 'eth1' },
    protocol,
    icmp: undefined,
    mark: 0,
    sourceMac: undefined,
    fragment: false,
  });
}

suite('the elements of a large set', () => {
  // A set of kube-proxy in ipvs mode, as KUBE-CLUSTER-IP, of some hundred Services.
  const protocols = { tcp: 6, udp: 17, sctp: 132 };
  const services = Array.from({ length: 300 }, (_, i) => ({
    address: `10.96.${i >> 8}.${i & 255}`,
    name: (['tcp', 'udp', 'sctp'] as const)[i % 3]!,
    port: 1 + i * 200,
  }));
  const elements = services.map(({ address, name, port }) => `${address},${name}:${port}`);
  const dump = saved('hash:ip,port family inet hashsize 1024 maxelem 65536', elements);

  test('read as they were saved, in their order', () => {
    assert.deepEqual(
      Array.from(entriesOf(dump), ({ text, range }) => `${range.line} ${text}`),
      elements.map((text, i) => `${i + 1} ${text}`),
    );
  });

  test('each holds its own address, protocol and port, and no other', () => {
    const state = node({ sets: dump });
    for (const { address, name, port } of services) {
      const protocol = protocols[name];
      assert.equal(holds(state, address, protocol, port), 'in', `${address} ${name} ${port}`);
      assert.equal(holds(state, address, protocol, port + 1), 'out');
      assert.equal(holds(state, address, protocol === 6 ? 17 : 6, port), 'out');
    }
  });

  test('stand where they were written, with their parts in the order of the type', () => {
    const create = 'hash:net,port family inet hashsize 1024 maxelem 65536';
    const told = (element: string) => {
      const line = `add S ${element}`;
      const [entry] = entriesOf(saved(create, [element]));
      const { parts, text, range } = entry!;
      assert.equal(line.slice(range.start, range.end), element);
      assert.equal(text, element);
      return parts.map((part) =>
        part.kind === 'network'
          ? formatNetwork(part.network)
          : part.kind === 'port' && [part.protocol, part.from, part.to],
      );
    };
    assert.deepEqual(told('10.96.0.1,tcp:443'), ['10.96.0.1/32', [6, 443, 443]]);
    assert.deepEqual(told('10.96.0.0/12,udp:53'), ['10.96.0.0/12', [17, 53, 53]]);
    // Without a protocol the kernel takes TCP; what is not written is not told as written.
    assert.deepEqual(told('10.96.0.1,443'), ['10.96.0.1/32', [undefined, 443, 443]]);
    const [network] = entriesOf(saved('hash:net family inet', ['10.0.0.0/8']));
    assert.equal(network!.parts.length, 1);
  });

  test('are counted from both ends, and end there', () => {
    const entries = entriesOf(dump);
    assert.equal(entries.length, 300);
    assert.equal(entries.at(0)?.text, elements[0]);
    assert.equal(entries.at(-1)?.text, elements[299]);
    assert.equal(entries.at(-300)?.text, elements[0]);
    assert.equal(entries.at(300), undefined);
    assert.equal(entries.at(-301), undefined);
  });

  test('one with a time-out among plain networks holds its own addresses alone', () => {
    const create = 'hash:net family inet hashsize 1024 maxelem 65536 timeout 0';
    const nets = ['10.0.0.0/8', '172.16.0.0/12 timeout 600', '192.168.0.0/16'];
    const state = node({ sets: saved(create, nets) });
    assert.equal(holds(state, '172.31.0.1'), 'in');
    assert.equal(holds(state, '192.168.1.1'), 'in');
    assert.equal(holds(state, '203.0.113.9'), 'out');
  });
});
