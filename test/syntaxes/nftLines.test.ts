import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { nftBranches, type NftGrammar } from '../../src/syntax/nft/grammar';
import { testNftGrammar } from '../syntax/parser';

const folders = ['test/fixtures/nft/kube-proxy-1.36', 'test/fixtures/nft/pairs'];

suite('tree-sitter-nft on real lines', () => {
  let grammar: NftGrammar;
  suiteSetup(async () => (grammar = await testNftGrammar()));

  for (const folder of folders) {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
      test(file, () => {
        const lines = readFileSync(`${folder}/${file}`, 'utf8')
          .split('\n')
          .filter((line) => line.trim());
        assert.ok(lines.length > 10);
        assert.deepEqual(
          lines.filter((line) => grammar.parse(line).hasError),
          [],
        );
      });
    }
  }

  test('the nodes with nodes in them are those that the reader of the tree knows', () => {
    interface NodeKind {
      readonly type: string;
      readonly named: boolean;
      readonly children?: unknown;
      readonly fields?: Record<string, unknown>;
    }
    const kinds = JSON.parse(
      readFileSync('syntaxes/tree-sitter-nft/src/node-types.json', 'utf8'),
    ) as readonly NodeKind[];
    const branches = kinds.filter(
      ({ named, children, fields }) => named && (children ?? Object.keys(fields ?? {}).length > 0),
    );
    assert.deepEqual(new Set([...branches.map(({ type }) => type), 'ERROR']), nftBranches);
  });

  test('hostile text takes little time', () => {
    for (const text of ['{'.repeat(20_000), 'ip saddr '.repeat(5_000), '" '.repeat(5_001)]) {
      const started = performance.now();
      grammar.parse(text);
      assert.ok(performance.now() - started < 3000, text.slice(0, 10));
    }
  });
});
