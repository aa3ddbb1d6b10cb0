import assert from 'node:assert/strict';
import type { TableFamily } from '../../../src/core/rules/ruleset';
import { readRule } from '../../../src/syntax/nft/statements/rule';
import { lineText } from '../../../src/syntax/nft/text/reader';
import { plain } from '../plain';

/** The one statement that a rule is. */
export function one(text: string, family: TableFamily = 'ip'): unknown {
  const { statements } = readRule(lineText('x', 0, 0, text), family);
  assert.equal(statements.length, 1, `${text}: ${JSON.stringify(plain(statements))}`);
  assert.equal(statements[0]!.range.end, text.length, text);
  return plain(statements[0]);
}

export function check(cases: readonly (readonly [string, object])[]): void {
  for (const [text, expected] of cases) assert.deepEqual(one(text), expected, text);
}

export const number = (from: number, to = from) => ({ kind: 'numbers', from, to });
export const compare = (left: object, right: object, operator = '==') => ({
  ...{ kind: 'compare', left, operator, right },
});
export const payload = (protocol: string, field: string) => ({ kind: 'payload', protocol, field });
export const meta = (key: string) => ({ kind: 'meta', key });
export const constant = (value: number) => ({
  ...{ kind: 'constant', value: { kind: 'number', number: value } },
});
export const text = (name: string, wildcard = false) => ({ kind: 'text', text: name, wildcard });
