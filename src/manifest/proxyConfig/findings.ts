import * as vscode from 'vscode';
import type { ConfigFinding } from '../../core/proxyconfig/check/finding';
import { setting } from '../../workspace/setting';
import type { NodeFolders } from '../../workspace/nodeFolders';
import { DocumentProblems, problemAt } from '../../workspace/problems';
import { manifestSelector } from '../manifests';
import type { ProxyConfigs } from './configs';
import type { ConfigNodes } from './nodes';

/** After a dump changed, in milliseconds: a capture writes many files. */
const dumpQuietMs = 1500;

/** Shows in the Problems view what is wrong with the configurations of kube-proxy in open manifests. */
export function showConfigFindings(
  configs: ProxyConfigs,
  nodes: ConfigNodes,
  folders: NodeFolders,
): vscode.Disposable {
  /** The documents that hold a configuration. */
  const shown = new Set<string>();
  const name = 'kube-proxy-configuration';
  const problems = new DocumentProblems(name, manifestSelector, async (document, set) => {
    const { uri, version } = document;
    const found = setting('proxyConfig.findings', true) ? await configs.of(document) : [];
    if (!found) return;
    // Most manifests hold no configuration: what checks one is read with the first that does.
    const [near, check] =
      found.length > 0
        ? await Promise.all([nodes.near(uri), import('../../core/proxyconfig/check')])
        : [];
    // An edit in between shows its own findings; a closed document has none.
    if (document.isClosed || document.version !== version) return;
    if (near) shown.add(uri.toString());
    else shown.delete(uri.toString());
    set(
      found.flatMap(({ root, exact, range, problems }) => [
        ...problems.map((problem) => problemIn(document, problem)),
        ...(check?.checkConfig(root, near?.nodes) ?? []).map((finding) =>
          problemIn(document, exact ? finding : { ...finding, range }),
        ),
      ]),
    );
  });
  return vscode.Disposable.from(
    problems,
    vscode.workspace.onDidCloseTextDocument(({ uri }) => shown.delete(uri.toString())),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('kubeProxyInspector.proxyConfig')) problems.all();
    }),
    folders.onDidChange(() => {
      for (const document of vscode.workspace.textDocuments) {
        if (shown.has(document.uri.toString())) problems.later(document, dumpQuietMs);
      }
    }),
  );
}

/** Places in manifests are offsets. */
function problemIn(document: vscode.TextDocument, finding: ConfigFinding): vscode.Diagnostic {
  const { start, end } = finding.range;
  return problemAt(new vscode.Range(document.positionAt(start), document.positionAt(end)), finding);
}
