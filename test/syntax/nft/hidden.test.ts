import assert from 'node:assert/strict';
import { readRule } from '../../../src/syntax/nft/statements/rule';
import { lineText } from '../../../src/syntax/nft/text/reader';
import { plain } from '../plain';
import { check, compare, meta } from './oneStatement';

/** `KIND: TEXT` of each statement, as it stands in the rule. */
const statements = (rule: string) =>
  readRule(lineText('x', 0, 0, rule), 'ip').statements.map(
    ({ kind, range }) => `${kind}: ${rule.slice(range.start, range.end)}`,
  );

suite('nft: what old versions print of extensions of iptables', () => {
  test('a match reaches up to what nft knows again, or the counter', () => {
    assert.deepEqual(
      statements('# match-set KUBE-CLUSTER-IP dst,dst counter jump KUBE-MARK-MASQ'),
      [
        'unmodelled: # match-set KUBE-CLUSTER-IP dst,dst',
        'counter: counter',
        'jump: jump KUBE-MARK-MASQ',
      ],
    );
    assert.deepEqual(statements('# xt_tcp ip saddr 10.0.0.1 counter drop').slice(0, 2), [
      'unmodelled: # xt_tcp',
      'compare: ip saddr 10.0.0.1',
    ]);
    assert.deepEqual(statements('# xt_tcp # xt_comment counter').slice(0, 2), [
      'unmodelled: # xt_tcp',
      'unmodelled: # xt_comment',
    ]);
  });

  test('an argument may be one of nft’s words, and so may its name', () => {
    assert.equal(statements('# set iif dst counter')[0], 'unmodelled: # set iif dst');
    assert.equal(statements('# meta mark 0x1 counter')[0], 'unmodelled: # meta mark 0x1');
  });

  test('behind the counter stands the target, with all of its arguments', () => {
    const target = '# TPROXY redirect 127.0.0.1:42133 meta mark 0x200/0xffffffff';
    assert.deepEqual(statements(`counter ${target}`), [
      'counter: counter',
      `unmodelled-target: ${target}`,
    ]);
  });
});

suite('nft: values that are no plain ones', () => {
  test('two things of the packet that are compared', () => {
    check([
      [
        'ct mark == meta mark',
        compare({ kind: 'ct', key: 'mark' }, { kind: 'unknown', text: 'meta mark' }),
      ],
    ]);
    assert.deepEqual(
      plain(readRule(lineText('x', 0, 0, 'meta mark ct mark drop'), 'ip').statements[0]),
      compare(meta('mark'), { kind: 'unknown', text: 'ct mark' }),
    );
  });

  test('a rate is a number and a unit, or both in one word', () => {
    const limit = (text: string, burst?: number) => ({
      ...{ kind: 'limit', text, above: false },
      ...(burst !== undefined && { burst }),
    });
    check([
      ['limit rate 10/second burst 20 packets', limit('10/second burst 20', 20)],
      ['limit rate 10 kbytes/second', limit('10 kbytes/second burst 0 bytes')],
    ]);
  });
});
