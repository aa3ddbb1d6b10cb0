import * as l10n from '@vscode/l10n';
import type { DumpProblem } from './cluster';

/**
 * Whether a dump is whole, by the dump itself. The exec protocol does not tell: when the container
 * runtime's connection dies, the API server reports Success for what came until then (client-go
 * errorstream.go takes an EOF without status for no error; seen with 1.36.2).
 *
 * @param name the dump's file name: `iptables-nft-save.txt`
 * @param tail its last 4 KiB at least; the whole text where it is shorter
 * @param read the whole text, asked for only where the tail can't tell (JSON)
 */
export function incompleteness(
  name: string,
  tail: string,
  read: () => string,
): DumpProblem | undefined {
  const say = (message: string): DumpProblem => ({ kind: 'incomplete', message });
  if (tail === '') return undefined;
  if (isIptablesSave(name)) return iptablesSave(tail, say);
  if (name.endsWith('.json')) {
    return parses(read()) ? undefined : say(l10n.t`The JSON ends in the middle.`);
  }
  if (!tail.endsWith('\n')) {
    return unterminated.test(name) ? undefined : say(l10n.t`The last line has no end.`);
  }
  if (
    name.startsWith('nft-') &&
    !/^}\s*$/m.test(tail.slice(tail.lastIndexOf('\n', tail.length - 2) + 1))
  ) {
    return say(l10n.t`The last table is not closed.`);
  }
  return undefined;
}

/** `iptables-nft-save.txt`. */
export function isIptablesSave(name: string): boolean {
  return /^ip6?tables(-nft|-legacy)?-save/.test(name);
}

/** kube-proxy writes these answers without a line's end. */
const unterminated = /^(proxyMode|healthz|livez|configz|kube-proxy)/;

/** iptables-save ends each table with COMMIT and `# Completed on ...` (iptables/iptables-save.c). */
function iptablesSave(
  tail: string,
  say: (message: string) => DumpProblem,
): DumpProblem | undefined {
  const last = tail.trimEnd().split('\n').slice(-2);
  if (last.at(-1)?.startsWith('# Completed')) return undefined;
  // Some builds leave the time comments out; then COMMIT is the last line.
  if (last.at(-1) === 'COMMIT' && tail.endsWith('\n')) return undefined;
  // "# Table `nat' is incompatible, use 'nft' tool." stands alone in a dump without tables.
  if (last.every((line) => line.startsWith('#')) && tail.length < 4096) return undefined;
  return say(l10n.t`The dump ends before COMMIT and "# Completed": rules are missing.`);
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
