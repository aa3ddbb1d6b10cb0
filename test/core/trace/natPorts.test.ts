import assert from 'node:assert/strict';
import { formatAddress, parseAddress } from '../../../src/core/address';
import type { Connection, Tuple } from '../../../src/core/trace/flowState';
import { bind, isTaken, type NatRange, type Side } from '../../../src/core/trace/nat';

const [tcp, icmp, gre] = [6, 1, 47];

function connection(sourcePort: number | undefined, port = 80, protocol = tcp): Connection {
  const client = parseAddress('10.0.0.1')!;
  const server = parseAddress('10.0.0.2')!;
  const original: Tuple = {
    protocol,
    source: client,
    destination: server,
    sourcePort,
    destinationPort: port,
  };
  const reply: Tuple = {
    protocol,
    source: server,
    destination: client,
    sourcePort: port,
    destinationPort: sourcePort,
  };
  return {
    ...{ original, reply, mark: 0, confirmed: false, seenReply: false, assured: false },
    ...{ sourceNat: false, destinationNat: false, sourceDone: false, destinationDone: false },
    ...{ synSent: true, icmp: undefined },
  };
}

/** `10.9.9.9:1024-65535`: what the answers go to (source) or come from (destination). */
function bound(side: Side, asked: Connection, range: NatRange): string {
  const { reply } = bind(asked, side, range);
  if (side === 'destination') return `${formatAddress(reply.source)}:${reply.sourcePort}`;
  const { destinationPort: port, destinationPorts: [among] = [] } = reply;
  return `${formatAddress(reply.destination)}:${among ? `${among.from}-${among.to}` : port}`;
}

const address = parseAddress('10.9.9.9')!;

suite('the source port that NAT takes', () => {
  const snat = (port: number | undefined, range: Partial<NatRange> = {}, protocol = tcp) =>
    bound('source', connection(port, 80, protocol), { address, random: false, ...range });

  test('stays where nothing asks for another', () => {
    assert.equal(snat(40000), '10.9.9.9:40000');
  });

  test('stays where it lies in the range, both ends of which count', () => {
    const ports = { from: 3000, to: 3009 };
    assert.equal(snat(3000, { ports }), '10.9.9.9:3000');
    assert.equal(snat(3009, { ports }), '10.9.9.9:3009');
    assert.equal(snat(2999, { ports }), '10.9.9.9:3000-3009');
    assert.equal(snat(3010, { ports }), '10.9.9.9:3000-3009');
    assert.equal(snat(3000, { ports, random: true }), '10.9.9.9:3000-3009');
  });

  test('is the one of a range of one', () => {
    assert.equal(snat(40000, { ports: { from: 7, to: 7 } }), '10.9.9.9:7');
  });

  test('--random keeps it among its like: below 512, below 1024, or above', () => {
    const random = true;
    assert.equal(snat(1, { random }), '10.9.9.9:1-511');
    assert.equal(snat(511, { random }), '10.9.9.9:1-511');
    assert.equal(snat(512, { random }), '10.9.9.9:600-1023');
    assert.equal(snat(1023, { random }), '10.9.9.9:600-1023');
    assert.equal(snat(1024, { random }), '10.9.9.9:1024-65535');
    assert.equal(snat(5, { random }, icmp), '10.9.9.9:0-65535');
  });

  test('of a protocol without ports is none, whatever the range', () => {
    assert.equal(
      snat(undefined, { ports: { from: 1, to: 2 }, random: true }, gre),
      '10.9.9.9:undefined',
    );
  });
});

suite('the destination port that NAT takes', () => {
  const dnat = (port: number, range: Partial<NatRange> = {}, protocol = tcp) =>
    bound('destination', connection(40000, port, protocol), { address, random: false, ...range });

  test('stays without a range, and where it lies in it', () => {
    assert.equal(dnat(80), '10.9.9.9:80');
    const ports = { from: 80, to: 90 };
    assert.equal(dnat(80, { ports }), '10.9.9.9:80');
    assert.equal(dnat(90, { ports }), '10.9.9.9:90');
  });

  test('outside of the range is its first', () => {
    assert.equal(dnat(79, { ports: { from: 80, to: 90 } }), '10.9.9.9:80');
    assert.equal(dnat(91, { ports: { from: 80, to: 90 } }), '10.9.9.9:80');
  });

  test('with a base goes by the distance from it, which below the base is one of 16 bits', () => {
    const shifted = { ports: { from: 5000, to: 5009 }, portBase: 80 };
    assert.equal(dnat(80, shifted), '10.9.9.9:5000');
    assert.equal(dnat(83, shifted), '10.9.9.9:5003');
    assert.equal(dnat(90, shifted), '10.9.9.9:5000');
    // nf_nat_l4proto_unique_tuple: 65535 and 65525 modulo 10.
    assert.equal(dnat(79, shifted), '10.9.9.9:5005');
    assert.equal(dnat(69, shifted), '10.9.9.9:5005');
    const odd = { ports: { from: 5000, to: 5009 }, portBase: 83 };
    assert.equal(dnat(85, odd), '10.9.9.9:5002');
    assert.equal(dnat(81, odd), '10.9.9.9:5004');
  });
});

suite('what a binding counts as', () => {
  test('one that changes nothing is no NAT, but is done', () => {
    const { sourceNat, sourceDone, destinationNat, destinationDone } = bind(
      bind(connection(40000), 'source', { random: false }),
      'destination',
      { random: false },
    );
    assert.deepEqual(
      [sourceNat, sourceDone, destinationNat, destinationDone],
      [false, true, false, true],
    );
  });

  test('a port that may change is NAT, and NAT that was stays', () => {
    assert.equal(bind(connection(40000), 'source', { random: true }).sourceNat, true);
    const mapped = bind(connection(40000), 'destination', { address, random: false });
    assert.equal(mapped.destinationNat, true);
    assert.equal(bind(mapped, 'destination', { random: false }).destinationNat, true);
  });

  test('answers are taken by another connection that has the same, not by itself or another protocol', () => {
    const own = connection(40000);
    const { original } = own;
    const other = { ...own, original: { ...original, source: address } };
    assert.equal(isTaken([own], own), false);
    assert.equal(isTaken([other], own), true);
    assert.equal(isTaken([{ ...other, reply: { ...own.reply, protocol: 17 } }], own), false);
    assert.equal(isTaken([{ ...other, reply: { ...own.reply, destinationPort: 1 } }], own), false);
    assert.equal(isTaken([{ ...other, reply: { ...own.reply, sourcePort: 1 } }], own), false);
    assert.equal(isTaken([{ ...other, reply: { ...own.reply, source: address } }], own), false);
    assert.equal(
      isTaken([{ ...other, reply: { ...own.reply, destination: address } }], own),
      false,
    );
  });
});
