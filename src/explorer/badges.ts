import * as vscode from 'vscode';
import type { Finding } from '../core/finding';
import { faultCount } from '../workspace/findings/faultCount';

/*
 * How much is wrong with a row of the tree, as a number behind it. VS Code asks for decorations by the
 * row's address, so that says the number and how bad it is: kube-proxy-findings:/error/3
 */
const scheme = 'kube-proxy-findings';

/** The address of a row with so many findings; undefined without one: no decoration is asked for. */
export function badgeUri(findings: readonly Finding[]): vscode.Uri | undefined {
  if (findings.length === 0) return undefined;
  const worst = findings.some(({ severity }) => severity === 'error') ? 'error' : 'warning';
  return vscode.Uri.from({ scheme, path: `/${worst}/${findings.length}` });
}

export function registerBadges(): vscode.Disposable {
  return vscode.window.registerFileDecorationProvider({
    provideFileDecoration({ scheme: of, path }) {
      const [, worst, number] = path.split('/');
      const count = Number(number);
      if (of !== scheme || !(count > 0)) return undefined;
      const color = worst === 'error' ? 'list.errorForeground' : 'list.warningForeground';
      // A badge has room for two characters.
      return new vscode.FileDecoration(
        count > 9 ? '9+' : String(count),
        faultCount(vscode, count),
        new vscode.ThemeColor(color),
      );
    },
  });
}
