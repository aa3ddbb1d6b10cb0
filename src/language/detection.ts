import * as vscode from 'vscode';
import { dumpKind, type DumpKind } from '../syntax/dumpKind';

/** Enough to see what a text is: a header, a shell prompt, some rules. */
const headLength = 4096;

const languages: Partial<Record<DumpKind, string>> = {
  'iptables-save': 'iptables-save',
  'ip6tables-save': 'iptables-save',
  'iptables-S': 'iptables-save',
  'iptables-L': 'iptables-save',
  'ipset-save': 'ipset',
  'ipset-list': 'ipset',
  'ip-addr': 'ip-address',
  'ip-route': 'ip-address',
  'ip-rule': 'ip-address',
  'ipvsadm-Ln': 'ipvsadm',
  'ipvsadm-stats': 'ipvsadm',
  'ipvsadm-timeout': 'ipvsadm',
  'ipvsadm-Lnc': 'ipvsadm',
  'ipvsadm-Sn': 'ipvsadm',
  'proc-ip_vs': 'ipvsadm',
  'proc-ip_vs_conn': 'ipvsadm',
  'proc-ip_vs_stats': 'ipvsadm',
};

/**
 * Prose may hold a line like `default via 192.168.77.1`, so these dumps have to begin as such: with
 * a prompt and a blank line before, at the most.
 */
const beginning = 4;

function languageOf(head: string): string | undefined {
  const language = languages[dumpKind('', head)];
  if (language === undefined || language === 'iptables-save') return language;
  const first = head.split('\n', beginning).join('\n');
  return languages[dumpKind('', first)];
}

/**
 * Gives a plain text document the language of the dump that it plainly is: pasted into an untitled
 * editor, or opened under a name that tells nothing. The setting turns it off.
 */
export function detectLanguage(): vscode.Disposable {
  /** Whoever sets a text back to Plain Text means it. */
  const switched = new WeakSet<vscode.TextDocument>();
  const consider = async (document: vscode.TextDocument) => {
    if (document.languageId !== 'plaintext' || switched.has(document)) return;
    const enabled = vscode.workspace
      .getConfiguration('kubeProxyInspector', document)
      .get('detectLanguage', true);
    if (!enabled) return;
    const head = document.getText(new vscode.Range(0, 0, 60, 0)).slice(0, headLength);
    const language = languageOf(head);
    if (language === undefined) return;
    switched.add(document);
    await vscode.languages.setTextDocumentLanguage(document, language);
  };
  vscode.workspace.textDocuments.forEach((document) => void consider(document));
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument((document) => void consider(document)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.isUntitled) void consider(document);
    }),
  );
}
