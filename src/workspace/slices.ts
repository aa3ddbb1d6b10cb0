import type { CancellationToken } from 'vscode';
import { ClusterError } from '../cluster/error';
import type { Work } from '../core/work';

/** How long the extension host may be kept busy at a time, in milliseconds. */
const slice = 15;

/** Says when somebody does not wait any more. */
export type Stopping = Pick<CancellationToken, 'isCancellationRequested'>;

/**
 * Runs work to its end, giving way to other work of the extension host in between.
 * Rejects once `token` asks to stop, with what `isCancelled` knows: a command then says nothing.
 */
export async function runInSlices<T>(work: Work<T>, token?: Stopping): Promise<T> {
  let since = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() - since < slice) continue;
    await pause();
    if (token?.isCancellationRequested) throw new ClusterError('cancelled', 'Cancelled.');
    since = performance.now();
  }
}

/** Lets other work go first. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
