import * as vscode from 'vscode';
import type { Finding } from '../../core/finding';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import type { FactsStore } from './facts';

/** Long enough that typing is not followed by a flicker of squiggles. */
const quietMs = 300;

const severities: Readonly<Record<Finding['severity'], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

/** Shows in the Problems view what is wrong with the shape and the Services of each open dump. */
export function showFindings(documents: DumpDocuments, facts: FactsStore): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('kube-proxy-inspector');
  const timers = new Map<string, NodeJS.Timeout>();

  const show = async (document: vscode.TextDocument) => {
    const dump = await documents.open(document);
    if (!dump) return;
    const shape = dump.rulesets.flatMap(({ findings }) => findings);
    collection.set(document.uri, shape.map(diagnosticOf));
    const opened = await facts.open(document);
    // An edit in between shows its own findings.
    if (opened?.dump !== dump) return;
    const services = [...opened.facts.services.values()].flatMap(({ findings }) => findings);
    if (services.length === 0) return;
    collection.set(document.uri, [...shape, ...services].map(diagnosticOf));
  };
  const later = (document: vscode.TextDocument) => {
    if (document.languageId !== 'iptables-save') return;
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => void show(document), quietMs),
    );
  };
  const forget = ({ uri }: vscode.TextDocument) => {
    clearTimeout(timers.get(uri.toString()));
    timers.delete(uri.toString());
    collection.delete(uri);
  };

  vscode.workspace.textDocuments.forEach(later);
  return vscode.Disposable.from(
    collection,
    vscode.workspace.onDidOpenTextDocument(later),
    vscode.workspace.onDidChangeTextDocument(({ document }) => later(document)),
    vscode.workspace.onDidCloseTextDocument(forget),
    new vscode.Disposable(() => timers.forEach((timer) => clearTimeout(timer))),
  );
}

function diagnosticOf({ severity, code, message, range }: Finding): vscode.Diagnostic {
  const { line, start, end } = range;
  const place = new vscode.Range(line, start, line, end);
  const diagnostic = new vscode.Diagnostic(place, message, severities[severity]);
  diagnostic.source = 'Kube-Proxy Inspector';
  diagnostic.code = code;
  return diagnostic;
}
