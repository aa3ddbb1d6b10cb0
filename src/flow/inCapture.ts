import type * as vscode from 'vscode';
import { uriNear } from '../workspace/places';

/** The files beside a capture's dump are read without naming the capture: their places do. */
export function inCapture(source: string, shown: vscode.Uri): string {
  return shown.query === '' ? source : uriNear(source, shown).toString();
}
