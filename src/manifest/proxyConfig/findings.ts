import * as vscode from 'vscode';
import { checkConfig } from '../../core/proxyconfig/check';
import type { ConfigFinding } from '../../core/proxyconfig/check/finding';
import type { ProxyConfigText } from '../../syntax/kubeproxy/configs';
import { setting } from '../../workspace/clusters/settings';
import type { NodeFolders } from '../../workspace/nodeFolders';
import { manifestSelector } from '../manifests';
import type { ProxyConfigs } from './configs';
import type { ConfigNodes } from './nodes';

/** Long enough that typing is not followed by a flicker of squiggles. */
const quietMs = 400;
/** After a dump changed; a capture writes many files. */
const dumpQuietMs = 1500;

const severities: Readonly<Record<ConfigFinding['severity'], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

/** Shows in the Problems view what is wrong with the configurations of kube-proxy in open manifests. */
export function showConfigFindings(
  configs: ProxyConfigs,
  nodes: ConfigNodes,
  folders: NodeFolders,
): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('kube-proxy-configuration');
  const timers = new Map<string, NodeJS.Timeout>();
  /** The documents that hold a configuration. */
  const shown = new Set<string>();

  const show = async (document: vscode.TextDocument) => {
    const { uri, version } = document;
    const found = setting('proxyConfig.findings', true) ? await configs.of(document) : [];
    if (!found) return;
    const near = found.length > 0 ? await nodes.near(uri) : undefined;
    // An edit in between shows its own findings; a closed document has none.
    if (document.isClosed || document.version !== version) return;
    if (near) shown.add(uri.toString());
    else shown.delete(uri.toString());
    const own = found.flatMap(({ root, exact, range, problems }) => [
      ...problems.map((problem) => problemOf(document, problem)),
      ...checkConfig(root, near?.nodes).map((finding) =>
        diagnosticOf(document, exact ? finding : { ...finding, range }),
      ),
    ]);
    collection.set(uri, own);
  };
  const later = (document: vscode.TextDocument, wait = quietMs) => {
    if (vscode.languages.match(manifestSelector, document) === 0) return;
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => void show(document), wait),
    );
  };
  const forget = ({ uri }: vscode.TextDocument) => {
    clearTimeout(timers.get(uri.toString()));
    timers.delete(uri.toString());
    shown.delete(uri.toString());
    collection.delete(uri);
  };
  const all = () => vscode.workspace.textDocuments.forEach((document) => later(document));

  all();
  return vscode.Disposable.from(
    collection,
    vscode.workspace.onDidOpenTextDocument((document) => later(document)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => later(document)),
    vscode.workspace.onDidCloseTextDocument(forget),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('kubeProxyInspector.proxyConfig')) all();
    }),
    folders.onDidChange(() => {
      for (const document of vscode.workspace.textDocuments) {
        if (shown.has(document.uri.toString())) later(document, dumpQuietMs);
      }
    }),
    new vscode.Disposable(() => timers.forEach((timer) => clearTimeout(timer))),
  );
}

function problemOf(
  document: vscode.TextDocument,
  { severity, code, message, range }: ProxyConfigText['problems'][number],
): vscode.Diagnostic {
  return diagnosticOf(document, { severity, code, message, range });
}

function diagnosticOf(
  document: vscode.TextDocument,
  { severity, code, message, range }: ConfigFinding,
): vscode.Diagnostic {
  const place = new vscode.Range(document.positionAt(range.start), document.positionAt(range.end));
  const diagnostic = new vscode.Diagnostic(place, message, severities[severity]);
  diagnostic.source = 'Kube-Proxy Inspector';
  diagnostic.code = code;
  return diagnostic;
}
