import * as vscode from 'vscode';
import { normalise } from '../../core/compare/normalise';
import { readText } from '../../workspace/files';
import { runInSlices } from '../../workspace/slices';

const scheme = 'kube-proxy-normalised';

/** Texts of dumps without counters, times and orders that mean nothing: for the diff editor. */
export class NormalisedTexts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(
    scheme,
    this,
  );

  dispose(): void {
    this.registration.dispose();
  }

  /** The address of a dump's normalised text; its own stands in the query. */
  of(dump: vscode.Uri): vscode.Uri {
    const time = Date.now();
    return vscode.Uri.from({
      scheme,
      path: dump.path,
      query: JSON.stringify({ dump: dump.toString(), time }),
    });
  }

  async provideTextDocumentContent(
    { query }: vscode.Uri,
    token: vscode.CancellationToken,
  ): Promise<string> {
    const { dump } = JSON.parse(query) as { readonly dump: string };
    const text = await readText(vscode.Uri.parse(dump, true));
    return runInSlices(normalise(text), token);
  }
}
