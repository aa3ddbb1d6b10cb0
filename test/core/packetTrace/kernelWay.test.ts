import assert from 'node:assert/strict';
import { formatAddress, withPort } from '../../../src/core/address';
import { kernelWay } from '../../../src/core/packetTrace/kernelWay';
import type { Header } from '../../../src/core/trace/trace';
import { layOn, logLine } from './smallNode';

const rules = [
  '*nat',
  ':PREROUTING ACCEPT [0:0]',
  ':OUTPUT ACCEPT [0:0]',
  ':POSTROUTING ACCEPT [0:0]',
  ':WEB - [0:0]',
  '-A PREROUTING -p tcp -j WEB',
  '-A WEB -p tcp -j MARK --set-xmark 0x4000/0x4000',
  '-A WEB -p tcp --dport 80 -j DNAT --to-destination 10.244.1.5:8080',
  '-A POSTROUTING -p tcp -j MASQUERADE',
  '*filter',
  ':INPUT ACCEPT [0:0]',
  ':FORWARD DROP [0:0]',
  '-A FORWARD -p tcp --dport 22 -j DROP',
  '-A FORWARD -p tcp --dport 23 -j REJECT --reject-with tcp-reset',
  '-A FORWARD -p tcp --dport 8080 -j ACCEPT',
];

/** The way of one packet. */
function way(...lines: string[]) {
  return kernelWay(layOn(rules, ...lines)[0]!);
}

function verdict(...lines: string[]) {
  const { kind, reason, reply, delivered, final } = way(...lines).verdict;
  return {
    kind,
    reason,
    reply,
    delivered,
    to: final && withPort(final.destination, final.destinationPort),
  };
}

const pod = { to: '10.244.1.5', port: 8080, devices: 'IN=eth0 OUT=cni0' };

suite('what became of a packet by its last line', () => {
  test('a rule that drops or refuses, by its place', () => {
    assert.deepEqual(verdict(logLine('filter:FORWARD:rule:1', { ...pod, port: 22 })), {
      kind: 'DROP',
      reason: 'filter FORWARD rule 1',
      reply: undefined,
      delivered: undefined,
      to: '10.244.1.5:22',
    });
    const refused = way(logLine('filter:FORWARD:rule:2', { ...pod, port: 23 }));
    assert.equal(refused.verdict.kind, 'REJECT');
    assert.equal(refused.verdict.reply, 'tcp-reset');
    assert.equal(refused.verdict.range?.line, 14);
  });

  test('in the last hook it left by the device, or came to the node', () => {
    const left = { ...pod, devices: 'IN= OUT=cni0' };
    const { kind, delivered } = verdict(logLine('nat:POSTROUTING:rule:1', left));
    assert.deepEqual([kind, delivered], ['ACCEPT', 'cni0']);
    const here = verdict(logLine('filter:INPUT:policy:1'));
    assert.deepEqual([here.kind, here.delivered], ['ACCEPT', 'local']);
  });

  test('elsewhere the trace ends before it does', () => {
    const open = verdict(logLine('filter:FORWARD:rule:3', pod));
    assert.equal(open.kind, 'UNKNOWN');
    assert.equal(open.reason, 'the trace ends in forward: what came then, it does not tell');
    assert.match(
      verdict(logLine('nat:OUTPUT:policy:1', { devices: 'IN= OUT=eth0' })).reason,
      /output/,
    );
  });

  test('the policy that a line prints decides, not that of the dump', () => {
    const line = (said: string) =>
      `trace id 4f1c2a90 ip filter FORWARD packet: iif "eth0" oif "cni0" ip saddr 192.0.2.7 ip daddr 10.244.1.5 ip protocol tcp tcp sport 1 tcp dport 9\ntrace id 4f1c2a90 ip filter FORWARD policy ${said}`;
    const dropped = verdict(line('drop'));
    assert.deepEqual([dropped.kind, dropped.reason], ['DROP', 'the policy of filter FORWARD']);
    assert.equal(verdict(line('accept')).kind, 'UNKNOWN');
  });

  test('a chain that the dumps do not have leaves it open', () => {
    assert.equal(verdict(logLine('filter:GONE:rule:1', pod)).kind, 'UNKNOWN');
  });
});

suite('the steps of a kernel trace', () => {
  const marked = { more: ' MARK=0x4000' };
  const whole = () =>
    way(
      logLine('nat:PREROUTING:rule:1'),
      logLine('nat:WEB:rule:1'),
      logLine('nat:WEB:rule:2', marked),
      logLine('filter:FORWARD:rule:3', { ...pod, ...marked }),
      logLine('nat:POSTROUTING:rule:1', { ...pod, ...marked, devices: 'IN= OUT=cni0' }),
    );

  test('are rules with the hook that they were met in', () => {
    const told = whole().steps.map((step) => {
      const place = step.kind === 'rule' ? `${step.table} ${step.chain} ${step.rule}` : step.kind;
      const { type, family } = step as { type?: string; family?: string };
      return [place, step.hook, type, family].filter(Boolean).join(', ');
    });
    assert.deepEqual(told, [
      'nat PREROUTING 1, prerouting, nat',
      'nat WEB 1, prerouting, nat',
      'nat WEB 2, prerouting, nat',
      'nat, prerouting',
      'filter FORWARD 3, forward, filter',
      'nat POSTROUTING 1, postrouting, nat',
    ]);
  });

  test('a line prints the packet before the target acts: a new mark is of the rule before', () => {
    const marks = whole().steps.map((step) =>
      step.kind === 'rule' ? [step.mark, step.markAfter] : undefined,
    );
    assert.deepEqual(marks.slice(0, 3), [
      [0, undefined],
      [0, 0x4000],
      [0x4000, undefined],
    ]);
  });

  test('what a rule rewrote is a step of that rule', () => {
    const nat = whole().steps.find((step) => step.kind === 'nat')!;
    const end = ({ destination, destinationPort }: Header) =>
      withPort(destination, destinationPort);
    assert.deepEqual([end(nat.before), end(nat.after)], ['192.168.50.10:80', '10.244.1.5:8080']);
    assert.equal(nat.range!.line, 7);
    assert.equal(nat.before.protocol, 6);
  });

  test('a source that changed, or a port alone, is a rewriting, too', () => {
    for (const [after, told] of [
      [{ from: '10.244.1.1' }, '10.244.1.1 > 192.168.50.10:80'],
      [{ port: 8080 }, '192.0.2.7 > 192.168.50.10:8080'],
    ] as const) {
      const { steps } = way(logLine('nat:WEB:rule:1'), logLine('nat:WEB:rule:2', after));
      const nat = steps.find((step) => step.kind === 'nat')!;
      const { source, destination, destinationPort } = nat.after;
      assert.equal(`${formatAddress(source)} > ${withPort(destination, destinationPort)}`, told);
    }
    const { steps } = way(logLine('nat:WEB:rule:1'), logLine('nat:WEB:rule:2'));
    assert.ok(steps.every(({ kind }) => kind !== 'nat'));
  });

  test('a monitor prints the packet on lines of its own: what is rewritten shows there', () => {
    const line = (text: string) => `trace id 4f1c2a90 ip ${text}`;
    const head = (to: string, port: number, more = '') =>
      `packet: iif "eth0" ${more}ip saddr 192.0.2.7 ip daddr ${to} ip protocol tcp tcp sport 40000 tcp dport ${port}`;
    const told = way(
      line(`nat PREROUTING ${head('192.168.50.10', 80)}`),
      line('nat WEB rule tcp dport 80 dnat to 10.244.1.5:8080 (verdict accept)'),
      line(`filter FORWARD ${head('10.244.1.5', 8080, 'oif "cni0" meta mark 0x00004000 ')}`),
      line('filter FORWARD rule tcp dport 8080 accept (verdict accept)'),
    );
    const kinds = told.steps.map((step) => [step.kind, step.hook, 'mark' in step && step.mark]);
    assert.deepEqual(kinds, [
      ['rule', 'prerouting', 0],
      ['nat', 'prerouting', 0],
      ['rule', 'forward', 0x4000],
    ]);
    const { final, finalMark } = told.verdict;
    assert.equal(withPort(final!.destination, final!.destinationPort), '10.244.1.5:8080');
    assert.equal(finalMark, 0x4000);
  });

  test('the end of a chain, and a rule that the dump does not have, are ends', () => {
    const { steps } = way(
      logLine('nat:WEB:return:3'),
      logLine('nat:PREROUTING:policy:2'),
      logLine('nat:GONE:rule:7'),
    );
    const told = steps.map((step) =>
      'chain' in step ? `${step.kind} ${step.table} ${step.chain}` : step.kind,
    );
    assert.deepEqual(told, ['return nat WEB', 'policy nat PREROUTING', 'return nat GONE']);
    const places = steps.map((step) => ('range' in step ? step.range?.line : undefined));
    assert.deepEqual(places, [4, 1, undefined]);
  });

  test('where nothing was printed before, or no rule met, nothing is said to be rewritten', () => {
    const ends = way(logLine('nat:WEB:return:3'), logLine('filter:FORWARD:rule:3', pod));
    assert.deepEqual(
      ends.steps.map(({ kind }) => kind),
      ['return', 'rule'],
    );
    const headless = way(
      'trace id 4f1c2a90 ip nat PREROUTING rule ip saddr 0.0.0.0/0 jump WEB (verdict jump WEB)',
      'trace id 4f1c2a90 ip nat WEB rule tcp dport 80 dnat to 10.244.1.5:8080 (verdict accept)',
    );
    assert.ok(headless.steps.every(({ kind }) => kind !== 'nat'));
    assert.equal(headless.verdict.final, undefined);
    const left = way('trace id 4f1c2a90 ip nat POSTROUTING policy accept');
    assert.deepEqual([left.verdict.kind, left.verdict.delivered], ['ACCEPT', 'a device']);
  });

  test('one that begins at the node itself is of output', () => {
    const { steps } = way(logLine('nat:WEB:rule:1', { devices: 'IN= OUT=eth0' }));
    assert.equal(steps[0]!.hook, 'output');
  });
});
