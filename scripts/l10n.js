/**
 * Collects the texts of `l10n.t('...')` and l10n.t`...` in l10n/bundle.l10n.json, sorted. The object
 * may be vscode.l10n, the import of @vscode/l10n or a parameter of that name: vscode-l10n-dev, which
 * goes by imports alone, does not see the last.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const project = fileURLToPath(new URL('..', import.meta.url));

const found = new Set();
for (const folder of ['src', 'webview']) {
  for (const name of readdirSync(join(project, folder), { recursive: true })) {
    if (name.endsWith('.ts')) collect(join(project, folder, name));
  }
}
const texts = Object.fromEntries([...found].sort().map((text) => [text, text]));
writeFileSync(join(project, 'l10n/bundle.l10n.json'), `${JSON.stringify(texts, undefined, 2)}\n`);

function collect(file) {
  const visit = (node) => {
    const text = messageOf(node);
    if (text !== undefined) found.add(text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest));
}

/** The English text with `{0}` where an argument stands; undefined for other nodes. */
function messageOf(node) {
  if (ts.isCallExpression(node) && isTranslator(node.expression)) {
    const [text] = node.arguments;
    return text && ts.isStringLiteralLike(text) ? text.text : undefined;
  }
  if (!ts.isTaggedTemplateExpression(node) || !isTranslator(node.tag)) return undefined;
  const { template } = node;
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
  return template.templateSpans.reduce(
    (text, { literal }, i) => `${text}{${i}}${literal.text}`,
    template.head.text,
  );
}

/** `l10n.t`, `vscode.l10n.t`, `world.l10n.t`. */
function isTranslator(node) {
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== 't') return false;
  const { expression } = node;
  const owner = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  return ts.isIdentifier(owner) && owner.text === 'l10n';
}
