import * as l10n from '@vscode/l10n';
import { ClusterError } from '../error';

/**
 * Lets at most so many tasks run at a time.
 *
 * @param most asked anew for each task
 */
export function limiter(
  most: () => number,
): <T>(task: () => Promise<T>, signal?: AbortSignal) => Promise<T> {
  let active = 0;
  const waiting: (() => void)[] = [];
  return async (task, signal) => {
    while (active >= Math.max(1, most())) await turn(waiting, signal);
    active++;
    try {
      return await task();
    } finally {
      active--;
      waiting.shift()?.();
    }
  };
}

function turn(waiting: (() => void)[], signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    };
    const onAbort = () => {
      const place = waiting.indexOf(next);
      if (place >= 0) waiting.splice(place, 1);
      reject(new ClusterError('cancelled', l10n.t('Cancelled.')));
    };
    waiting.push(next);
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
  });
}
