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

/** A message is looked through by itself: a stack puts `Error: ` before what begins a line there. */
function told(part: unknown): string {
  if (!(part instanceof Error)) return String(part);
  const { message, stack = String(part) } = part;
  const at = stack.indexOf(message);
  if (at < 0) return stack;
  const safe = beginningWithoutSecrets(message, longestMessage);
  return stack.slice(0, at) + safe + stack.slice(at + message.length);
}
