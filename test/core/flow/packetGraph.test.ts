import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { packetGraph } from '../../../src/core/flow/packetGraph';
import { drawableServices, type DrawableService } from '../../../src/core/flow/services';
import { suggestSources, suggestTargets } from '../../../src/core/flow/suggestions';
import { parsePacket } from '../../../src/core/packetText';
import { sampleNode, type SampleNode } from './sampleNode';
import { finish } from '../../../src/core/work';

function allOf(work: Generator<undefined, DrawableService[]>): DrawableService[] {
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

const folder = 'kubernetes-1.36-iptables/node-a';
const lines = readFileSync(`samples/${folder}/iptables-save.txt`, 'utf8').split('\n');

suite('packetGraph', () => {
  let sample: SampleNode;

  suiteSetup(async () => {
    sample = await sampleNode(folder);
  });

  function graph(text: string) {
    const packet = parsePacket(text);
    assert.ok(packet, text);
    return packetGraph(sample.node, packet).graph;
  }

  test('a pod to a ClusterIP: three endpoints, every step with its rule', () => {
    const { entries, nodes, header, warnings } = graph('10.244.0.9 > 10.99.205.136:3000/tcp');
    assert.match(header, /delivered$/);
    const endpoints = nodes.filter(({ kind }) => kind === 'endpoint').map(({ label }) => label);
    assert.deepEqual(endpoints.sort(), ['10.244.0.3:3000', '10.244.0.4:3000', '10.244.1.3:3000']);
    assert.equal(entries.length, 1);
    assert.equal(entries[0]!.label, 'In by cni0');
    const rules = entries[0]!.steps.filter(({ rule }) => rule !== undefined);
    assert.ok(rules.length > 10 && rules.every(({ range }) => range !== undefined));
    assert.ok(!warnings.some((warning) => warning.includes('undefined')));
    const own = nodes.find(({ label }) => label.startsWith('KUBE-SVC-'));
    assert.equal(own?.role?.kind, 'service');
    assert.match(own.role.service, /^\S+\/\S+$/);
    // A hash tells nobody where the packet goes on.
    const jumps = rules.map(({ text }) => text).filter((text) => text.includes('KUBE-S'));
    assert.match(jumps[1]!, /^Service \S+\/\S+ \(jump KUBE-SVC-\w{16}\)$/);
    assert.match(jumps[2]!, /^Endpoint 10\.244\.0\.3:3000 \(jump KUBE-SEP-\w{16}\)$/);
  });

  test('a device that is said, a packet that is dropped', () => {
    const { header, entries } = graph('198.51.100.7 > 127.0.0.1:9999/tcp in eth0');
    assert.match(header, /dropped|lost/);
    assert.equal(entries[0]!.label, 'In by eth0');
  });

  test('the rules of an endpoint: its DNAT first, then the others from the last, then its choice', () => {
    // An endpoint that asks its own Service: KUBE-SEP- marks it for masquerade first.
    const { nodes } = graph('10.244.0.3 > 10.99.205.136:3000/tcp');
    const own = nodes.find(({ label }) => label === '10.244.0.3:3000')!;
    const rules = own.ranges.map(({ line }) => lines[line]);
    assert.match(rules[0]!, /^-A KUBE-SEP-\S+ .*-j DNAT --to-destination 10\.244\.0\.3:3000$/);
    assert.match(rules[1]!, /^-A KUBE-SEP-\S+ .*-j KUBE-MARK-MASQ$/);
    assert.match(rules[2]!, /^-A KUBE-SVC-\S+ .*-j KUBE-SEP-/);
    assert.equal(rules.length, 3);
  });

  test('what the trace takes for granted is said once', () => {
    const { assumptions, warnings } = graph('10.244.0.9 > 10.99.205.136:3000/tcp');
    assert.ok(assumptions.some((text) => text.includes('comes in by cni0')));
    assert.equal(new Set(assumptions).size, assumptions.length);
    assert.deepEqual(warnings, []);
  });

  test('suggests the ends that the dumps know', () => {
    const services = allOf(drawableServices(sample.node));
    const sources = finish(suggestSources(sample.node, services));
    assert.ok(sources.some(({ what }) => what === 'this node'));
    assert.ok(sources.some(({ what }) => what === 'a pod on this node'));
    const targets = finish(suggestTargets(sample.node, services));
    const whoami = targets.find(({ what }) => what === 'default/whoami');
    assert.equal(whoami?.text, '10.99.205.136:3000/tcp');
    for (const { text } of targets.filter(({ text }) => text.includes('.'))) {
      assert.ok(parsePacket(`10.0.0.1 > ${text}`), text);
    }
  });
});
