import type * as vscode from 'vscode';
import { beginningWithoutSecrets } from '../cluster/secrets/secrets';

const writing = [
  ...(['trace', 'debug', 'info', 'warn', 'error'] as const),
  ...(['append', 'appendLine', 'replace'] as const),
] as const;

/** Of one message, in characters: what a hostile server put behind them helps nobody. */
const longestMessage = 20_000;

/**
 * The log of the whole extension: nothing gets into it but without secrets, whoever wrote the text, since
 * people attach it to tickets. Errors are told with their place in the code.
 */
export function withoutSecretsIn(log: vscode.LogOutputChannel): vscode.LogOutputChannel {
  const safe = Object.fromEntries(
    writing.map((name) => [
      name,
      (...parts: readonly unknown[]) => {
        const text = parts.map(told).join(' ');
        log[name](beginningWithoutSecrets(text, longestMessage));
      },
    ]),
  );
  return new Proxy(log, {
    get: (target, name) => {
      const value: unknown = Reflect.get(name in safe ? safe : target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function told(part: unknown): string {
  return part instanceof Error ? (part.stack ?? String(part)) : String(part);
}
