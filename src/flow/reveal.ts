import * as vscode from 'vscode';
import type { SourceRange } from '../core/source';
import { rangeOf, uriOf } from '../workspace/places';

/** Opens rules in their dump, one line lit up. */
export class Revealer implements vscode.Disposable {
  private readonly decoration = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
    borderColor: new vscode.ThemeColor('contrastActiveBorder'),
    isWholeLine: true,
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.rangeHighlightForeground'),
  });
  private lit: vscode.TextEditor | undefined;

  /**
   * Shows the range where its dump is open already, else in the column beside the panel's. The
   * panel keeps the focus, so that arrow keys go on walking.
   */
  async open(range: SourceRange, panelColumn: vscode.ViewColumn | undefined): Promise<void> {
    const uri = uriOf(range.source);
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document, {
      viewColumn: columnFor(uri, panelColumn),
      preserveFocus: true,
      preview: true,
    });
    const place = rangeOf(range);
    editor.selection = new vscode.Selection(place.start, place.start);
    editor.revealRange(place, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    this.lit?.setDecorations(this.decoration, []);
    editor.setDecorations(this.decoration, [place]);
    this.lit = editor;
  }

  /** Opens the first place and peeks at all of them: the chain that leads there. */
  async peek(
    ranges: readonly SourceRange[],
    panelColumn: vscode.ViewColumn | undefined,
  ): Promise<void> {
    const [first] = ranges;
    if (!first) return;
    await this.open(first, panelColumn);
    const locations = ranges.map(
      (range) => new vscode.Location(uriOf(range.source), rangeOf(range)),
    );
    const uri = uriOf(first.source);
    await vscode.window.showTextDocument(uri, { viewColumn: columnFor(uri, panelColumn) });
    await vscode.commands.executeCommand(
      'editor.action.peekLocations',
      uri,
      rangeOf(first).start,
      locations,
      'peek',
    );
  }

  dispose(): void {
    this.decoration.dispose();
  }
}

function columnFor(uri: vscode.Uri, panelColumn: vscode.ViewColumn | undefined): vscode.ViewColumn {
  const open = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.toString() === uri.toString(),
  );
  if (open?.viewColumn !== undefined) return open.viewColumn;
  return panelColumn === vscode.ViewColumn.One ? vscode.ViewColumn.Two : vscode.ViewColumn.One;
}
