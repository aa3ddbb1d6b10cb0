import assert from 'node:assert/strict';
import { lowerRule } from '../../../src/syntax/iptables/lowerRule';
import { readRuleLine } from '../../../src/syntax/iptables/readRuleLine';
import type { LineParser } from '../../../src/syntax/treeSitter';
import { plain } from '../plain';

/** What `-A X OPTIONS` is lowered to. */
export function lowered(parser: LineParser, options: string, family: 4 | 6 = 4) {
  const text = `-A X ${options}`;
  const line = readRuleLine(text, parser.parse(text))!;
  const rule = lowerRule(line, {
    ...{ source: 'dump', line: 0, family, number: 1 },
    isChain: () => false,
  });
  const { matches, target, findings } = rule;
  return {
    matches: plain(matches) as readonly unknown[],
    target: target && plain(target),
    findings: findings.map(({ code }) => code),
  };
}

/** The one match that the options come to, without a finding. */
export function oneMatch(parser: LineParser, options: string, family?: 4 | 6): unknown {
  const { matches, findings } = lowered(parser, options, family);
  assert.deepEqual(findings, [], options);
  assert.equal(matches.length, 1, options);
  return matches[0];
}

/** The target that the options come to, without a finding. */
export function oneTarget(parser: LineParser, options: string, family?: 4 | 6): unknown {
  const { target, findings } = lowered(parser, options, family);
  assert.deepEqual(findings, [], options);
  return target;
}
