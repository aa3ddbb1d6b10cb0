import * as l10n from '@vscode/l10n';
import { ClusterError } from '../error';

/** Waits for a promise that can't be ended, until the signal or the time ends the waiting. */
export async function race<T>(
  promise: Promise<T>,
  {
    signal,
    milliseconds,
    timeout,
  }: {
    readonly signal: AbortSignal | undefined;
    readonly milliseconds: number;
    readonly timeout: () => ClusterError;
  },
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(timeout()), milliseconds);
        onAbort = () => reject(new ClusterError('cancelled', l10n.t('Cancelled.')));
        signal?.addEventListener('abort', onAbort, { once: true });
        if (signal?.aborted) onAbort();
      }),
    ]);
  } finally {
    clearTimeout(timer);
    if (onAbort) signal?.removeEventListener('abort', onAbort);
  }
}

/** Resolves after the time; rejects with `cancelled` at once when the signal is aborted. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(new ClusterError('cancelled', l10n.t('Cancelled.')));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
  });
}
