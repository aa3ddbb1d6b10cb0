import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'mocha';
import ts from 'typescript';

/** Words that commands, rules and keys of maps have none of: where one stands, English is spoken. */
const spoken =
  /(?<!-)\b(?:an?|the|is|are|was|were|be|not|no|of|by|at|has|have|had|which|that|this|could|can't|does|assumed|unknown|silence)\b/;

/** Where English is what is meant: rules and comments as kube-proxy writes them, names of products. */
const exempt = [
  'src/core/expected/iptables/',
  'src/core/expected/ipvs/',
  'src/core/expected/nftables/',
  'src/cluster/bundle/layouts/',
];

/** Never shown: values that are compared, what others print, ids that are ours alone. */
const values: ReadonlySet<string> = new Set([
  'Likely not',
  'from the route',
  'Number of entries',
  'no such file or directory',
  'is ',
  '{} of {}',
]);

interface Text {
  readonly place: string;
  readonly text: string;
}

/** The texts of a file that speak English and do not go through `l10n.t`. */
function englishOf(file: string, code: string): Text[] {
  const found: Text[] = [];
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || isForProgrammers(node)) return;
    const text = textOf(node);
    if (text !== undefined && isEnglish(text) && !isTold(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push({ place: `${file}:${line + 1}`, text });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isEnglish(text: string): boolean {
  return spoken.test(text) && /[a-z]{2} |: /.test(text) && !values.has(text);
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.templateSpans.reduce(
    (text, { literal }) => `${text}{}${literal.text}`,
    node.head.text,
  );
}

/** Faults of the program itself, keys of questions, what is logged. */
function isForProgrammers(node: ts.Node): boolean {
  if (ts.isPropertyAssignment(node)) return /^(?:key|id)$/.test(node.name.getText());
  if (ts.isCallExpression(node)) return /\blog\.\w+$/.test(node.expression.getText());
  if (ts.isNewExpression(node)) return /^(?:Range|Type)?Error$/.test(node.expression.getText());
  return false;
}

function isTold({ parent }: ts.Node): boolean {
  if (ts.isTaggedTemplateExpression(parent)) return isTranslator(parent.tag);
  return ts.isCallExpression(parent) && isTranslator(parent.expression);
}

function isTranslator(node: ts.Node): boolean {
  return /\bl10n\.t$/.test(node.getText());
}

suite('texts in the source', () => {
  test('what speaks English goes through l10n.t', () => {
    const found = ['src/core', 'src/syntax', 'src/cluster'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((name) => join(folder, name).replaceAll('\\', '/'))
        .filter((file) => file.endsWith('.ts') && !exempt.some((one) => file.startsWith(one)))
        .flatMap((file) => englishOf(file, readFileSync(file, 'utf8'))),
    );
    assert.deepEqual(found, []);
  });

  test('what slips is found, with its place', () => {
    const code = [
      "const a = l10n.t('no rule'), b = l10n.t`no rule of ${a}`;",
      "const c = { key: 'next hop of a', text: `a rule: ${a}` };",
      "throw new Error('is not there');",
      "const d = 'nft list ruleset';",
    ].join('\n');
    assert.deepEqual(englishOf('a.ts', code), [{ place: 'a.ts:2', text: 'a rule: {}' }]);
  });
});
