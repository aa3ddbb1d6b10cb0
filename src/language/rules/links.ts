import * as vscode from 'vscode';
import type { DumpDocument } from '../../workspace/dumpDocument';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import { pause } from '../../workspace/slices';
import { endpointLink } from './endpointLink';

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

function linkOn(dump: DumpDocument, line: number): vscode.DocumentLink | undefined {
  const found = endpointLink(dump, line);
  if (!found) return undefined;
  const range = new vscode.Range(line, found.start, line, found.end);
  const link = new vscode.DocumentLink(range, dump.uri.with({ fragment: `L${found.goal + 1}` }));
  link.tooltip = vscode.l10n.t('Go to the rules of {0}', dump.structure.chains.name(found.chain));
  return link;
}
