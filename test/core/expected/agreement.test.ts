import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { expectedRules } from '../../../src/core/expected';
import { agreementOf, type PortAgreement } from '../../../src/core/expected/agreement/agreement';
import { agreementFindings } from '../../../src/core/expected/agreement/findings';
import { compareChains } from '../../../src/core/expected/compare/chains';
import { usualKernel } from '../../../src/core/expected/input';
import { proxiedSlices } from '../../../src/core/expected/slices';
import { finish } from '../../../src/core/work';
import { inputOfCase, type RecordedCase } from '../../../src/inspect/expected/case';
import { savedRules } from '../../../src/syntax/expected/savedRules';

const path = 'test/fixtures/expected/iptables/kp136-01000.json';
const recorded = JSON.parse(readFileSync(path, 'utf8')) as RecordedCase;

interface Slice {
  metadata: { name: string; creationTimestamp?: string };
  endpoints: { addresses: string[]; conditions: Record<string, boolean> }[];
  ports: { name: string }[];
}

/** The recorded rules against objects that changed. */
function agreement(change: (slices: Slice[]) => void, captured?: string) {
  const slices = structuredClone(recorded.objects['endpointslices']) as Slice[];
  change(slices);
  const objects = { ...recorded.objects, endpointslices: slices };
  const input = inputOfCase({ ...recorded, objects }, 'iptables', usualKernel);
  const expected = finish(expectedRules(input, 4))!;
  const actual = finish(savedRules((recorded.ruleset_in ?? '').split('\n')));
  const comparison = finish(compareChains(expected, actual));
  return finish(agreementOf(expected, comparison, { captured, slices: proxiedSlices(input) }));
}

function portOf(ports: readonly PortAgreement[], title: string) {
  const { state, reasons } = ports.find((port) => port.title === title)!;
  return { state, reasons };
}

const slice = (slices: Slice[], name: string) =>
  slices.find(({ metadata }) => metadata.name === name)!;

suite('expected against actual, Service port by Service port', () => {
  test('all right', () => {
    const { ports, node } = agreement(() => undefined);
    assert.deepEqual([...new Set(ports.map(({ state }) => state))], ['right']);
    assert.ok(ports.length >= 6);
    assert.deepEqual(node, []);
  });

  test('an endpoint that began to terminate: its rules should go', () => {
    const { ports } = agreement((slices) => {
      const { conditions } = slice(slices, 'queue-ipv4-0').endpoints[0]!;
      Object.assign(conditions, { ready: false, terminating: true });
    });
    const { state, reasons } = portOf(ports, 'kube-system/queue');
    assert.equal(state, 'stale');
    assert.ok(reasons.includes('endpoint 10.244.9.10:9376 is terminating: its rules should go'));
    assert.equal(portOf(ports, 'default/mail').state, 'right');
  });

  test('a slice that names another port: nothing but a REJECT is right', () => {
    const { ports } = agreement((slices) => {
      slice(slices, 'queue-ipv4-0').ports[0]!.name = 'htttp';
    });
    const { reasons } = portOf(ports, 'kube-system/queue');
    assert.ok(reasons.includes('its EndpointSlices have no endpoint for the port ""'));
  });

  test('objects newer than the dump are told, and are no fault', () => {
    const change = (slices: Slice[]) => {
      const queue = slice(slices, 'queue-ipv4-0');
      queue.metadata.creationTimestamp = '2026-11-21T15:00:00Z';
      queue.endpoints.pop();
    };
    assert.equal(
      portOf(agreement(change, '2026-11-21T14:43:46').ports, 'kube-system/queue').state,
      'newer',
    );
    assert.equal(
      portOf(agreement(change, '2026-11-21T15:43:46').ports, 'kube-system/queue').state,
      'different',
    );
    const [finding] = agreementFindings(agreement(change, '2026-11-21T14:43:46'), {
      source: 'save',
      release: 36,
      exact: true,
    });
    assert.equal(finding?.severity, 'information');
  });

  test('where most differ, the setup is doubted instead of each Service accused', () => {
    const whole = agreement((slices) => slices.splice(0));
    const many = { ...whole, ports: [...whole.ports, ...whole.ports, ...whole.ports] };
    const findings = agreementFindings(many, { source: 'save', release: 36, exact: true });
    assert.deepEqual(
      findings.map(({ code }) => code),
      ['rules-of-another-setup'],
    );
  });
});
