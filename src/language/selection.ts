import * as vscode from 'vscode';

/** Ranges around a position from the widest to the narrowest, each once and inside of the one before. */
export function nestedSelection(
  around: readonly vscode.Range[],
  position: vscode.Position,
): vscode.SelectionRange {
  const ranges = [...around].sort(
    (left, right) => Number(right.contains(left)) - Number(left.contains(right)),
  );
  let selection: vscode.SelectionRange | undefined;
  for (const range of ranges) {
    if (selection && (!selection.range.contains(range) || selection.range.isEqual(range))) continue;
    selection = new vscode.SelectionRange(range, selection);
  }
  return selection ?? new vscode.SelectionRange(new vscode.Range(position, position));
}
