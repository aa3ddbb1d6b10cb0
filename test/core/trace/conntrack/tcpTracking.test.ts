import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { tcpFlagBits } from '../../../../src/core/packet';
import { afterSegment, assures, openedBy } from '../../../../src/core/trace/conntrack/tcpTracking';
import type { TcpStep, TcpTracking } from '../../../../src/core/trace/conntrack/tcpTracking';

const { SYN, ACK, FIN, RST, PSH } = tcpFlagBits;

/** `S` of the client, `<SA` of the server; the last step. */
function after(...segments: readonly string[]): TcpStep {
  const [first, ...rest] = segments;
  let step: TcpStep = openedBy(flagsOf(first!), true) ?? 'invalid';
  for (const segment of rest) {
    if (step === 'invalid' || step === 'reopen') throw new Error(`${step} before ${segment}`);
    const reply = segment.startsWith('<');
    step = afterSegment(step, reply, flagsOf(segment.replace('<', '')));
  }
  return step;
}

function flagsOf(letters: string): number {
  const bits: Readonly<Record<string, number>> = { S: SYN, A: ACK, F: FIN, R: RST, P: PSH };
  return [...letters].reduce((flags, letter) => flags | bits[letter]!, 0);
}

function stateAfter(...segments: readonly string[]): string {
  const step = after(...segments);
  return typeof step === 'string' ? step : step.state;
}

suite('TCP as conntrack follows it', () => {
  test('opens with a SYN, and with an ACK where loose', () => {
    assert.equal(stateAfter('S'), 'SYN_SENT');
    assert.equal(stateAfter('PA'), 'ESTABLISHED');
    assert.deepEqual(openedBy(SYN, false), {
      ...{ state: 'SYN_SENT', closing: false },
      last: { segment: 'syn', reply: false },
    });
    assert.equal(openedBy(ACK, false), undefined);
    for (const flags of [SYN | ACK, RST, FIN | ACK, 0, SYN | FIN]) {
      assert.equal(openedBy(flags, true), undefined, String(flags));
    }
  });

  test('a whole life', () => {
    const life = ['S', '<SA', 'A', 'FA', '<A', '<FA', 'A'];
    const states = life.map((_, i) => stateAfter(...life.slice(0, i + 1)));
    assert.deepEqual(states, [
      ...['SYN_SENT', 'SYN_RECV', 'ESTABLISHED', 'FIN_WAIT', 'CLOSE_WAIT', 'LAST_ACK'],
      'TIME_WAIT',
    ]);
  });

  test('a SYN after both have closed, or after the client’s own RST, begins anew', () => {
    assert.equal(stateAfter('S', '<SA', 'A', '<FA', 'FA', '<A', 'S'), 'reopen');
    assert.equal(stateAfter('S', '<SA', 'A', 'R', 'S'), 'reopen');
  });

  test('after the server’s RST it is let through until the server answers', () => {
    assert.equal(stateAfter('S', '<SA', 'A', '<R', 'S'), 'CLOSE');
    assert.equal(stateAfter('S', '<SA', 'A', '<R', 'S', '<SA'), 'SYN_RECV');
  });

  test('a segment that does not follow is INVALID', () => {
    for (const segment of ['A', 'SA', 'FA', '<FA']) {
      assert.equal(stateAfter('S', segment), 'invalid', segment);
    }
    assert.equal(stateAfter('S', '<SA', '<S'), 'invalid');
    assert.equal(stateAfter('S', '<SA', 'A', 'SF'), 'invalid');
  });

  test('an ACK that ends the handshake assures, a SYN/ACK does not', () => {
    const [sent, received] = [after('S'), after('S', '<SA')] as readonly TcpTracking[];
    const established = after('S', '<SA', 'A') as TcpTracking;
    assert.equal(assures(received!, established), true);
    assert.equal(assures(sent!, received!), false);
  });
});
