import assert from 'node:assert/strict';
import { formatAddress, parseAddress } from '../../../../src/core/address';
import type { Connection, Tuple } from '../../../../src/core/trace/conntrack/flowState';
import { bind, isTaken as isTakenBy, type NatRange } from '../../../../src/core/trace/nat/binding';
import type { Side } from '../../../../src/core/trace/nat/nat';

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
const addresses = { from: address, to: address };

suite('the source port that NAT takes', () => {
  const snat = (port: number | undefined, range: Partial<NatRange> = {}, protocol = tcp) =>
    bound('source', connection(port, 80, protocol), { addresses, random: false, ...range });

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
    bound('destination', connection(40000, port, protocol), { addresses, random: false, ...range });

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
    const mapped = bind(connection(40000), 'destination', { addresses, random: false });
    assert.equal(mapped.destinationNat, true);
    assert.equal(bind(mapped, 'destination', { random: false }).destinationNat, true);
  });

  test('answers are taken by another connection that has the same, not by itself or another protocol', () => {
    const own = connection(40000);
    const { original } = own;
    const other = { ...own, original: { ...original, source: address } };
    const isTaken = (...others: Connection[]) =>
      bind(own, 'source', { random: false }, others).reply.destinationPorts !== undefined;
    const answering = (more: Partial<Tuple>) => ({ ...other, reply: { ...own.reply, ...more } });
    assert.equal(isTaken(own), false);
    assert.equal(isTaken(other), true);
    // Without ports the two addresses are all that there is.
    const tunnel = connection(undefined, undefined, gre);
    const another = { ...tunnel, original: { ...tunnel.original, source: address } };
    assert.equal(isTakenBy(tunnel.reply, tunnel, [another]), true);
    assert.equal(isTakenBy(tunnel.reply, tunnel, [tunnel]), false);
    assert.equal(isTaken(answering({ protocol: 17 })), false);
    assert.equal(isTaken(answering({ destinationPort: 1 })), false);
    assert.equal(isTaken(answering({ sourcePort: 1 })), false);
    assert.equal(isTaken(answering({ source: address })), false);
    assert.equal(isTaken(answering({ destination: address })), false);
  });
});

suite('NAT where other connections have the same answers (get_unique_tuple)', () => {
  /** Another client's connection whose answers come from and go to where those of ours would. */
  const taking = (own: Connection, side: Side, range: NatRange): Connection => {
    const { original } = own;
    const { reply } = bind(own, side, range);
    return { ...own, original: { ...original, source: parseAddress('10.0.0.9')! }, reply };
  };
  const snat = (own: Connection, range: NatRange, others: Connection[]) =>
    bind(own, 'source', range, others).reply;
  const dnat = (own: Connection, range: NatRange, others: Connection[]) =>
    bind(own, 'destination', range, others).reply;

  test('a source takes another port of its like, but none that is taken', () => {
    const own = connection(40000);
    const range = { addresses, random: false };
    const { destinationPort, destinationPorts } = snat(own, range, [taking(own, 'source', range)]);
    assert.equal(destinationPort, undefined);
    assert.deepEqual(destinationPorts, [
      { from: 1024, to: 39999 },
      { from: 40001, to: 65535 },
    ]);
  });

  test('of a range of two ports the other one is left', () => {
    const own = connection(5000);
    const range = { addresses, ports: { from: 5000, to: 5001 }, random: false };
    assert.equal(snat(own, range, [taking(own, 'source', range)]).destinationPort, 5001);
  });

  test('a source that the range has already stays, at a port that it has', () => {
    const client = parseAddress('10.0.0.1')!;
    const range = {
      addresses: { from: client, to: client },
      ports: { from: 1000, to: 2000 },
      random: false,
    };
    for (const port of [1000, 1500, 2000]) {
      assert.equal(snat(connection(port), range, []).destinationPort, port);
    }
    for (const port of [999, 2001]) {
      const { destinationPort, destinationPorts } = snat(connection(port), range, []);
      assert.deepEqual(
        [destinationPort, destinationPorts],
        [undefined, [{ from: 1000, to: 2000 }]],
      );
    }
  });

  test('of a range whose ports are all taken the kernel takes one in the end', () => {
    const own = connection(5000);
    const range = { addresses, ports: { from: 5000, to: 5001 }, random: false };
    const first = taking(own, 'source', range);
    const second = { ...first, reply: { ...first.reply, destinationPort: 5001 } };
    assert.deepEqual(snat(own, range, [first, second]).destinationPorts, [
      { from: 5000, to: 5001 },
    ]);
  });

  test('20,000 others of one server are gone over once', () => {
    const own = connection(40000);
    const range = { addresses, random: true };
    const { reply, ...first } = taking(own, 'source', range);
    const others = Array.from({ length: 20_000 }, (_, i): Connection => {
      const port = { destinationPort: 1024 + 2 * i, destinationPorts: undefined };
      return { ...first, reply: { ...reply, ...port } };
    });
    const free = snat(own, range, others.reverse()).destinationPorts!;
    assert.deepEqual(
      [free.length, free[0], free[1], free.at(-1)],
      [20_000, { from: 1025, to: 1025 }, { from: 1027, to: 1027 }, { from: 41_023, to: 65_535 }],
    );
  });

  test('what another one was opened by counts too, but where nothing is mapped and that has no NAT', () => {
    const own = connection(40000);
    const opened = { ...own, original: own.reply, reply: own.original };
    const { destinationPort } = snat(own, { random: false }, [opened]);
    assert.equal(destinationPort, 40000);
    const mapped = { ...opened, destinationNat: true };
    assert.equal(snat(own, { random: false }, [mapped]).destinationPort, undefined);
    const apart = { ...mapped, zone: { original: 5, reply: 0 } };
    assert.equal(snat(own, { random: false }, [apart]).destinationPort, 40000);
  });

  test('a range of one port is not asked twice', () => {
    const own = connection(40000);
    const range = { addresses, ports: { from: 7, to: 7 }, random: false };
    assert.equal(snat(own, range, [taking(own, 'source', range)]).destinationPort, 7);
  });

  test('a destination takes the next port of its range, without a range it stays', () => {
    const own = connection(40000);
    const range = { addresses, ports: { from: 8000, to: 8009 }, random: false };
    const first = taking(own, 'destination', range);
    assert.equal(dnat(own, range, [first]).sourcePort, 8001);
    const next = { ...first, reply: { ...first.reply, sourcePort: 8001 } };
    assert.equal(dnat(own, range, [first, next]).sourcePort, 8002);
    const plain = { addresses, random: false };
    assert.equal(dnat(own, plain, [taking(own, 'destination', plain)]).sourcePort, 80);
  });

  test('a ping takes the first free id where its destination is mapped, any where its source is', () => {
    const own = { ...connection(77, undefined, icmp), icmp: { type: 8, code: 0 } };
    const range = { addresses, random: false };
    const first = taking(own, 'destination', range);
    assert.equal(dnat(own, range, [first]).destinationPort, 0);
    const { destinationPorts } = snat(own, range, [taking(own, 'source', range)]);
    assert.deepEqual(destinationPorts, [
      { from: 0, to: 76 },
      { from: 78, to: 65535 },
    ]);
  });

  test('only a ping of the same type and code has the same id', () => {
    const own = { ...connection(77, undefined, icmp), icmp: { type: 8, code: 0 } };
    const range = { addresses, random: false };
    const first = taking(own, 'source', range);
    const id = (other: Connection) => snat(own, range, [other]).destinationPort;
    assert.equal(id(first), undefined);
    assert.equal(id({ ...first, icmp: { type: 13, code: 0 } }), 77);
    assert.equal(id({ ...first, icmp: { type: 8, code: 1 } }), 77);
  });

  test('answers count in their own direction’s zone, who opened a connection in the other’s', () => {
    const own = connection(40000);
    const range = { addresses, random: false };
    const first = taking(own, 'source', range);
    const port = (zone: Connection['zone']) =>
      snat(own, range, [{ ...first, zone }]).destinationPort;
    assert.equal(port({ original: 5, reply: 0 }), undefined);
    assert.equal(port({ original: 0, reply: 5 }), 40000);
  });

  test('a sender keeps the source that an earlier connection got (find_appropriate_src)', () => {
    const own = connection(40000);
    const range = { addresses: { from: address, to: parseAddress('10.9.9.99')! }, random: false };
    const earlier = (text: string, sourceDone = true): Connection => ({
      ...own,
      original: { ...own.original, destination: parseAddress('10.0.0.3')! },
      reply: { ...own.reply, source: parseAddress('10.0.0.3')!, destination: parseAddress(text)! },
      sourceDone,
    });
    const to = (...others: Connection[]) => formatAddress(snat(own, range, others).destination);
    const hashed = to();
    const kept = hashed === '10.9.9.50' ? '10.9.9.51' : '10.9.9.50';
    assert.equal(to(earlier(kept)), kept);
    assert.equal(to(earlier(kept, false)), hashed);
    assert.equal(to(earlier('10.9.8.1')), hashed);
    const udp = earlier(kept);
    assert.equal(to({ ...udp, original: { ...udp.original, protocol: 17 } }), hashed);
    assert.equal(to({ ...earlier(kept), zone: { original: 5, reply: 0 } }), hashed);
    assert.equal(to({ ...earlier(kept), zone: { original: 0, reply: 5 } }), kept);
    assert.equal(
      formatAddress(snat(own, { ...range, random: true }, [earlier(kept)]).destination),
      hashed,
    );
  });

  test('--random asks for an address of the range though the source has one', () => {
    const own = connection(40000);
    const { destination } = own.reply;
    const range = { addresses: { from: destination, to: parseAddress('10.0.0.99')! } };
    assert.equal(formatAddress(snat(own, { ...range, random: false }, []).destination), '10.0.0.1');
    assert.notEqual(
      formatAddress(snat(own, { ...range, random: true }, []).destination),
      '10.0.0.1',
    );
  });
});
