import assert from 'node:assert/strict';
import { traceFlow } from '../../../../src/core/trace/tracer';
import { node, only, packet } from '../helper';

const out = packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0');
const direct =
  '192.168.50.0/24 dev eth0 src 192.168.50.10\n10.244.1.0/24 dev cni0 src 10.244.1.1\n';

function verdict(routes: string): string {
  return only(traceFlow(node({ routes: direct + routes }), out)).verdict.kind;
}

suite('the tables of routes where no rule is told (fib_lookup)', () => {
  test('IPv4: main, and behind it default', () => {
    assert.equal(verdict('default via 192.168.50.1 dev eth0\n'), 'ACCEPT');
    assert.equal(verdict('default via 192.168.50.1 dev eth0 table default\n'), 'ACCEPT');
    assert.equal(verdict('default via 192.168.50.1 dev eth0 table 100\n'), 'LOST');
    assert.equal(verdict(''), 'LOST');
  });

  test('a throw route of main leaves it to default', () => {
    const thrown = 'throw 8.8.8.0/24\ndefault via 192.168.50.1 dev eth0\n';
    assert.equal(verdict(thrown), 'LOST');
    assert.equal(
      verdict(`${thrown}8.8.8.0/24 via 192.168.50.1 dev eth0 table default\n`),
      'ACCEPT',
    );
  });

  test('an unreachable route of main is an answer', () => {
    const answered = 'unreachable 8.8.8.0/24\n8.8.8.0/24 via 192.168.50.1 dev eth0 table default\n';
    assert.notEqual(verdict(answered), 'ACCEPT');
  });
});
