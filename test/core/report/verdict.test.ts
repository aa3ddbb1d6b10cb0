import assert from 'node:assert/strict';
import type { Finding } from '../../../src/core/finding';
import type { NodeState } from '../../../src/core/node';
import type { NodeAnswer } from '../../../src/core/questions/answer';
import { verdictOf, type Verdict } from '../../../src/core/report/verdict';

const range = { source: 'rules', line: 0, start: 0, end: 1 };
const node: NodeState = { name: 'node-a', rulesets: [], findings: [] };

const found = (severity: Finding['severity'], message: string, code = 'x'): Finding => ({
  severity,
  code,
  message,
  range,
});

const answer = (certainty: NodeAnswer['certainty'], broken: boolean): NodeAnswer => ({
  question: 'Does it?',
  answer: 'No.',
  certainty,
  findings: [],
  ...(broken ? { broken: true } : {}),
});

const certain = { mode: 'iptables', certainty: 'certain', signs: [], candidates: [] } as const;

function told(more: Partial<Verdict>, state = node) {
  const { text, isFine } = verdictOf(state, {
    mode: certain,
    findings: [],
    answers: [],
    ...more,
  });
  return isFine ? `fine: ${text}` : text;
}

const error = found('error', 'E.');
const warning = found('warning', 'W.');
const note = found('information', 'I.');
const broken = answer('certain', true);

suite('the one sentence of a report', () => {
  test('an error first, however much else there is', () => {
    const findings = [note, warning, error, found('error', 'Another.')];
    assert.equal(
      told({ findings, answers: [broken], absent: 'No rule is about it.' }),
      'Broken: E.',
    );
  });

  test('a Service in no rule, with the worst of what is known', () => {
    assert.equal(told({ absent: 'No rule is about it.' }), 'No rule is about it.');
    const both = { absent: 'No rule is about it.', findings: [warning], answers: [broken] };
    assert.equal(told(both), 'No rule is about it. W.');
    assert.equal(told({ ...both, findings: [note] }), 'No rule is about it.');
  });

  test('an answer that says what does not work, as sure as it is', () => {
    assert.equal(told({ findings: [warning], answers: [broken] }), 'Broken: Does it? No.');
    const likely = [answer('certain', false), answer('likely', true), broken];
    assert.equal(told({ answers: likely }), 'Likely broken: Does it? No.');
  });

  test('a warning asks to be looked at, a note does not', () => {
    assert.equal(told({ findings: [note, warning] }), 'Look at this: W.');
    assert.match(told({ findings: [note] }), /^fine: Nothing is wrong/);
  });

  test('else nothing is wrong, as far as the mode is known', () => {
    assert.equal(
      told({ answers: [answer('certain', false)] }),
      'fine: Nothing is wrong in what the dumps show: kube-proxy runs in iptables mode.',
    );
    assert.equal(
      told({ mode: { ...certain, mode: 'ipvs', certainty: 'likely' } }),
      'fine: Nothing is wrong in what the dumps show: kube-proxy runs in ipvs mode (likely).',
    );
    assert.equal(
      told({ mode: { ...certain, mode: undefined, certainty: 'unknown' } }),
      'Nothing wrong is seen, but the mode of kube-proxy is unknown.',
    );
  });

  test('what could not be read breaks nothing, and is told beside it', () => {
    const cut = found('error', 'Table nat ends without COMMIT.', 'commit-missing');
    const odd = found('information', 'An odd line.', 'odd');
    const state = { ...node, findings: [cut, odd] };
    assert.equal(
      told({ findings: [odd, cut] }, state),
      'Nothing is wrong in what the dumps show: kube-proxy runs in iptables mode. Not all could be read: Table nat ends without COMMIT.',
    );
    assert.match(told({ findings: [odd] }, state), /^fine: .* iptables mode\.$/);
    assert.equal(told({ findings: [cut, warning] }, state), 'Look at this: W.');
    assert.equal(told({ findings: [cut, error] }, state), 'Broken: E.');
    // Also where the reader of the rules found it.
    const rulesets = [{ findings: [cut] }] as unknown as NodeState['rulesets'];
    assert.match(told({ findings: [cut] }, { ...node, rulesets }), /Not all could be read: Table/);
  });
});
