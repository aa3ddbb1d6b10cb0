import assert from 'node:assert/strict';
import { formatAddress, parseAddress } from '../../../src/core/address';
import { tcpFlagBits, type Packet } from '../../../src/core/packet';
import { both, known, negate, openFor, settle, type Open } from '../../../src/core/trace/answer';
import { icmpErrorOf, isRefusal } from '../../../src/core/trace/client/refusal';
import { namesClient } from '../../../src/core/trace/client/answerPacket';
import { leaves, type Leaf } from '../../../src/core/trace/leaves';
import type { State } from '../../../src/core/trace/state';
import { traceFlow, type TraceOptions } from '../../../src/core/trace/tracer';
import { node, only, packet, visits, type Dumps } from './helper';

const { SYN, ACK, RST } = tcpFlagBits;
const web = packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0');
const rejects = (how: string, output = '') =>
  `*filter\n:FORWARD ACCEPT\n:INPUT ACCEPT\n:OUTPUT ACCEPT\n-A FORWARD -j REJECT --reject-with ${how}\n-A INPUT -j REJECT --reject-with ${how}\n${output}`;

function refused(
  how: string,
  of: Packet = web,
  dumps: Dumps = {},
  options: TraceOptions = {},
): Leaf {
  return only(traceFlow(node({ rules: rejects(how), ...dumps }), of, options));
}

/** The packet that the node sends back where it ends: `10.0.0.1:80 > 10.0.0.2:1`. */
function answer(leaf: Leaf) {
  const [way] = leaf.verdict.client?.way ? leaves(leaf.verdict.client.way) : [];
  return way?.verdict;
}

suite('what a node answers to what it refuses', () => {
  test('a RST from where the packet went to, over OUTPUT and POSTROUTING', () => {
    const end = answer(refused('tcp-reset'))!;
    assert.deepEqual(
      [
        end.final?.source,
        end.final?.sourcePort,
        end.final?.destination,
        end.final?.destinationPort,
      ].map((one) => (typeof one === 'object' ? formatAddress(one) : one)),
      ['8.8.8.8', 80, '10.244.1.7', 40000],
    );
    assert.equal(end.delivered, 'cni0');
  });

  test('its flags: with ACK where the refused packet had none', () => {
    const flags = (sent: number, asked: string) => {
      const rules = `${rejects('tcp-reset')}-A OUTPUT -p tcp -m tcp --tcp-flags ALL ${asked} -j DROP\n`;
      const { verdict } = refused('tcp-reset', { ...web, flags: sent }, { rules });
      return verdict.client?.text.includes('lost');
    };
    assert.equal(flags(SYN, 'RST,ACK'), true);
    assert.equal(flags(SYN, 'RST'), false);
    assert.equal(flags(SYN | ACK, 'RST'), true);
    assert.equal(flags(SYN | ACK, 'RST,ACK'), false);
  });

  test('nothing to a RST, to an ICMP error, to a packet for many, to a source that is none', () => {
    const text = (how: string, of: Packet, dumps?: Dumps) =>
      refused(how, of, dumps).verdict.client?.text;
    assert.equal(
      text('tcp-reset', { ...web, flags: RST | ACK }),
      'silence: a RST is not answered by one',
    );
    const error = { ...packet('icmp 10.244.1.7 > 8.8.8.8 cni0'), icmpType: 3 };
    assert.equal(
      text('icmp-port-unreachable', error),
      'silence: an ICMP error is not answered by one',
    );
    const broadcast = packet('udp 192.168.50.77:1 > 192.168.50.255:2 eth0');
    assert.equal(
      text('icmp-port-unreachable', broadcast),
      'silence: nothing is answered to a packet for many',
    );
    const without = packet('udp 0.0.0.0:68 > 255.255.255.255:67 eth0');
    assert.match(text('icmp-port-unreachable', without) ?? '', /for many/);
  });

  test('an error from the address that was asked where that is the node’s, else by the route', () => {
    const source = (of: Packet, sysctls = {}) =>
      formatAddress(answer(refused('icmp-port-unreachable', of, { sysctls }))!.final!.source);
    assert.equal(source(packet('udp 10.244.1.7:1 > 192.168.50.10:53 cni0')), '192.168.50.10');
    assert.equal(source(web), '10.244.1.1');
    const far = packet('tcp 10.244.2.7:40000 > 10.244.1.5:80 eth0');
    assert.equal(source(far), '192.168.50.10');
    assert.equal(source(far, { 'net.ipv4.icmp_errors_use_inbound_ifaddr': '1' }), '192.168.50.10');
  });

  test('it has the mark of what it answers only with fwmark_reflect', () => {
    const mark = (sysctls: Readonly<Record<string, string>>) =>
      answer(refused('icmp-port-unreachable', web, { sysctls }, { mark: 7 }))?.finalMark;
    assert.equal(mark({}), 0);
    assert.equal(mark({ 'net.ipv4.fwmark_reflect': '0' }), 0);
    assert.equal(mark({ 'net.ipv4.fwmark_reflect': '1' }), 7);
    assert.equal(mark({ 'net.ipv6.fwmark_reflect': '1' }), 0);
  });

  test('its TOS is that of the packet with precedence of internet control', () => {
    const rules = (tos: string) =>
      rejects('icmp-port-unreachable', `-A OUTPUT -m tos --tos ${tos}/0xff -j DROP\n`);
    const lost = (tos: string, of: Packet) =>
      refused('icmp-port-unreachable', of, { rules: rules(tos) }).verdict.client?.text.includes(
        'lost',
      );
    assert.equal(lost('0xc0', web), true);
    assert.equal(lost('0xd0', { ...web, tos: 0x10 }), true);
    assert.equal(lost('0xde', { ...web, tos: 0xff }), true);
  });

  for (const [sent, answered] of [
    // The head and at least the 8 bytes behind it, at most 548 bytes, behind a head and 8 bytes of its own.
    [undefined, 56],
    [28, 56],
    [40, 68],
    [548, 576],
    [549, 576],
    [1500, 576],
  ] as const) {
    test(`an ICMP error of a packet of ${sent ?? 'a length that is not told'} bytes has ${answered}`, () => {
      const lost = (length: number) => {
        const rules = rejects(
          'icmp-port-unreachable',
          `-A OUTPUT -m length --length ${length} -j DROP\n`,
        );
        const of = { ...web, length: sent };
        return refused('icmp-port-unreachable', of, { rules }).verdict.client?.text.includes(
          'lost',
        );
      };
      assert.deepEqual([answered - 1, answered, answered + 1].map(lost), [false, true, false]);
    });
  }

  test('what is not tracked, or of no connection, has an answer that is not either', () => {
    const state = (raw: string, of = web) => {
      const states = ['NEW', 'RELATED', 'UNTRACKED', 'INVALID'];
      const told = states.filter((each) => {
        const output = `-A OUTPUT -m conntrack --ctstate ${each} -j DROP\n`;
        const rules = `${raw}${rejects('icmp-port-unreachable', output)}`;
        return refused('icmp-port-unreachable', of, { rules }).verdict.client?.text.includes(
          'lost',
        );
      });
      return told.join();
    };
    assert.equal(state(''), 'RELATED');
    // An error about a packet of no known connection (nf_conntrack_inet_error).
    assert.equal(state('*raw\n:PREROUTING ACCEPT\n-A PREROUTING -j CT --notrack\n'), 'INVALID');
  });

  test('the connection that it refuses is RELATED to it, and is not kept', () => {
    const rules = rejects(
      'icmp-port-unreachable',
      '-A OUTPUT -m conntrack --ctstate RELATED -m conntrack --ctdir REPLY -j DROP\n',
    );
    const { verdict } = refused('icmp-port-unreachable', web, { rules });
    assert.match(verdict.client?.text ?? '', /lost/);
    assert.deepEqual(verdict.after.connections, []);
  });

  test('what the client’s socket makes of it', () => {
    for (const reply of ['tcp-reset', 'icmp-port-unreachable', 'icmp6-port-unreachable']) {
      assert.ok(isRefusal(reply));
    }
    assert.ok(!isRefusal('icmp-host-unreachable'));
    assert.equal(refused('icmp-host-unreachable').verdict.client?.sees, 'unreachable');
    assert.equal(refused('icmp-port-unreachable').verdict.client?.sees, 'refused');
  });

  test('an answer that a program takes, or whose way is not known, may get through', () => {
    const text = (target: string) => {
      const rules = rejects('icmp-port-unreachable', `-A OUTPUT -p icmp -j ${target}\n`);
      return refused('icmp-port-unreachable', web, { rules }).verdict.client;
    };
    assert.equal(text('NFQUEUE')?.sees, 'unknown');
    assert.match(text('NFQUEUE')?.text ?? '', /^ICMP port unreachable, if it gets through: /);
    assert.equal(text('DROP')?.sees, 'silence');
  });

  test('a drop is silence; a program on the node is told at once', () => {
    const drop = (rules: string, of: Packet) =>
      only(traceFlow(node({ rules }), of)).verdict.client?.text;
    const own = packet('udp 192.168.50.10:1 > 8.8.8.8:53');
    assert.equal(
      drop('*filter\n:OUTPUT DROP\n', own),
      'silence: nothing is answered (a UDP socket gets EPERM)',
    );
    assert.equal(drop('*filter\n:FORWARD DROP\n', web), 'silence: nothing is answered');
    // Over the loopback device it has left the socket already.
    const self = packet('udp 192.168.50.10:1 > 192.168.50.10:53');
    assert.equal(drop('*filter\n:INPUT DROP\n', self), 'silence: nothing is answered');
  });

  test('the numbers of each ICMP error', () => {
    for (const [name, protocol, type, code] of [
      ['icmp-net-unreachable', 1, 3, 0],
      ['icmp-host-unreachable', 1, 3, 1],
      ['icmp-proto-unreachable', 1, 3, 2],
      ['icmp-port-unreachable', 1, 3, 3],
      ['icmp-net-prohibited', 1, 3, 9],
      ['icmp-host-prohibited', 1, 3, 10],
      ['icmp-admin-prohibited', 1, 3, 13],
      ['icmp-time-exceeded', 1, 11, 0],
      ['icmp6-no-route', 58, 1, 0],
      ['icmp6-adm-prohibited', 58, 1, 1],
      ['icmp6-addr-unreachable', 58, 1, 3],
      ['icmp6-port-unreachable', 58, 1, 4],
      ['icmp6-time-exceeded', 58, 3, 0],
    ] as const) {
      assert.deepEqual(icmpErrorOf(name), { protocol, type, code }, name);
    }
    assert.equal(icmpErrorOf('tcp-reset'), undefined);
  });

  test('an error counts for the client only where it names what it sent', () => {
    const header = {
      protocol: 6,
      source: web.source,
      sourcePort: 40000,
      destination: web.destination,
      destinationPort: 80,
    };
    const quoting = (inner: object) =>
      namesClient(web, { ...header, protocol: 1, inner: { ...header, ...inner } });
    assert.ok(quoting({}));
    assert.ok(!quoting({ destination: parseAddress('10.0.0.1')! }));
    assert.ok(!quoting({ source: parseAddress('10.0.0.1')! }));
    assert.ok(!quoting({ sourcePort: 1 }));
    assert.ok(!quoting({ destinationPort: 1 }));
    const turned = {
      protocol: 6,
      source: web.destination,
      sourcePort: 80,
      destination: web.source,
      destinationPort: 40000,
    };
    assert.ok(namesClient(web, turned));
    assert.ok(!namesClient(web, { ...turned, sourcePort: 81 }));
  });
});

suite('answers that are open', () => {
  const open = (condition: string, more: Partial<Open> = {}): Open => ({
    condition,
    otherwise: `not ${condition}`,
    ...more,
  });

  test('a sure no decides, a sure yes leaves the other', () => {
    const a = open('a');
    assert.equal(both(false, a), false);
    assert.equal(both(a, false), false);
    assert.equal(both(true, a), a);
    assert.equal(both(a, true), a);
    assert.equal(both(true, true), true);
  });

  test('two become one, with the reasons of both, each once', () => {
    const one = both(open('a', { unknown: 'x' }), open('b', { unknown: 'y' })) as Open;
    assert.deepEqual(
      [one.condition, one.otherwise, one.unknown],
      ['a and b', 'not both: a; b', 'x; y'],
    );
    assert.equal(
      (both(open('a', { unknown: 'x' }), open('b', { unknown: 'x' })) as Open).unknown,
      'x',
    );
    assert.equal((both(open('a'), open('b')) as Open).unknown, undefined);
  });

  test('where both hold, each is known from then on; where not, neither', () => {
    const question = both(open('a', { key: 'a' }), open('b', { key: '!b' })) as Open;
    const facts = (holds: boolean) => {
      const state = { facts: new Map() } as unknown as State;
      settle(state, question, holds);
      return ['a', 'b'].map((key) => state.facts.get(key));
    };
    assert.deepEqual(facts(true), [true, false]);
    assert.deepEqual(facts(false), [undefined, undefined]);
  });

  test('the contrary turns words, chance and what is known over', () => {
    const told: boolean[] = [];
    const a = open('a', {
      probability: 0.25,
      key: 'k',
      apply: (_, holds) => void told.push(holds),
    });
    const not = negate(a, true) as Open;
    assert.deepEqual(
      [not.condition, not.otherwise, not.probability, not.key],
      ['not a', 'a', 0.75, '!k'],
    );
    not.apply?.({} as State, true);
    assert.deepEqual(told, [false]);
    assert.equal((negate(not, true) as Open).key, 'k');
    assert.equal(negate(a, false), a);
    assert.deepEqual([negate(true, true), negate(false, true)], [false, true]);
  });

  test('what a branch has decided is not asked again, nor its contrary', () => {
    const facts = new Map([['k', true]]);
    assert.equal(known(open('a', { key: 'k' }), facts), true);
    assert.equal(known(open('a', { key: '!k' }), facts), false);
    const other = open('a', { key: 'other' });
    assert.equal(known(other, facts), other);
    assert.equal(known(false, facts), false);
    assert.equal(openFor(true, 'x'), true);
    assert.equal((openFor({ unknown: 'why' } as never, 'x', 'k') as Open).condition, 'x holds');
  });
});

suite('what the steps of a way say', () => {
  const way = (of: Packet, dumps: Dumps = {}) => only(traceFlow(node(dumps), of));

  test('where it is delivered, in words', () => {
    assert.equal(way(web).verdict.reason, 'delivered by eth0');
    const own = packet('tcp 10.244.1.7:40000 > 192.168.50.10:80 cni0');
    assert.equal(way(own).verdict.reason, 'delivered to the node itself');
  });

  test('the line of the route that it took', () => {
    const lines = (of: Packet) =>
      way(of).steps.flatMap((step) => (step.kind === 'routing' ? [step.range?.line] : []));
    assert.deepEqual(lines(web), [0]);
    assert.deepEqual(lines(packet('tcp 192.168.50.77:1 > 10.244.1.5:80 eth0')), [1]);
  });

  test('a rule of nat that accepts translates nothing; one that translates is named', () => {
    const nat = (target: string) =>
      way(web, { rules: `*nat\n:PREROUTING ACCEPT\n-A PREROUTING -j ${target}\n` }).steps.flatMap(
        (step) => (step.kind === 'nat' ? [[step.effect, step.range?.line]] : []),
      );
    assert.deepEqual(nat('ACCEPT'), []);
    const [[effect, line] = []] = nat('DNAT --to-destination 10.244.2.9');
    assert.match(String(effect), / -> .*10\.244\.2\.9:80$/);
    assert.equal(line, 2);
  });

  test('a source port that was chosen at random is in a set by chance', () => {
    const self = packet('tcp 192.168.50.10:40000 > 192.168.50.10:80');
    const rules =
      '*mangle\n:INPUT ACCEPT\n-A INPUT -m set --match-set P src -j MARK --set-xmark 0x1/0x1\n*nat\n:POSTROUTING ACCEPT\n-A POSTROUTING -p tcp -j MASQUERADE --random\n';
    const marks = (elements: string) => {
      const sets = `create P bitmap:port range 0-65535\n${elements}`;
      return leaves(traceFlow(node({ rules, sets }), self).path).map(({ verdict, probability }) => [
        verdict.finalMark,
        probability,
      ]);
    };
    assert.deepEqual(marks(''), [[0, 1]]);
    assert.deepEqual(marks('add P 0-65535\n'), [[1, 1]]);
    // Half of 1024 to 65535.
    assert.deepEqual(marks('add P 1024-33279\n'), [
      [1, 0.5],
      [0, 0.5],
    ]);
  });
});

suite('the end of a walk', () => {
  const walk = (rules: string) => {
    const trace = traceFlow(node({ rules: `*filter\n:FORWARD ACCEPT\n${rules}` }), web);
    const way = only(trace);
    return {
      visits: visits(way),
      verdict: way.verdict,
      findings: trace.findings.map(({ code }) => code),
    };
  };

  test('a chain that calls itself over another is told where it is called again', () => {
    const {
      visits: seen,
      verdict,
      findings,
    } = walk(':A -\n:B -\n-A FORWARD -j A\n-A A -j B\n-A B -j A\n');
    assert.deepEqual(seen, ['filter FORWARD 1', 'filter A 1', 'filter B 1']);
    assert.equal(verdict.kind, 'UNKNOWN');
    assert.equal(verdict.reason, 'A calls itself: the kernel would not load such rules');
    assert.deepEqual(findings, ['chain-loop']);
  });

  test('the same chain twice, one after the other, is no circle', () => {
    const { verdict } = walk(':A -\n:B -\n-A FORWARD -j A\n-A FORWARD -j B\n-A B -j A\n');
    assert.equal(verdict.kind, 'ACCEPT');
  });

  test('chains that go to each other for ever end, too', () => {
    const { verdict, findings } = walk(':A -\n:B -\n-A FORWARD -g A\n-A A -g B\n-A B -g A\n');
    assert.equal(verdict.kind, 'UNKNOWN');
    assert.deepEqual(findings, ['chain-loop']);
  });

  test('a chain that the dump has not', () => {
    const { verdict, findings } = walk('-A FORWARD -j GONE\n');
    assert.equal(verdict.reason, 'the dump has no chain GONE');
    assert.deepEqual(findings, ['chain-not-found']);
  });

  test('a policy that the dump has not is a question', () => {
    const ways = leaves(
      traceFlow(node({ rules: '*filter\n-A FORWARD -p udp -j DROP\n' }), web).path,
    );
    assert.deepEqual(
      ways.map(({ verdict }) => verdict.kind),
      ['ACCEPT', 'DROP'],
    );
    assert.match(
      ways[0]?.branches[0]?.unknown ?? '',
      /the policy of filter FORWARD is not in the dump/,
    );
  });

  test('a line of which the target could not be read may decide over the packet', () => {
    const kinds = (rule: string) =>
      leaves(
        traceFlow(node({ rules: `*filter\n:FORWARD ACCEPT\n-A FORWARD ${rule}\n` }), web).path,
      ).map(({ verdict }) => verdict.kind);
    assert.deepEqual(kinds('-p tcp --no-such-option 7'), ['ACCEPT', 'UNKNOWN', 'ACCEPT']);
    assert.deepEqual(kinds('-p udp --no-such-option 7'), ['ACCEPT']);
    assert.deepEqual(kinds('-p tcp --no-such-option 7 -j DROP'), ['DROP', 'ACCEPT']);
  });
});
