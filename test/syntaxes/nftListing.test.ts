import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { IGrammar } from 'vscode-textmate';
import { loadGrammar, scopes } from './tokenize';

suite('TextMate grammar nft-listing', () => {
  let grammar: IGrammar;
  suiteSetup(async () => (grammar = await loadGrammar('nft-listing')));

  const is = (text: string, ...expected: string[]) =>
    assert.deepEqual(scopes(grammar, text), expected);

  test('the frame of a table', () => {
    is(
      'table ip kube-proxy {\n\tchain nat-output { # handle 9\n\t\ttype nat hook output priority -100; policy accept;',
      'table -> keyword.other.table',
      'ip -> storage.type.family',
      'kube-proxy -> entity.name.section.table',
      'chain -> keyword.other.chain',
      'nat-output -> entity.name.function.chain',
      '# -> punctuation.definition.comment',
      'handle -> comment.line.handle',
      '9 -> constant.numeric.handle',
      'type -> keyword.other.property',
      'nat -> storage.type.chain',
      'hook -> keyword.other.property',
      'output -> support.constant.hook',
      'priority -> keyword.other.property',
      '-100 -> constant.numeric.priority',
      'policy -> keyword.other.property',
      'accept -> keyword.control.verdict',
    );
  });

  test('a rule', () => {
    is(
      '\t\tip daddr @cluster-ips ip saddr != 10.244.0.0/16 meta mark set meta mark | 0x00004000 comment "a { b"',
      'ip -> support.function.selector',
      'daddr -> variable.parameter.field',
      '@cluster-ips -> entity.name.type.set',
      'ip -> support.function.selector',
      'saddr -> variable.parameter.field',
      '!= -> keyword.operator',
      '10.244.0.0/16 -> constant.numeric.address',
      'meta -> support.function.selector',
      'mark -> variable.parameter.field',
      'set -> keyword.other.statement',
      'meta -> support.function.selector',
      'mark -> variable.parameter.field',
      '| -> keyword.operator',
      '0x00004000 -> constant.numeric.hex',
      'comment -> keyword.other.statement',
      '"a { b" -> string.quoted.double',
    );
  });

  test("kube-proxy's names are one piece, whatever words are in them", () => {
    is(
      '\t\t10.0.0.1 . tcp . 80 : goto service-X3XHOYVZ-drop/accept/tcp/ip,',
      '10.0.0.1 -> constant.numeric.address',
      'tcp -> support.constant',
      '80 -> constant.numeric',
      'goto -> keyword.control.jump',
      'service-X3XHOYVZ-drop/accept/tcp/ip -> entity.name.function.chain',
    );
  });

  test('what a part of iptables-nft hides is marked', () => {
    const pieces = scopes(
      grammar,
      '\t\t# match-set KUBE-CLUSTER-IP dst,dst counter xt match "physdev"',
    );
    assert.ok(pieces.includes('match-set -> invalid.deprecated.hidden'));
    assert.ok(pieces.some((piece) => piece === 'xt match -> invalid.deprecated.hidden'));
  });

  test('a long line and a whole listing take little time', () => {
    const listing = readFileSync('test/fixtures/nft/kube-proxy-1.36/nft-list-ruleset.txt', 'utf8');
    const started = performance.now();
    scopes(grammar, listing);
    scopes(grammar, `\t\t${'a'.repeat(20_000)}`);
    scopes(grammar, `\t\t${'1.'.repeat(10_000)}`);
    scopes(grammar, `\t\t${'a:'.repeat(10_000)}`);
    assert.ok(performance.now() - started < 8000);
  });
});
