import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Rule, Ruleset } from '../../../src/core/rules/ruleset';
import { indexLines } from '../../../src/syntax/iptables/lines/lineIndex';
import { rulesetsOfText } from '../../../src/syntax/iptables/ruleset/ruleset';
import { structureOf } from '../../../src/syntax/iptables/structure/structure';
import { textLines } from '../../../src/syntax/textLines';
import type { LineParser } from '../../../src/syntax/treeSitter';
import { testParser } from '../parser';

/** Parts of real dumps: a table's beginning, its rules in the middle, its end. */
const dumps = [
  ['samples/kubernetes-1.36-iptables/node-a/iptables-save-c.txt', 1],
  ['samples/kubernetes-1.36-iptables/node-a/ip6tables-save.txt', 1],
  ['test/fixtures/dumps/ipvs/iptables-save.txt', 1],
  ['test/fixtures/dumps/iptables/iptables-nat-S-v.txt', 7],
  ['test/fixtures/dumps/iptables/iptables-nat-L-n.txt', 7],
  ['test/fixtures/dumps/real-node/iptables-nat-L-nv.txt', 2],
  ['test/fixtures/dumps/every-extension/mangle-S.txt', 1],
].map(([file, step]) =>
  readFileSync(String(file), 'utf8')
    .split('\n')
    .filter((_, i) => i % Number(step) === 0 || i < 12)
    .slice(0, 120),
);

const piece = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.constantFrom(
    ...['"', '\\', '!', '-', ' ', '\0', '\t', '/*', '*/', '[', ']', ':', ',', '/', '\u{1F600}'],
    ...[
      ' -j ',
      ' -g X ',
      ' -m ',
      ' --comment ',
      ' ! ',
      '*nat',
      'COMMIT',
      'Chain X (',
      '# ',
      '-A X',
    ],
  ),
);

/** Replaces `removed` characters of one line by a piece. */
const mutation = fc.record({
  dump: fc.nat(dumps.length - 1),
  line: fc.nat(119),
  column: fc.nat(200),
  removed: fc.nat(30),
  piece,
});

type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutated(lines: readonly string[], { line, column, removed, piece }: Mutation): string[] {
  const at = line % lines.length;
  const text = lines[at]!;
  return lines.with(at, text.slice(0, column) + piece + text.slice(column + removed));
}

suite('random mutations of real dumps', () => {
  let parser: LineParser;
  suiteSetup(async () => (parser = await testParser()));

  const read = (lines: readonly string[]) => rulesetsOfText('dump', lines.join('\n'), parser);

  interface Placed {
    readonly table: string;
    readonly declared: number | undefined;
    readonly chain: string;
    readonly rule: Rule;
  }

  /** Each rule by its line, with the table and chain that it stands in. */
  function rulesOf(rulesets: readonly Ruleset[]): Map<number, Placed> {
    const rules = new Map<number, Placed>();
    for (const table of rulesets.flatMap(({ tables }) => [...tables.values()])) {
      for (const chain of table.chains.values()) {
        for (let i = 0; i < chain.length; i++) {
          const rule = chain.rule(i);
          const declared = table.declared?.line;
          rules.set(rule.range.line, { table: table.name, declared, chain: chain.name, rule });
        }
      }
    }
    return rules;
  }

  test('never throw, whatever is cut, doubled or put in', () => {
    const cut = fc.record({ from: fc.nat(119), to: fc.nat(119) });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), cut, (mutations, cut) => {
        let lines: readonly string[] = dumps[mutations[0]!.dump]!;
        for (const mutation of mutations) lines = mutated(lines, mutation);
        lines = [...lines.slice(cut.from), ...lines.slice(0, cut.to)];
        for (const { rule } of rulesOf(read(lines)).values()) {
          const { range, findings } = rule;
          for (const { range: place } of findings) {
            assert.equal(place.line, range.line);
            assert.ok(place.start >= 0 && place.end <= lines.join('\n').length);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('an error stays on its line: the other rules mean what they meant', () => {
    const kindAt = (lines: readonly string[], at: number) =>
      indexLines(textLines(lines.join('\n'))).kind(at);
    const harmless = ['rule', 'other', 'comment', 'listing-rule', 'command'];
    const originals = dumps.map((lines) => JSON.stringify([...rulesOf(read(lines))]));
    fc.assert(
      fc.property(mutation, (mutation) => {
        const lines = dumps[mutation.dump]!;
        const at = mutation.line % lines.length;
        const changed = mutated(lines, mutation);
        if (changed[at]!.match(/[\r\n]/)) return;
        if (!['rule', 'listing-rule'].includes(kindAt(lines, at))) return;
        if (!harmless.includes(kindAt(changed, at))) return;
        const before = new Map(JSON.parse(originals[mutation.dump]!) as [number, Placed][]);
        const after = rulesOf(read(changed));
        // Its number moves when a rule before it is none any more, or belongs to its chain now.
        const anyNumber = ({ rule, ...place }: Placed) => ({ ...place, ...rule, number: 0 });
        for (const [line, placed] of before) {
          if (line === at) continue;
          const same = after.get(line);
          assert.ok(same, `line ${line + 1} is no rule any more`);
          assert.deepEqual(JSON.parse(JSON.stringify(anyNumber(same))), anyNumber(placed));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('an index after edits gives the structure of a fresh one', () => {
    fc.assert(
      fc.property(fc.array(mutation, { maxLength: 6 }), fc.nat(3), (mutations, removed) => {
        let lines = dumps[mutations[0]?.dump ?? 0]!;
        const index = indexLines(textLines(lines.join('\n')));
        for (const mutation of mutations) {
          const at = mutation.line % lines.length;
          const text = mutated(lines, mutation)[at]!.replace(/[\r\n]/g, ' ');
          index.edit(at, 1 + removed, [text]);
          lines = lines.toSpliced(at, 1 + removed, text);
        }
        const texts = textLines(lines.join('\n'));
        const fresh = structureOf(indexLines(texts), texts);
        const edited = structureOf(index, texts);
        assert.deepEqual(edited.sections, fresh.sections);
        assert.deepEqual(
          edited.dumps.map(({ family, tables }) => [family, tables.map(({ name }) => name)]),
          fresh.dumps.map(({ family, tables }) => [family, tables.map(({ name }) => name)]),
        );
        for (let line = 0; line < texts.count; line++) {
          assert.equal(edited.chains.chainAt(line), fresh.chains.chainAt(line));
          assert.equal(edited.chains.targetAt(line), fresh.chains.targetAt(line));
        }
      }),
      { numRuns: 60 },
    );
  });

  // Without a limit of their own: mocha's says that a pattern takes time by the square of the length.
  for (const part of [
    '@',
    ':',
    '::a',
    '/* ',
    '"',
    '\\',
    '- ',
    '[',
    '! ',
    '-d ',
    '1.',
    'a,',
    '*/ ',
  ]) {
    test(`a line of 200,000 characters: ${JSON.stringify(part)}`, () => {
      const long = part.repeat(200_000 / part.length);
      const starts = [
        ...['', ':', '-A X ', '-A X -j DNAT --to-destination ', '-A X -m comment --comment '],
        ...['# ', 'root', 'Chain ', 'ACCEPT  0  --  0.0.0.0/0  0.0.0.0/0  ', 'X  0  '],
      ];
      for (const head of ['*nat', 'Chain X (1 references)']) {
        const lines = starts.flatMap((start) => [start + long, head]);
        assert.ok(rulesOf(read([head, ...lines])).size > 0);
      }
    });
  }

  for (const [name, lineBreak] of [
    ['CRLF', '\r\n'],
    ['a lone CR', '\r'],
  ] as const) {
    test(`${name} ends a line like LF`, () => {
      for (const lines of dumps) {
        const rules = rulesOf(rulesetsOfText('dump', lines.join(lineBreak), parser));
        assert.deepEqual(rules, rulesOf(read(lines)));
      }
    });
  }
});
