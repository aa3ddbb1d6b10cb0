import assert from 'node:assert/strict';
import { parseAddress } from '../../../src/core/address';
import { leaves } from '../../../src/core/trace/leaves';
import { probeOf } from '../../../src/core/trace/probe';
import { traceFlow } from '../../../src/core/trace/tracer';
import { ipvs } from '../findings/cases/case';
import { nodeOf } from '../flow/sampleNode';

suite('a trace that asks only what is sure', () => {
  test('without `ipset save` it stops at the first set, and does not follow both ways of each', async () => {
    const dumps = Object.entries(ipvs).filter(([name]) => !/ipset|objects/.test(name));
    const { node } = await nodeOf(new Map(dumps));
    const [source, to] = ['192.168.77.10', '10.98.75.80'].map((text) => parseAddress(text)!);
    const packet = probeOf({ source: source! }, 6, to!, 8081);
    const all = leaves(traceFlow(node, packet).path);
    const sure = leaves(traceFlow(node, packet, { onlySure: true }).path);
    assert.ok(all.length > 10, `${all.length} ways`);
    assert.deepEqual(
      sure.map(({ verdict }) => verdict.kind),
      ['UNKNOWN'],
    );
  });
});
