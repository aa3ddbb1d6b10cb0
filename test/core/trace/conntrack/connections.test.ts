import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import { tcpFlagBits, type Packet } from '../../../../src/core/packet';
import type { ConntrackState } from '../../../../src/core/rules/match';
import { bind, isTaken, type NatRange } from '../../../../src/core/trace/nat/binding';
import { track, typeAndCode } from '../../../../src/core/trace/conntrack/conntrack';
import {
  unconfirmed,
  type Connection,
  type Tuple,
} from '../../../../src/core/trace/conntrack/flowState';
import { replyTo } from '../../../../src/core/trace/followUp';
import { startState } from '../../../../src/core/trace/startState';
import { traceFlow } from '../../../../src/core/trace/tracer';
import { nextAfter, node, only, packet } from '../helper';

const { SYN, ACK, RST } = tcpFlagBits;
const at = (text: string) => parseAddress(text)!;

/** `10.0.0.1:1 > 10.0.0.2:80` */
function tuple(text: string, protocol = 6): Tuple {
  const [source = '', destination = ''] = text.split(' > ');
  const [from = '', sourcePort] = source.split(':');
  const [to = '', destinationPort] = destination.split(':');
  const number = (port: string | undefined) => (port === undefined ? undefined : Number(port));
  return {
    protocol,
    source: at(from),
    destination: at(to),
    sourcePort: number(sourcePort),
    destinationPort: number(destinationPort),
  };
}

function connection(original: string, reply: string, more: Partial<Connection> = {}): Connection {
  const { protocol = 6 } = more.original ?? {};
  return {
    ...unconfirmed,
    original: tuple(original, protocol),
    reply: tuple(reply, protocol),
    confirmed: true,
    seenReply: true,
    icmp: undefined,
    ...more,
  } as Connection;
}

const known = connection('10.244.1.7:40000 > 10.96.0.1:80', '10.244.2.9:8080 > 10.244.1.7:40000');

function tracked(
  of: Packet,
  connections: readonly Connection[] = [],
  forced?: ConntrackState,
  loose = true,
) {
  const state = startState(of, {});
  const text = track(state, connections, forced, loose);
  return { state, text };
}

suite('what conntrack makes of a packet', () => {
  const sent = packet('tcp 10.244.1.7:40000 > 10.96.0.1:80 cni0', { flags: ACK });

  test('one of a known connection, in its direction', () => {
    const { state, text } = tracked(sent, [known]);
    assert.equal(text, 'ESTABLISHED, original direction of a known connection');
    assert.deepEqual(
      [state.tracking, state.reply, state.ctState],
      ['tracked', false, 'ESTABLISHED'],
    );
    const answer = packet('tcp 10.244.2.9:8080 > 10.244.1.7:40000 eth0', { flags: ACK });
    const back = tracked(answer, [known]);
    assert.equal(back.text, 'ESTABLISHED, reply direction of a known connection');
    assert.equal(back.state.reply, true);
  });

  test('before an answer was seen the connection is still new', () => {
    const young = { ...known, seenReply: false };
    assert.equal(tracked(sent, [young]).state.ctState, 'NEW');
    const answer = packet('tcp 10.244.2.9:8080 > 10.244.1.7:40000 eth0', { flags: SYN | ACK });
    const { state } = tracked(answer, [young]);
    assert.deepEqual([state.ctState, state.connection?.seenReply], ['ESTABLISHED', true]);
  });

  for (const other of [
    'tcp 10.244.1.7:40001 > 10.96.0.1:80 cni0',
    'tcp 10.244.1.7:40000 > 10.96.0.1:81 cni0',
    'tcp 10.244.1.8:40000 > 10.96.0.1:80 cni0',
    'tcp 10.244.1.7:40000 > 10.96.0.2:80 cni0',
    'udp 10.244.1.7:40000 > 10.96.0.1:80 cni0',
    'tcp 10.244.2.9:8081 > 10.244.1.7:40000 eth0',
    'tcp 10.244.2.9:8080 > 10.244.1.7:40001 eth0',
  ]) {
    test(`${other} is of another`, () => {
      assert.equal(tracked(packet(other), [known]).text, 'NEW');
    });
  }

  for (const [port, belongs] of [
    [1023, false],
    [1024, true],
    [1033, true],
    [1034, false],
    [2000, true],
    [undefined, false],
  ] as const) {
    test(`an answer to port ${port}, where the kernel chose one of 1024-1033 and 2000: ${belongs}`, () => {
      const destinationPorts = [
        { from: 1024, to: 1033 },
        { from: 2000, to: 2000 },
      ];
      const reply = { ...known.reply, destinationPort: undefined, destinationPorts };
      const answer = packet('tcp 10.244.2.9:8080 > 10.244.1.7:1 eth0', { flags: ACK });
      const { state } = tracked({ ...answer, destinationPort: port }, [{ ...known, reply }]);
      assert.equal(state.ctState, belongs ? 'ESTABLISHED' : 'NEW');
      // What the answer goes to tells which it was.
      if (belongs) assert.equal(state.connection?.reply.destinationPort, port);
    });
  }

  test('one of another zone is of another, of the direction that the zone is for', () => {
    const zoned = { ...known, zone: { original: 5, reply: 5 } };
    assert.equal(tracked(sent, [zoned]).text, 'NEW');
    const inReply = { ...known, zone: { original: 0, reply: 5 } };
    assert.equal(tracked(sent, [inReply]).state.ctState, 'ESTABLISHED');
  });

  test('the state that is asked for, where it is another than NEW without NAT', () => {
    for (const forced of ['INVALID', 'UNTRACKED'] as const) {
      const { state, text } = tracked(sent, [known], forced);
      assert.equal(text, `${forced}, as asked`);
      assert.equal(state.tracking, forced.toLowerCase());
      assert.equal(state.connection, undefined);
    }
    const established = tracked(packet('tcp 10.0.0.1:1 > 10.0.0.2:2 cni0'), [], 'ESTABLISHED');
    assert.equal(established.text, 'ESTABLISHED, as asked, without NAT');
    const { connection: made } = established.state;
    assert.deepEqual(
      [made?.confirmed, made?.seenReply, made?.sourceDone, made?.destinationDone, made?.tcp?.state],
      [true, true, true, true, 'ESTABLISHED'],
    );
    const fresh = tracked(packet('tcp 10.0.0.1:1 > 10.0.0.2:2 cni0'), [], 'NEW');
    assert.equal(fresh.text, 'NEW');
    assert.deepEqual(
      [fresh.state.connection?.confirmed, fresh.state.connection?.tcp?.state],
      [false, 'SYN_SENT'],
    );
  });

  test('what opens no connection is invalid', () => {
    const text = (of: Packet, loose = true) => tracked(of, [], undefined, loose).text;
    const middle = packet('tcp 10.0.0.1:1 > 10.0.0.2:2 cni0', { flags: ACK });
    assert.equal(text(middle), 'NEW');
    assert.equal(text(middle, false), 'INVALID: it cannot open a connection');
    assert.match(text({ ...middle, flags: RST }) ?? '', /^INVALID/);
    const ping = (icmpType: number, protocol = 1) =>
      text({ ...packet('icmp 10.0.0.1 > 10.0.0.2 cni0'), protocol, icmpType });
    for (const type of [8, 13, 15, 17]) assert.equal(ping(type), 'NEW', `icmp ${type}`);
    for (const type of [0, 14, 16, 18, 9])
      assert.match(ping(type) ?? '', /^INVALID/, `icmp ${type}`);
    for (const type of [128, 139]) assert.equal(ping(type, 58), 'NEW', `icmpv6 ${type}`);
    for (const type of [129, 140, 8]) assert.match(ping(type, 58) ?? '', /^INVALID/);
    assert.equal(text(packet('47 10.0.0.1 > 10.0.0.2 cni0')), 'NEW');
  });

  test('discovery of neighbours and reports of groups are untracked', () => {
    const six = { ...packet('icmp 10.0.0.1 > 10.0.0.2 cni0'), protocol: 58 };
    const tracking = (icmpType: number) => tracked({ ...six, icmpType }).state.tracking;
    for (const type of [130, 133, 136, 143]) assert.equal(tracking(type), 'untracked', `${type}`);
    for (const type of [128, 139]) assert.equal(tracking(type), 'tracked', `${type}`);
    for (const type of [129, 137, 142, 144]) assert.equal(tracking(type), 'invalid', `${type}`);
    assert.equal(tracked({ ...six, protocol: 1, icmpType: 130 }).state.tracking, 'invalid');
  });

  test('of IPv6 what has no payload is invalid', () => {
    const six = { ...sent, source: at('fd00::1'), destination: at('fd00::2') };
    assert.match(tracked({ ...six, protocol: 59 }).text ?? '', /no payload/);
    assert.match(tracked({ ...six, fragment: true }).text ?? '', /no payload/);
    assert.equal(tracked({ ...sent, protocol: 59 }).text, 'NEW');
  });

  test('an answer to a ping has the answer’s type, the same code and the same number', () => {
    const original = tuple('10.0.0.1:5 > 10.0.0.2', 1);
    const reply = tuple('10.0.0.2 > 10.0.0.1:5', 1);
    const pinged = connection('10.0.0.1:5 > 10.0.0.2', '10.0.0.2 > 10.0.0.1:5', {
      original,
      reply,
      icmp: { type: 8, code: 0 },
      seenReply: false,
    });
    const text = (of: string, icmpType: number, icmpCode?: number) =>
      tracked(packet(of, { icmpType, icmpCode }), [pinged]).text;
    const back = 'icmp 10.0.0.2:5 > 10.0.0.1 eth0';
    assert.match(text(back, 0) ?? '', /reply direction/);
    assert.match(text(back, 8) ?? '', /^NEW$/);
    assert.match(text(back, 0, 1) ?? '', /^INVALID/);
    assert.match(text('icmp 10.0.0.2:6 > 10.0.0.1 eth0', 0) ?? '', /^INVALID/);
    assert.match(text('icmp 10.0.0.1:5 > 10.0.0.2 cni0', 8) ?? '', /original direction/);
    assert.match(text('icmp 10.0.0.1:5 > 10.0.0.2 cni0', 13) ?? '', /^NEW$/);
  });

  test('the type and code of both directions', () => {
    assert.equal(typeAndCode(1, { type: 8, code: 0 }, false), 2048);
    assert.equal(typeAndCode(1, { type: 8, code: 3 }, true), 3);
    assert.equal(typeAndCode(1, { type: 13, code: 0 }, true), 14 * 256);
    assert.equal(typeAndCode(1, { type: 17, code: 0 }, true), 18 * 256);
    assert.equal(typeAndCode(58, { type: 128, code: 0 }, true), 129 * 256);
    assert.equal(typeAndCode(58, { type: 139, code: 0 }, true), 140 * 256);
    assert.equal(typeAndCode(1, { type: 9, code: 0 }, true), undefined);
  });

  test('what conntrack has seen, or must not see, is left alone', () => {
    for (const tracking of ['tracked', 'untracked'] as const) {
      const state = { ...startState(sent, {}), tracking };
      assert.equal(track(state, [known], undefined, true), undefined);
      assert.equal(state.tracking, tracking);
    }
  });

  test('a refused attempt is forgotten at once, a connection that was answered is not', () => {
    const tcp = {
      state: 'SYN_SENT',
      closing: false,
      last: { segment: 'syn', reply: false },
    } as const;
    const reset = packet('tcp 10.244.2.9:8080 > 10.244.1.7:40000 eth0', { flags: RST | ACK });
    const drops = (seenReply: boolean) =>
      tracked(reset, [{ ...known, tcp, seenReply }]).state.dropsConnection ?? false;
    assert.equal(drops(false), true);
    assert.equal(drops(true), false);
  });
});

suite('what an ICMP error quotes (nf_conntrack_inet_error)', () => {
  const none = 'INVALID: it quotes a packet of no known connection';
  const said = (text: string, inner: string) => {
    const error = packet(text, { icmpType: 3, icmpCode: 3, inner: packet(inner) });
    return tracked(error, [known]).text;
  };
  // As it was once it had its endpoint's address.
  const translated = 'tcp 10.244.1.7:40000 > 10.244.2.9:8080';

  test('is of its connection, in the direction in which it would be answered', () => {
    assert.equal(
      said('icmp 9.9.9.9 > 10.244.1.7 eth0', translated),
      'RELATED to a known connection, reply direction',
    );
    assert.equal(
      said('icmp 10.244.1.7 > 10.96.0.1 cni0', 'tcp 10.96.0.1:80 > 10.244.1.7:40000'),
      'RELATED to a known connection, original direction',
    );
  });

  test('is of none with another address, port or protocol', () => {
    for (const other of [
      translated.replace('40000', '40001'),
      translated.replace(':8080', ':80'),
      translated.replace('10.244.1.7', '10.244.1.8'),
      translated.replace('10.244.2.9', '10.96.0.1'),
      translated.replace('tcp', 'udp'),
    ]) {
      assert.equal(said('icmp 9.9.9.9 > 10.244.1.7 eth0', other), none, other);
    }
  });

  test('before routing goes to whoever sent what it quotes', () => {
    const at = (hook: 'prerouting' | 'output') => {
      const error = packet('icmp 9.9.9.9 > 10.244.1.8 eth0', {
        icmpType: 3,
        inner: packet(translated),
      });
      const state = startState(error, {});
      state.run = { hook, items: [], index: 0, nat: 0, inDevice: 'eth0', outDevice: '' };
      return track(state, [known], undefined, true);
    };
    assert.equal(at('prerouting'), none);
    assert.match(at('output') ?? '', /^RELATED/);
  });

  test('of a ping is known by its id', () => {
    const ping = connection('10.0.0.1:5 > 10.0.0.2', '10.0.0.2 > 10.0.0.1:5', {
      original: tuple('10.0.0.1:5 > 10.0.0.2', 1),
      reply: tuple('10.0.0.2 > 10.0.0.1:5', 1),
      icmp: { type: 8, code: 0 },
    });
    const of = (id: number) => {
      const inner = packet(`icmp 10.0.0.1:${id} > 10.0.0.2`);
      const error = packet('icmp 9.9.9.9 > 10.0.0.1 eth0', { icmpType: 11, inner });
      return tracked(error, [ping]).text;
    };
    assert.equal(of(5), 'RELATED to a known connection, reply direction');
    assert.equal(of(6), none);
  });
});

suite('what a translation binds', () => {
  const opened = connection('10.0.0.1:5000 > 10.0.0.2:80', '10.0.0.2:80 > 10.0.0.1:5000', {
    confirmed: false,
    sourceDone: false,
    destinationDone: false,
  });
  const range = (more: Partial<NatRange>): NatRange => ({ random: false, ...more });
  const one = (address: string) => ({ from: at(address), to: at(address) });
  const bound = (
    side: 'source' | 'destination',
    asked: Partial<NatRange>,
    others: readonly Connection[] = [],
    of = opened,
  ) => bind(of, side, range(asked), others);

  test('of the destination: the address and the port that are asked for', () => {
    const made = bound('destination', {
      addresses: one('10.9.9.9'),
      ports: { from: 8080, to: 8080 },
    });
    assert.deepEqual([made.reply.source, made.reply.sourcePort], [at('10.9.9.9'), 8080]);
    assert.deepEqual(
      [made.destinationDone, made.destinationNat, made.sourceDone],
      [true, true, false],
    );
    const kept = bound('destination', { addresses: one('10.9.9.9') });
    assert.equal(kept.reply.sourcePort, 80);
  });

  test('to what it is already counts as none', () => {
    const made = bound('destination', { addresses: one('10.0.0.2') });
    assert.deepEqual([made.destinationDone, made.destinationNat], [true, false]);
    assert.equal(bound('source', {}).sourceNat, false);
    assert.equal(bound('source', { addresses: one('10.9.9.9') }).sourceNat, true);
  });

  test('a port of the range that it has already stays, at both of its ends', () => {
    const port = (from: number, to: number) =>
      bound('destination', { ports: { from, to } }).reply.sourcePort;
    assert.equal(port(80, 90), 80);
    assert.equal(port(70, 80), 80);
    assert.equal(port(81, 90), 81);
    assert.equal(port(70, 79), 70);
  });

  test('a shifted port by its distance from the base, in 16 bits', () => {
    const port = (from: number, to: number, portBase: number) =>
      bound('destination', { ports: { from, to }, portBase }).reply.sourcePort;
    assert.equal(port(1000, 1100, 70), 1010);
    assert.equal(port(1000, 1005, 70), 1004);
    assert.equal(port(1000, 1000, 70), 1000);
    // 80 - 90 counted in 16 bits is 65526, of 101 ports the 79th.
    assert.equal(port(1000, 1100, 90), 1000 + (65526 % 101));
  });

  const taker = connection('10.0.0.3:5000 > 10.0.0.2:80', '10.0.0.2:80 > 10.9.9.9:5000', {
    sourceDone: true,
    sourceNat: true,
  });

  test('a source port that another connection’s answers have is not free', () => {
    const alone = bound('source', { addresses: one('10.9.9.9') });
    assert.equal(alone.reply.destinationPort, 5000);
    const second = bound('source', { addresses: one('10.9.9.9') }, [taker]);
    assert.equal(second.reply.destinationPort, undefined);
    assert.deepEqual(second.reply.destinationPorts, [
      { from: 1024, to: 4999 },
      { from: 5001, to: 65535 },
    ]);
  });

  for (const [port, among] of [
    [511, { from: 1, to: 510 }],
    [512, { from: 600, to: 1023 }],
    [1023, { from: 600, to: 1022 }],
    [1024, { from: 1025, to: 65535 }],
  ] as const) {
    test(`from port ${port} another of its like: ${among.from} to ${among.to}`, () => {
      const of = {
        ...opened,
        original: { ...opened.original, sourcePort: port },
        reply: { ...opened.reply, destinationPort: port },
      };
      const other = { ...taker, reply: { ...taker.reply, destinationPort: port } };
      const made = bind(of, 'source', range({ addresses: one('10.9.9.9') }), [other]);
      assert.deepEqual(made.reply.destinationPorts, [among]);
    });
  }

  test('--random takes any of them, though its own is free', () => {
    const made = bound('source', { addresses: one('10.9.9.9'), random: true });
    assert.deepEqual(made.reply.destinationPorts, [{ from: 1024, to: 65535 }]);
    const few = bound('source', {
      addresses: one('10.9.9.9'),
      random: true,
      ports: { from: 7, to: 7 },
    });
    assert.equal(few.reply.destinationPort, 7);
  });

  test('the same sender gets the address and port that it had before', () => {
    const earlier = connection('10.0.0.1:5000 > 10.0.0.8:80', '10.0.0.8:80 > 10.9.9.8:6000', {
      sourceDone: true,
      sourceNat: true,
    });
    const asked = { addresses: { from: at('10.9.9.8'), to: at('10.9.9.9') } };
    const port = (before: Connection, more: Partial<NatRange> = {}) =>
      bound('source', { ...asked, ...more }, [before]).reply.destinationPort;
    assert.equal(port(earlier), 6000);
    // Not where it is out of the range, chance is asked for, or it was another sender.
    assert.notEqual(port({ ...earlier, reply: tuple('10.0.0.8:80 > 10.9.9.7:6000') }), 6000);
    assert.notEqual(port(earlier, { random: true }), 6000);
    assert.notEqual(port({ ...earlier, original: tuple('10.0.0.1:5001 > 10.0.0.8:80') }), 6000);
    assert.notEqual(port({ ...earlier, original: tuple('10.0.0.4:5000 > 10.0.0.8:80') }), 6000);
    assert.notEqual(port({ ...earlier, sourceDone: false }), 6000);
    assert.notEqual(port({ ...earlier, zone: { original: 5, reply: 5 } }), 6000);
  });

  test('answers are taken by those of another connection, or by what another has sent', () => {
    const mine = tuple('10.0.0.2:80 > 10.9.9.9:5000');
    const taken = (other: Connection) => isTaken(mine, opened, [other]);
    assert.ok(taken(taker));
    assert.ok(taken(connection('10.0.0.2:80 > 10.9.9.9:5000', '10.9.9.9:5000 > 10.0.0.2:80')));
    assert.ok(!taken({ ...taker, reply: tuple('10.0.0.2:81 > 10.9.9.9:5000') }));
    assert.ok(!taken({ ...taker, reply: tuple('10.0.0.2:80 > 10.9.9.9:5001') }));
    assert.ok(
      !taken({
        ...taker,
        reply: tuple('10.0.0.2:80 > 10.9.9.9:5000', 17),
        original: tuple('10.0.0.3:5000 > 10.0.0.2:80', 17),
      }),
    );
    assert.ok(!taken({ ...taker, zone: { original: 5, reply: 5 } }));
    // The connection itself, known from before, is none.
    assert.ok(!taken({ ...taker, original: opened.original }));
    // Which port it has is not known.
    assert.ok(!isTaken({ ...mine, destinationPort: undefined }, opened, [taker]));
    assert.ok(!isTaken({ ...mine, sourcePort: undefined }, opened, [taker]));
  });
});

suite('what comes after a packet', () => {
  const sent = packet('udp 10.244.1.7:40000 > 8.8.8.8:53 cni0');

  test('of UDP the answer and the next packet have no flags', () => {
    const { verdict } = only(traceFlow(node(), sent));
    const reply = replyTo(sent, verdict)!;
    assert.deepEqual(
      [reply.packet.flags, reply.packet.sourcePort, reply.packet.destinationPort],
      [undefined, 53, 40000],
    );
    assert.equal(reply.packet.inInterface, 'eth0');
    assert.equal(nextAfter(sent, verdict).packet.flags, undefined);
  });

  test('of TCP a SYN with an ACK, then an ACK', () => {
    const tcp = packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0');
    const { verdict } = only(traceFlow(node(), tcp));
    assert.equal(replyTo(tcp, verdict)?.packet.flags, SYN | ACK);
    assert.equal(nextAfter(tcp, verdict).packet.flags, ACK);
  });

  test('of a ping to the node itself the answer comes from the node, without a port', () => {
    const ping = packet('icmp 10.244.1.7:5 > 192.168.50.10 cni0');
    const { packet: reply } = replyTo(ping, only(traceFlow(node(), ping)).verdict)!;
    assert.deepEqual(
      [reply.icmpType, reply.sourcePort, reply.destinationPort, reply.inInterface],
      [0, 5, undefined, undefined],
    );
  });

  test('nothing answers what was not tracked', () => {
    const state = node({ rules: '*raw\n:PREROUTING ACCEPT\n-A PREROUTING -j CT --notrack\n' });
    assert.equal(replyTo(sent, only(traceFlow(state, sent)).verdict), undefined);
  });

  test('the same ends in another zone are another connection, and both are kept', () => {
    const zoned = node({ rules: '*raw\n:PREROUTING ACCEPT\n-A PREROUTING -j CT --zone 5\n' });
    const first = only(traceFlow(node(), sent)).verdict.after;
    const kept = (state: ReturnType<typeof node>) =>
      only(traceFlow(state, sent, { memory: first })).verdict.after.connections?.length;
    assert.equal(kept(node()), 1);
    assert.equal(kept(zoned), 2);
  });
});
