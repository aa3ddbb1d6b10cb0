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
  '"endpoint of IPv6',
  'Number of entries',
  '{} of {}',
]);

interface Text {
  readonly place: string;
  readonly text: string;
}

/** The texts of a file that speak English and do not go through `l10n.t`. */
function englishOf(file: string, code: string): Text[] {
  // Reading 700 files into trees takes seconds: most hold no such text.
  if (!code.split('\n').some((line) => /['"`]/.test(line) && spoken.test(line))) return [];
  const found: Text[] = [];
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || isForProgrammers(node)) return;
    const text = textOf(node);
    if (text !== undefined && isEnglish(text) && !isTold(node) && !isSought(node)) {
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
  if (ts.isPropertyAssignment(node)) return /^(?:key|id)$/.test(nameOf(node.name));
  if (ts.isNewExpression(node)) return /^(?:Range|Type)?Error$/.test(nameOf(node.expression));
  return (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    /^log$/.test(nameOf(node.expression.expression))
  );
}

function isTold({ parent }: ts.Node): boolean {
  const told = ts.isTaggedTemplateExpression(parent)
    ? parent.tag
    : ts.isCallExpression(parent)
      ? parent.expression
      : undefined;
  return (
    told !== undefined &&
    ts.isPropertyAccessExpression(told) &&
    told.name.text === 't' &&
    nameOf(told.expression) === 'l10n'
  );
}

/** What is looked for in a text of others: `line.startsWith('Number of entries')`. */
function isSought({ parent }: ts.Node): boolean {
  return (
    ts.isCallExpression(parent) &&
    /^(?:startsWith|endsWith|includes|indexOf|has)$/.test(nameOf(parent.expression))
  );
}

/** `l10n` of `l10n` and of `vscode.l10n`. */
function nameOf(node: ts.Node): string {
  if (ts.isIdentifier(node)) return node.text;
  return ts.isPropertyAccessExpression(node) ? node.name.text : '';
}

suite('texts in the source', () => {
  test('what speaks English goes through l10n.t', function () {
    this.timeout(60_000);
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
      "const d = 'nft list ruleset', e = line.startsWith('the rule');",
    ].join('\n');
    assert.deepEqual(englishOf('a.ts', code), [{ place: 'a.ts:2', text: 'a rule: {}' }]);
  });
});
