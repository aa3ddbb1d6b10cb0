import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dumpKinds, kindOf } from '../../../src/syntax/dumps/kinds';

interface Manifest {
  readonly contributes: { readonly languages: readonly { readonly id: string }[] };
}

suite('the table of dump kinds', () => {
  test('each kind stands in it once', () => {
    const ids = dumpKinds.map(({ id }) => id);
    assert.deepEqual(ids, [...new Set(ids)]);
    assert.equal(kindOf('ip-rule')?.part, 'routing rules');
    assert.equal(kindOf('unknown'), undefined);
  });

  test('each kind can be recognised, by its text or by its name', () => {
    const blind = dumpKinds.filter(({ lines, json, names }) => !lines && !json && !names);
    assert.deepEqual(blind, []);
  });

  test('a language of a kind is one that package.json contributes', () => {
    const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
    const known = new Set(contributes.languages.map(({ id }) => id));
    const missing = dumpKinds.filter(({ language }) => language && !known.has(language));
    assert.deepEqual(missing, []);
  });

  test('every reader reads an empty text without a finding', async () => {
    for (const { id, read } of dumpKinds) {
      if (!read || id === 'ip-addr-json') continue;
      const { findings } = (await read({ source: 'x' })).end();
      assert.deepEqual(findings, [], id);
    }
  });
});
