import * as l10n from '@vscode/l10n';
import { withoutSecrets } from './secrets/secrets';

/** What went wrong between us and a cluster, for the node in the tree and the message that say what to do next. */
export type ClusterErrorReason =
  | 'no-kubeconfig'
  | 'bad-kubeconfig'
  | 'unreachable'
  | 'tls'
  | 'credentials'
  | 'forbidden'
  | 'not-found'
  | 'expired'
  | 'throttled'
  | 'timeout'
  | 'cancelled'
  /** A capture that ended early while a whole one is held. */
  | 'incomplete'
  | 'no-pod'
  | 'broken-snapshot'
  | 'server';

/** The right that a role lacks: `create` on `pods/exec` in `kube-system`. */
export interface MissingRight {
  readonly verb: string;
  readonly resource: string;
  /** undefined for a cluster-wide request. */
  readonly namespace?: string;
}

/**
 * The one exception of src/cluster; everything thrown from it is one of these. Its message is without
 * secrets, whoever wrote what it quotes.
 */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';

  constructor(
    readonly reason: ClusterErrorReason,
    message: string,
    readonly detail: {
      readonly right?: MissingRight;
      /** The HTTP status, where there was an answer. */
      readonly status?: number;
      /** From Retry-After, in seconds. */
      readonly retryAfter?: number;
      /** A 410 answer's token for the rest of an inconsistent list. */
      readonly continueToken?: string;
      /** The answer is longer than is read; one of fewer objects may not be. */
      readonly tooLong?: boolean;
      readonly cause?: unknown;
    } = {},
  ) {
    super(withoutSecrets(message), { cause: detail.cause });
  }
}

/** What of an error is shown: its message, without secrets. */
export function errorText(error: unknown): string {
  if (error instanceof ClusterError) return error.message;
  return withoutSecrets(error instanceof Error ? error.message : String(error));
}

/** Whether it is the end that the caller asked for. */
export function isCancelled(error: unknown): boolean {
  return error instanceof ClusterError && error.reason === 'cancelled';
}

/** Throws ClusterError `cancelled` once the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ClusterError('cancelled', l10n.t('Cancelled.'));
}
