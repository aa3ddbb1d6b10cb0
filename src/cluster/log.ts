/** Where src/cluster tells what it does; VS Code's LogOutputChannel has this shape. */
export interface ClusterLog {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
}

/** For tests and for callers that don't care. */
export const silentLog: ClusterLog = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
};

/**
 * Takes out of a text what must not reach a log: bearer tokens, JSON Web Tokens, PEM blocks, and
 * the user and password of a URL. Servers and exec plugins put such things into their error texts.
 */
export function withoutSecrets(text: string): string {
  return text
    .replace(/-----BEGIN [^-]+-----[\s\S]*?(-----END [^-]+-----|$)/g, '(PEM left out)')
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '(token left out)')
    .replace(/\b(Bearer|Basic)\s+[^\s"',]+/gi, '$1 (left out)')
    .replace(
      /("?(?:token|password|client-key-data|id-token|refresh-token)"?\s*[:=]\s*"?)[^\s"',}]+/gi,
      '$1(left out)',
    )
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1(left out)@');
}
