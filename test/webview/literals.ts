import { readFileSync, readdirSync } from 'node:fs';
import ts from 'typescript';

/** The page's modules. */
export function webviewSources(): ts.SourceFile[] {
  const folder = new URL('../../webview/', import.meta.url);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) =>
      ts.createSourceFile(
        `webview/${name}`,
        readFileSync(new URL(name, folder), 'utf8'),
        ts.ScriptTarget.Latest,
        true,
      ),
    );
}

/** The messages of `l10n.t('...')`. */
export function messagesIn(source: ts.SourceFile): string[] {
  return nodesIn(source)
    .filter(isTranslation)
    .flatMap(({ arguments: [message] }) =>
      message && ts.isStringLiteralLike(message) ? [message.text] : [],
    );
}

/**
 * Literals that a user would read and no translator gets, as `webview/x.ts:12: text`: with words in
 * them (`Zoom out`, `Pin`), or of one word where the page shows it (`node`).
 */
export function untranslated(source: ts.SourceFile): string[] {
  return nodesIn(source).flatMap((node) => {
    const text = literalText(node);
    if (text === undefined || isForMachines(node, text)) return [];
    const shown = isShown(node) && /[A-Za-z]{2,}/.test(text);
    if (!shown && !/^\W*[A-Z][a-z]|[A-Za-z]{2,} [A-Za-z]{2,}/.test(text)) return [];
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    return [`${source.fileName}:${line + 1}: ${text}`];
  });
}

function nodesIn(source: ts.SourceFile): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node) => {
    found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Of a template the text around what is put in. */
function literalText(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('#');
}

function isTranslation(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.getText() === 'l10n.t';
}

/** Attributes whose value is read by people. */
const readAttributes =
  /^'?(aria-(label|description|roledescription|valuetext)|title|alt|placeholder)'?$/;

/** A child of an element, or the value of an attribute that is read. */
function isShown(node: ts.Node): boolean {
  for (let at = node; at.parent; at = at.parent) {
    const { parent } = at;
    if (ts.isPropertyAssignment(parent)) return readAttributes.test(parent.name.getText());
    if (ts.isCallExpression(parent)) {
      const maker = /^(html|svg|control)$/.test(parent.expression.getText());
      return maker && parent.arguments.indexOf(at as ts.Expression) >= 2;
    }
    if (ts.isBinaryExpression(parent) && parent.operatorToken.getText() === '=') {
      return /\.(textContent|title|ariaLabel|innerText)$/.test(parent.left.getText());
    }
    if (ts.isStatement(parent) || ts.isFunctionLike(parent)) return false;
  }
  return false;
}

const machineAttributes = /^'?(class|role|type|d|transform|viewBox|fill|font-family|scope)'?$/;
/** What is compared, imported, sent to the log, or goes to the browser. */
function isForMachines(node: ts.Node, text: string): boolean {
  if (/^(Arrow\w+|Home|End|Enter|Escape|Tab|Canvas)$/.test(text)) return true;
  for (let at = node; at.parent; at = at.parent) {
    const { parent } = at;
    if (isTranslation(parent)) return true;
    if (ts.isImportDeclaration(parent) || ts.isTypeNode(parent)) return true;
    if (ts.isPropertyAssignment(parent)) {
      if (parent.name === at || machineAttributes.test(parent.name.getText())) return true;
      return parent.name.getText().startsWith("'data-") || isPath(text);
    }
    if (ts.isBinaryExpression(parent) && /^[!=]==$/.test(parent.operatorToken.getText())) {
      return true;
    }
    if (ts.isCallExpression(parent)) {
      const name = parent.expression.getText();
      return /^(fail|.*\.(querySelector(All)?|closest|matches|setAttribute|replace(All)?|toggle|createElement\w*))(<.*>)?$/s.test(
        name,
      )
        ? !/^'(aria-label|title)'$/.test(parent.arguments[0]?.getText() ?? '')
        : false;
    }
    if (ts.isStatement(parent)) return false;
  }
  return false;
}

/** An icon's way on a grid: `M2.5 3h11v3.5h-11z`. */
function isPath(text: string): boolean {
  return /^M[\d.]/.test(text);
}
