import * as vscode from 'vscode';
import { errorText } from '../../cluster/error';
import { oddOnes, traitsOf, type NodeTraits } from '../../core/compare/majority';
import { programmed } from '../../core/kubeproxy/programmed';
import { clusterReport } from '../../core/report/cluster';
import { clusterMarkdown, reportMarkdown } from '../../core/report/markdown';
import { movedReport } from '../../core/report/moved';
import { reportOf, type Report } from '../../core/report/report';
import { lastPart, parentOf } from '../../workspace/files';
import { checkedNode } from '../../workspace/findings/checkedNode';
import type { NodeFolders } from '../../workspace/nodeFolders';
import { runInSlices } from '../../workspace/slices';
import type { Asked } from './asked';
import { linksNear } from './links';

/** A page, as it stands in a preview and is copied. */
export interface Page {
  readonly title: string;
  readonly text: string;
}

/**
 * Looks at the nodes of the dumps, one by one, and tells what was found; with progress.
 *
 * @returns undefined where the user stopped it
 */
export async function writePage(asked: Asked, folders: NodeFolders): Promise<Page | undefined> {
  const { uris, service, title } = asked;
  const unread = [...(asked.unread ?? [])];
  return vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Checking the dumps'),
      cancellable: true,
    },
    async (progress, token) => {
      const links = linksNear(uris);
      const nodes: LookedAt[] = [];
      for (const uri of uris) {
        try {
          if (uris.length > 1) progress.report({ message: lastPart(parentOf(uri)) });
          nodes.push(await lookAt(uri, folders, { service, token }));
        } catch (error) {
          if (token.isCancellationRequested) return undefined;
          // Of several nodes the others are told all the same.
          if (uris.length === 1) throw error;
          unread.push(`${lastPart(parentOf(uri))}: ${errorText(error)}`);
        }
      }
      const reports = nodes.map(({ report }) => report);
      const [only, ...others] = reports;
      if (only && others.length === 0 && unread.length === 0) {
        return { title: only.title, text: reportMarkdown(only, links) };
      }
      const odd = (await runInSlices(oddOnes(nodes.map(({ traits }) => traits)))).filter(
        ({ about }) => service === undefined || about.includes(service),
      );
      const report = clusterReport(title ?? vscode.l10n.t('All nodes'), reports, unread, odd);
      return { title: report.title, text: clusterMarkdown(report, links) };
    },
  );
}

interface LookedAt {
  readonly report: Report;
  readonly traits: NodeTraits;
}

async function lookAt(
  uri: vscode.Uri,
  folders: NodeFolders,
  {
    service,
    token,
  }: { readonly service: string | undefined; readonly token: vscode.CancellationToken },
): Promise<LookedAt> {
  const { state, objects, original } = await folders.of(uri);
  const { findings } = await checkedNode(state, objects, token);
  const report = await runInSlices(reportOf(state, { objects, service, findings }), token);
  const what = await runInSlices(programmed(state, objects?.services), token);
  return {
    report: movedReport(report, original),
    traits: await runInSlices(traitsOf(state.name, what, objects), token),
  };
}
