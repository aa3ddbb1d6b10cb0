import assert from 'node:assert/strict';
import {
  describeColumn,
  describeIpvsToken,
  describePersistence,
  describeScheduler,
  describeWeight,
  duration,
} from '../../../src/core/describe/ipvs';
import { formOfHeader, readIpvsRow } from '../../../src/syntax/ipvs/row';

suite('IPVS in words', () => {
  test('every scheduler of the kernel is known', () => {
    const kernel = 'rr wrr lc wlc lblc lblcr sh dh sed nq fo ovf mh twos'.split(' ');
    for (const name of kernel) assert.ok(describeScheduler(name), name);
    assert.equal(describeScheduler('best'), undefined);
  });

  test('every column of every listing is known', () => {
    const columns =
      'Weight ActiveConn InActConn PersistConn Uthreshold Lthreshold Conns InPkts OutPkts InBytes OutBytes CPS InPPS OutPPS InBPS OutBPS';
    for (const heading of columns.split(' ')) assert.ok(describeColumn(heading), heading);
    const form = { columns: 'table', hex: false } as const;
    assert.equal(formOfHeader('TCP  10.0.0.1:80 rr', form), undefined);
  });

  test('the words of a row', () => {
    const row = readIpvsRow(
      'TCP  10.96.0.1:443 sh (sh-port) persistent 10800',
      { source: 'dump', line: 0 },
      { columns: 'table', hex: false },
    )!;
    const said = row.tokens.map((token) => describeIpvsToken(token) ?? '');
    assert.match(said[3]!, /^Source hash/);
    assert.match(said[4]!, /^sh-port: the client’s port/);
    assert.match(said[5]!, /10800 s \(3 h\).*sessionAffinity ClientIP/);
  });

  test('weight 0 is draining', () => {
    assert.match(describeWeight(0), /draining/);
    assert.doesNotMatch(describeWeight(1), /draining/);
  });

  test('durations', () => {
    assert.deepEqual([10800, 600, 90, 0].map(duration), [
      '10800 s (3 h)',
      '600 s (10 min)',
      '90 s',
      '0 s',
    ]);
    assert.match(describePersistence(300), /5 min/);
  });
});
