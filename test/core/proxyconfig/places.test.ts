import assert from 'node:assert/strict';
import { checkConfig } from '../../../src/core/proxyconfig/check';
import type { ProxyNode } from '../../../src/core/proxyconfig/node';
import { configOf } from './variants';

function nodeOf(minor: number): ProxyNode {
  const state = { name: 'node-a', rulesets: [], findings: [] };
  return { state, version: { minor, text: `v1.${minor}.0`, from: 'image' } };
}

/** `code: the text that it is at`. */
function check(text: string, ...nodes: readonly ProxyNode[]): string[] {
  return checkConfig(configOf(text), nodes).map(
    ({ code, range }) => `${code}: ${text.slice(range.start, range.end).trim()}`,
  );
}

suite('where findings on a configuration stand', () => {
  test('at the part of a text where that stands as it is, else at the whole', () => {
    for (const [value, place] of [
      ['10.0.0.0/16,x', 'x'],
      ['"10.0.0.0/16,x"', 'x'],
      ["'10.0.0.0/16,x'", 'x'],
      ['"10.0.0.0\\x2f16,x"', '"10.0.0.0\\x2f16,x"'],
      ['|\n  10.0.0.0/16,x\n', '|\n  10.0.0.0/16,x'],
      // No character to stand at.
      ['"10.0.0.0/16,"', '"10.0.0.0/16,"'],
    ] as const) {
      assert.deepEqual(check(`clusterCIDR: ${value}\n`), [`bad-cidr: ${place}`], value);
    }
  });

  test('at the key where its value is nothing, at the first key where it is not set', () => {
    const missing = (at: string) => [`cluster-cidr-missing: ${at}`];
    assert.deepEqual(check('kind: K\nclusterCIDR:\n'), missing('clusterCIDR'));
    assert.deepEqual(check('kind: K\nclusterCIDR: ""\n'), missing('""'));
    assert.deepEqual(check('kind: K\noomScoreAdj: 1\n'), missing('kind'));
    assert.deepEqual(check('{}'), missing('{}'));
  });

  test('what is no text among texts has the wrong type, and says no more', () => {
    const of = (items: string) =>
      check(`clusterCIDR: 10.0.0.0/16\nnodePortAddresses: [${items}]\n`);
    assert.deepEqual(of('7, x'), ['wrong-type: [7, x]', 'bad-cidr: x']);
    assert.deepEqual(of('{a: 1}, x'), ['wrong-type: [{a: 1}, x]', 'bad-cidr: x']);
    assert.deepEqual(of('10.0.0.0/8'), []);
  });

  test('a configuration that is no map says nothing', () => {
    assert.deepEqual(check('- mode: ipvs\n'), []);
    assert.deepEqual(check('mode\n'), []);
  });

  test('a misspelled key is near a known one: two letters, or a quarter of it', () => {
    const key = (name: string) =>
      check(`clusterCIDR: 10.0.0.0/16\n${name}: x\n`).map((text) => text.split(':')[0]);
    for (const [name, right] of [
      ['modee', 'misspelled-key'],
      ['mod', 'misspelled-key'],
      ['moo', 'unknown-key'],
      ['bindAddres', 'misspelled-key'],
      ['bindAdres', 'misspelled-key'],
      ['bindAdre', 'unknown-key'],
      ['m'.repeat(65), 'unknown-key'],
      ['m'.repeat(100_000), 'unknown-key'],
    ] as const) {
      assert.deepEqual(key(name), [right], name.slice(0, 70));
    }
  });

  test('releases are named in order, each once', () => {
    const text = 'clusterCIDR: 10.0.0.0/16\niptables: {localhostNodePorts: true}\n';
    const nodes = [nodeOf(24), nodeOf(9), nodeOf(24), nodeOf(20)];
    const [told] = checkConfig(configOf(text), nodes);
    assert.match(told!.message, /^kube-proxy 1\.9, 1\.20 and 1\.24 ignores? /);
  });
});
