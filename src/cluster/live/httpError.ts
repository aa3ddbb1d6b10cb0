import * as l10n from '@vscode/l10n';
import { fields, list, text } from '../../syntax/objects/fields';
import { ClusterError, type MissingRight } from '../error';
import { beginningWithoutSecrets } from '../secrets/secrets';

/** Characters of a server's own words in a message: a proxy may answer with a page. */
export const mostTold = 990;

/** The Kubernetes Status object, as far as errors need it. */
export interface Status {
  readonly status: string | undefined;
  readonly message: string | undefined;
  /** `metadata.continue` */
  readonly continueToken: string | undefined;
  /** `details.causes` */
  readonly causes: readonly {
    readonly reason: string | undefined;
    readonly message: string | undefined;
  }[];
}

/** The Status in a body, or undefined: a 429 and a proxy's error are plain text. */
export function parseStatus(body: string): Status | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { status, message, metadata, details } = fields(value);
  return {
    status: text(status),
    message: text(message),
    continueToken: text(fields(metadata)['continue']),
    causes: list(fields(details)['causes']).map((cause) => ({
      reason: text(fields(cause)['reason']),
      message: text(fields(cause)['message']),
    })),
  };
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
  const told = beginningWithoutSecrets((status?.message ?? body).trim(), mostTold);
  const detail = { status: code, right, retryAfter, continueToken: status?.continueToken };
  switch (code) {
    case 401:
      return new ClusterError(
        'credentials',
        l10n.t`The cluster does not accept these credentials (401). Log in again.`,
        detail,
      );
    case 403: {
      const where = right.namespace === undefined ? '' : l10n.t` in namespace ${right.namespace}`;
      const what = l10n.t`${right.verb} on ${right.resource}${where}`;
      return new ClusterError('forbidden', l10n.t`Not allowed: ${what}. ${told}`.trim(), detail);
    }
    case 404:
      return new ClusterError('not-found', told || l10n.t`Not found.`, detail);
    case 410:
      return new ClusterError('expired', told || l10n.t`The list has expired.`, detail);
    case 429:
      return new ClusterError('throttled', told || l10n.t`Too many requests.`, detail);
    default:
      return new ClusterError(
        'server',
        l10n.t`The cluster answered ${code}. ${told}`.trim(),
        detail,
      );
  }
}

/** A failure below HTTP: no connection, no trust, no answer. */
export function errorOfConnection(error: unknown, server: string): ClusterError {
  if (error instanceof ClusterError) return error;
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
  if (code === 'ABORT_ERR') return new ClusterError('cancelled', l10n.t('Cancelled.'));
  if (code === 'EPROTO') {
    return new ClusterError('tls', l10n.t`${server} does not speak TLS: ${message}.`, {
      cause: error,
    });
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS|ERR_OSSL/.test(code)) {
    return new ClusterError('tls', l10n.t`${server} can't be trusted: ${message}.`, {
      cause: error,
    });
  }
  return new ClusterError('unreachable', l10n.t`${server} can't be reached: ${message}.`, {
    cause: error,
  });
}
