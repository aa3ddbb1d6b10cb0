import assert from 'node:assert/strict';
import type { OverviewLine } from '../../../../src/core/flow/overview/line';
import { differences, overviewSummary } from '../../../../src/core/flow/overview/summary';
import { overviewLine } from '../../../webview/overviewLines';

const sound = (node: string, programmed = 4): OverviewLine => overviewLine(node, { programmed });

suite('the summary above the overview', () => {
  test('one node misses an endpoint', () => {
    const faulty = overviewLine('node-c', { programmed: 3, missing: ['10.244.1.5:8080'] });
    assert.equal(
      overviewSummary([sound('node-a'), sound('node-b'), faulty]),
      '3 nodes: 2 program all 4 endpoints, node-c misses 10.244.1.5:8080',
    );
  });

  test('all are right', () => {
    const lines = [sound('node-a'), sound('node-b')];
    assert.equal(overviewSummary(lines), '2 nodes: all program all 4 endpoints');
    assert.equal(
      overviewSummary([sound('node-a'), sound('node-b', 2)]),
      '2 nodes: all program all that they should',
    );
    assert.equal(overviewSummary([sound('node-a', 1)]), '1 node: 1 programs the 1 endpoint');
    assert.equal(overviewSummary([sound('node-a', 0)]), '1 node: 1 rightly programs no endpoint');
  });

  test('many faulty nodes are not all named', () => {
    const lines = Array.from({ length: 1000 }, (_, i) =>
      overviewLine(`node-${i}`, { programmed: 3, missing: ['10.244.1.5:8080'] }),
    );
    assert.equal(
      overviewSummary(lines),
      '1,000 nodes: 1,000 differ from their EndpointSlices (node-0, node-1, node-2 and 997 more)',
    );
  });

  test('what is unknown, not fetched, failed or still to come', () => {
    const lines: OverviewLine[] = [
      overviewLine('a', { programmed: 4, unknown: 'no EndpointSlices beside the dumps' }),
      overviewLine('b', { programmed: 4, unknown: 'no EndpointSlices beside the dumps' }),
      { node: 'c', state: 'not-fetched' },
      { node: 'd', state: 'failed', reason: 'timeout' },
      { node: 'e', state: 'waiting' },
      { node: 'f', state: 'fetching' },
    ];
    assert.equal(
      overviewSummary(lines),
      '6 nodes: 2 with 4 endpoints, whether these are right is unknown: no EndpointSlices beside ' +
        'the dumps, 1 could not be read, 1 not fetched, 1 being fetched, 1 still to be read',
    );
  });

  test('drops and different modes are told', () => {
    const drops = overviewLine('b', { programmed: 4, ends: ['NodePort: dropped'] });
    assert.equal(
      overviewSummary([sound('a'), drops, overviewLine('c', { programmed: 4, mode: 'ipvs' })]),
      '3 nodes: all program all 4 endpoints, b drops or refuses packets, ' +
        'modes differ: 2 iptables (nft), 1 ipvs',
    );
  });
});

suite('in what a node differs from most', () => {
  test('one of three', () => {
    const odd = overviewLine('c', { programmed: 4, mode: 'ipvs' });
    const found = differences([sound('a'), sound('b'), odd]);
    assert.deepEqual([...found], [['c', ['mode']]]);
  });

  test('what most have need not be the half of all; what is unknown is no difference', () => {
    const missing = (node: string, list: string[]) => overviewLine(node, { missing: list });
    const open = overviewLine('e', { unknown: 'no EndpointSlices beside the dumps' });
    const found = differences([
      missing('a', []),
      missing('b', []),
      missing('c', ['1']),
      missing('d', ['2']),
      open,
    ]);
    assert.deepEqual(
      [...found].filter(([, columns]) => columns.includes('missing')).map(([node]) => node),
      ['c', 'd'],
    );
  });

  test('where no value is the most frequent, all are marked', () => {
    const odd = overviewLine('b', { programmed: 4, mode: 'ipvs' });
    assert.deepEqual([...differences([sound('a'), odd]).keys()], ['a', 'b']);
  });

  test('another number of endpoints is no difference where it is the right one', () => {
    assert.equal(differences([sound('a', 4), sound('b', 2), sound('c', 1)]).size, 0);
  });

  test('nodes that are not read differ from none', () => {
    assert.equal(differences([sound('a'), { node: 'b', state: 'not-fetched' }]).size, 0);
  });
});
