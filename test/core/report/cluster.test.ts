import assert from 'node:assert/strict';
import type { OddOne } from '../../../src/core/compare/majority';
import type { Finding } from '../../../src/core/finding';
import type { NodeAnswer } from '../../../src/core/questions/answer';
import { clusterReport, whichNodes } from '../../../src/core/report/cluster';
import { clusterMarkdown, reportMarkdown } from '../../../src/core/report/markdown';
import type { Report } from '../../../src/core/report/report';

const range = { source: 'rules', line: 6, start: 0, end: 1 };
const fine = 'Nothing is wrong in what the dumps show: kube-proxy runs in iptables mode.';

function report(node: string, more: Partial<Report> = {}): Report {
  return {
    title: node,
    node,
    mode: { mode: 'iptables', certainty: 'certain', signs: [], candidates: [] },
    verdict: fine,
    isFine: true,
    unread: new Set(),
    unanswered: [],
    findings: [],
    around: [],
    upgrade: [],
    answers: [],
    missing: [],
    ...more,
  };
}

const found = (severity: Finding['severity'], message: string, code = 'x'): Finding => ({
  severity,
  code,
  message,
  range,
});

const broken: NodeAnswer = {
  question: 'Does it?',
  answer: 'No.',
  certainty: 'certain',
  broken: true,
  findings: [],
};
const odd: OddOne = { nodes: ['b'], about: [], message: 'b is odd.', range };

const verdict = (nodes: readonly Report[], ...others: readonly OddOne[]) =>
  clusterReport('all', nodes, [], others).verdict;

suite('the one sentence of a cluster', () => {
  test('the worst finding, with the nodes that have it', () => {
    const error = found('error', 'E.');
    const warning = found('warning', 'W.');
    const a = report('a', { findings: [warning, error], verdict: 'Broken: E.', isFine: false });
    assert.equal(verdict([a, report('b')]), 'Broken on a: E.');
    assert.equal(verdict([a, report('b', { findings: [error] })]), 'Broken on all 2 nodes: E.');
    assert.equal(
      verdict([report('b', { findings: [warning] }), report('c')]),
      'Look at this on b: W.',
    );
    // Of the node as a whole as well as of the Service.
    assert.equal(verdict([report('a', { around: [error] }), report('b')]), 'Broken on a: E.');
  });

  test('what an answer says comes before warnings, with the node where others fare otherwise', () => {
    const warning = found('warning', 'W.');
    const a = { answers: [broken], verdict: 'Broken: Does it? No.', isFine: false };
    const warned = report('b', { findings: [warning], verdict: 'Look at this: W.', isFine: false });
    assert.equal(verdict([warned, report('a', a)]), 'a: Broken: Does it? No.');
    assert.equal(verdict([report('a', a), report('b', a)]), 'Broken: Does it? No.');
  });

  test('who is not like the others, where nothing is known to be wrong', () => {
    assert.equal(verdict([report('a'), report('b')], odd), 'Look at this: b is odd.');
  });

  test('a node that lacks what others have, or was not read in full, is named', () => {
    const absent = { verdict: 'No rule at hand is about this Service.', isFine: false };
    assert.equal(
      verdict([report('a'), report('b', absent)]),
      'b: No rule at hand is about this Service.',
    );
    assert.equal(
      verdict([report('a', absent), report('b', absent)]),
      'No rule at hand is about this Service.',
    );
  });

  test('a dump that was cut breaks no traffic: it is told as its node tells it', () => {
    const cut = found('error', 'Table nat ends without COMMIT.', 'commit-missing');
    const text = `${fine} Not all could be read: Table nat ends without COMMIT.`;
    const own = {
      findings: [cut],
      unread: new Set(['commit-missing']),
      verdict: text,
      isFine: false,
    };
    assert.equal(verdict([report('a'), report('b', own)]), `b: ${text}`);
    assert.equal(verdict([report('a', own)]), text);
  });

  test('nothing is wrong: as each node says it, else of all together', () => {
    assert.equal(verdict([report('a'), report('b')]), fine);
    const ipvs = report('b', { verdict: fine.replace('iptables', 'ipvs') });
    assert.equal(
      verdict([report('a'), ipvs]),
      'Nothing is wrong in what the dumps of 2 nodes show.',
    );
    assert.equal(verdict([]), 'No node could be looked at.');
  });

  test('nodes by name, all of them, or how many', () => {
    assert.equal(whichNodes(['a'], 1), 'a');
    assert.equal(whichNodes(['a'], 2), 'a');
    assert.equal(whichNodes(['a', 'b'], 2), 'all 2 nodes');
    assert.equal(whichNodes(['a', 'b'], 3), 'a, b');
    assert.equal(whichNodes(['a', 'b', 'c', 'd', 'e'], 9), 'a, b, c, d, e');
    assert.equal(whichNodes(['a', 'b', 'c', 'd', 'e', 'f'], 9), '6 of 9 nodes');
  });
});

suite('what several nodes have', () => {
  test('is told once, the worst first, each node once', () => {
    const same = found('warning', 'W.');
    const both = clusterReport(
      'all',
      [
        report('a', { findings: [same, same, found('information', 'I.')] }),
        report('b', { findings: [found('error', 'E.'), same], upgrade: [found('warning', 'U.')] }),
      ],
      [],
    );
    assert.deepEqual(
      both.findings.map(({ message, nodes }) => [message, ...nodes]),
      [
        ['E.', 'b'],
        ['W.', 'a', 'b'],
        ['I.', 'a'],
      ],
    );
    assert.deepEqual(
      both.upgrade.map(({ nodes }) => nodes),
      [['b']],
    );
  });

  test('is another thing where its code or its message is another', () => {
    const findings = [
      found('error', 'E.', 'x'),
      found('error', 'E.', 'y'),
      found('error', 'F.', 'x'),
    ];
    assert.equal(clusterReport('all', [report('a', { findings })], []).findings.length, 3);
  });

  test('is missing on them, by part, command and reason', () => {
    const part = (reason: string) => ({ part: 'routes', command: 'ip route', reason }) as const;
    const { missing } = clusterReport(
      'all',
      [
        report('a', { missing: [part('None.')] }),
        report('b', { missing: [part('None.'), part('Cut.')] }),
      ],
      [],
    );
    assert.deepEqual(
      missing.map(({ reason, nodes }) => [reason, ...nodes]),
      [
        ['None.', 'a', 'b'],
        ['Cut.', 'b'],
      ],
    );
  });
});

const links = {
  place: ({ source, line }: { source: string; line: number }) => `(${source}:${line + 1})`,
  page: (code: string) => (code === 'services-not-reached' ? 'p.md' : undefined),
};

suite('a report as Markdown', () => {
  const headings = (text: string) => text.split('\n').filter((line) => line.startsWith('#'));

  test('holds what there is to say, in the order of weight', () => {
    const whole = report('a', {
      findings: [found('information', 'I.'), found('error', 'E.'), found('warning', 'W.')],
      around: [found('error', 'A.')],
      upgrade: [found('warning', 'U.')],
      answers: [broken],
      missing: [{ part: 'routes', command: 'ip route', reason: 'No routes.' }],
    });
    assert.deepEqual(headings(reportMarkdown(whole, links)), [
      '# What is wrong here? a',
      '## Errors',
      '## Warnings',
      '## Notes',
      '## Of the node as a whole',
      '## Questions',
      '### Does it?',
      '## Ready for 1.40?',
      '## What is missing',
    ]);
    assert.deepEqual(headings(reportMarkdown(report('a'), links)), ['# What is wrong here? a']);
  });

  test('of a cluster', () => {
    const a = report('a', { findings: [found('error', 'E.')], answers: [broken] });
    const text = clusterMarkdown(
      clusterReport('shop', [a, report('b')], ['c: none.'], [odd]),
      links,
    );
    assert.deepEqual(headings(text), [
      '# What is wrong here? shop',
      '## Errors',
      '## The odd ones out',
      '## Nodes',
      '## a',
      '### Does it?',
      '## Not looked at',
    ]);
    assert.match(text, /^- a: E\. \(rules:7\) `x`$/m);
    assert.match(text, /^- b is odd\. \(rules:7\)$/m);
    const none = clusterMarkdown(clusterReport('shop', [], []), links);
    assert.deepEqual(headings(none), ['# What is wrong here? shop']);
  });

  test('the table of nodes: the mode as sure as it is, and what is wrong in numbers', () => {
    const mode = (of: Partial<Report['mode']>) => ({ mode: { ...report('a').mode, ...of } });
    const nodes = [
      report('a', {
        findings: [found('error', 'E.'), found('warning', 'W.')],
        around: [found('error', 'A.'), found('information', 'I.')],
      }),
      report('b', mode({ mode: 'ipvs', certainty: 'likely' })),
      report('c', mode({ mode: undefined, certainty: 'unknown' })),
    ];
    const rows = clusterMarkdown(clusterReport('shop', nodes, []), links).match(/^\| [abc] .*$/gm);
    assert.deepEqual(rows, [
      '| a | iptables | 2 | 1 |',
      '| b | ipvs (likely) | 0 | 0 |',
      '| c | unknown | 0 | 0 |',
    ]);
  });

  test('a finding with all of its places; a page where there is one', () => {
    const related = [{ message: 'the first', range: { ...range, line: 1 } }];
    const findings = [
      { ...found('error', 'E.', 'services-not-reached'), related },
      found('error', 'F.', 'commit-missing'),
    ];
    const text = reportMarkdown(report('a', { findings }), links);
    assert.match(
      text,
      /^- E\. \(rules:7\); the first: \(rules:2\) \[`services-not-reached`\]\(p\.md\)$/m,
    );
    assert.match(text, /^- F\. \(rules:7\) `commit-missing`$/m);
  });

  test('of very many findings the first thirty, and how many more', () => {
    const many = (count: number) =>
      reportMarkdown(
        report('a', {
          findings: Array.from({ length: count }, (_, i) => found('error', `E${i}.`)),
        }),
        links,
      );
    assert.match(many(31), /^- E29\. [^]*\n- and 1 more$/m);
    assert.doesNotMatch(many(31), /E30/);
    assert.doesNotMatch(many(30), /more/);
  });

  test('Services that nobody answers: the first eight by name', () => {
    const line = (count: number) =>
      reportMarkdown(
        report('a', { unanswered: Array.from({ length: count }, (_, i) => `shop/s${i}`) }),
        links,
      )
        .split('\n')
        .find((one) => one.startsWith('Without'));
    assert.equal(line(0), undefined);
    assert.match(line(1)!, /nobody answers: shop\/s0\.$/);
    assert.match(line(8)!, /shop\/s6 and shop\/s7\.$/);
    assert.match(line(9)!, /shop\/s7 and 1 more\.$/);
  });

  test('an answer with at most ten of its findings', () => {
    const findings = Array.from({ length: 11 }, (_, i) => found('error', `E${i}.`));
    const text = reportMarkdown(report('a', { answers: [{ ...broken, findings }] }), links);
    assert.match(text, /\nNo\.\n\n- E0\. \(rules:7\)\n/);
    assert.match(text, /- E9\. /);
    assert.doesNotMatch(text, /- E10\. /);
    const bare = reportMarkdown(report('a', { answers: [broken] }), links);
    assert.match(bare, /### Does it\?\n\nNo\.\n$/);
  });
});
