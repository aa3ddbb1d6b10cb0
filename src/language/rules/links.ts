import * as vscode from 'vscode';
import type { DumpDocument } from '../../workspace/dumpDocument';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import { pause } from '../../workspace/slices';

/** How many lines are read before other work of the extension host gets its turn. */
const slice = 5000;

/**
 * Links from the endpoint in a comment, `--comment "default/whoami -> 10.244.0.3:3000"`, to the
 * rules of the endpoint's chain, which is the rule's jump.
 */
export function linkProvider(documents: DumpDocuments): vscode.DocumentLinkProvider {
  return {
    async provideDocumentLinks(document, token) {
      const dump = await documents.open(document, token);
      if (!dump) return [];
      const links: vscode.DocumentLink[] = [];
      for (let line = 0; line < dump.lines.count; line++) {
        const link = linkOn(dump, line);
        if (link) links.push(link);
        if (line % slice !== slice - 1) continue;
        await pause();
        if (token.isCancellationRequested) return [];
      }
      return links;
    },
  };
}

function linkOn({ structure, lines, uri }: DumpDocument, line: number) {
  const { chains } = structure;
  const chain = chains.targetAt(line);
  if (chain === undefined) return undefined;
  const found = / -> ([^\s"]+)(?="| \*\/)/d.exec(lines.line(line));
  const columns = found?.indices?.[1];
  const goal = chains.rules(chain)[0] ?? chains.declaration(chain);
  if (!columns || goal === undefined) return undefined;
  const range = new vscode.Range(line, columns[0], line, columns[1]);
  const link = new vscode.DocumentLink(range, uri.with({ fragment: `L${goal + 1}` }));
  link.tooltip = vscode.l10n.t('Go to the rules of {0}', chains.name(chain));
  return link;
}
