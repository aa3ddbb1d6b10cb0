import { ClusterError, type MissingRight } from '../error';
import { withoutSecrets } from '../secrets';

/** The Kubernetes Status object, as far as errors need it. */
export interface Status {
  readonly status?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly metadata?: { readonly continue?: string };
  readonly details?: {
    readonly causes?: readonly { readonly reason?: string; readonly message?: string }[];
  };
}

/** The Status in a body, or undefined: a 429 and a proxy's error are plain text. */
export function parseStatus(body: string): Status | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * An HTTP answer that is no success, as a ClusterError.
 *
 * @param right what the request needed, for 403
 * @param retryAfter the Retry-After header, in seconds
 */
export function errorOfAnswer(
  code: number,
  body: string,
  right: MissingRight,
  retryAfter?: number,
): ClusterError {
  const status = parseStatus(body);
  const text = withoutSecrets((status?.message ?? body).trim().slice(0, 1000));
  const detail = { status: code, right, retryAfter, continueToken: status?.metadata?.continue };
  switch (code) {
    case 401:
      return new ClusterError(
        'credentials',
        'The cluster does not accept these credentials (401). Log in again.',
        detail,
      );
    case 403: {
      const where = right.namespace === undefined ? '' : ` in namespace ${right.namespace}`;
      const what = `${right.verb} on ${right.resource}${where}`;
      return new ClusterError('forbidden', `Not allowed: ${what}. ${text}`.trim(), detail);
    }
    case 404:
      return new ClusterError('not-found', text || 'Not found.', detail);
    case 410:
      return new ClusterError('expired', text || 'The list has expired.', detail);
    case 429:
      return new ClusterError('throttled', text || 'Too many requests.', detail);
    default:
      return new ClusterError('server', `The cluster answered ${code}. ${text}`.trim(), detail);
  }
}

/** A failure below HTTP: no connection, no trust, no answer. */
export function errorOfConnection(error: unknown, server: string): ClusterError {
  if (error instanceof ClusterError) return error;
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
  const text = withoutSecrets(message);
  if (code === 'ABORT_ERR') return new ClusterError('cancelled', 'Cancelled.');
  if (code === 'EPROTO') {
    return new ClusterError('tls', `${server} does not speak TLS: ${text}.`, { cause: error });
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS|ERR_OSSL/.test(code)) {
    return new ClusterError('tls', `${server} can't be trusted: ${text}.`, { cause: error });
  }
  return new ClusterError('unreachable', `${server} can't be reached: ${text}.`, { cause: error });
}
