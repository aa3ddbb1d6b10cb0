import * as l10n from '@vscode/l10n';
import { readFile, stat } from 'node:fs/promises';

/** A kubeconfig of a thousand contexts with certificates is some MB. */
const longestFile = 16 * 1024 * 1024;

/**
 * A file of the kubeconfig, or one that it names. A pipe may never end, a device never begin: what is no
 * file is not opened.
 *
 * @throws Error with a message without a full stop
 */
export async function readRegularFile(file: string): Promise<Buffer> {
  const found = await stat(file);
  if (!found.isFile()) throw new Error(l10n.t`not a file`);
  if (found.size > longestFile) throw new Error(l10n.t`too large`);
  return readFile(file);
}
