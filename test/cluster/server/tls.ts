import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The path of a file made for tests: see test/fixtures/kubernetes-api/README.md. */
export function tlsFile(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/kubernetes-api/tls/${name}`, import.meta.url));
}

export const serverTls = {
  key: readFileSync(tlsFile('server.key')),
  cert: readFileSync(tlsFile('server.crt')),
  ca: readFileSync(tlsFile('ca.crt')),
  requestCert: true,
  rejectUnauthorized: false,
};
