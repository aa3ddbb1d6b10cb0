import type { Counters } from '../../core/rules/counters';

interface Declaration {
  /** undefined for a user chain. */
  readonly policy?: string;
  /** undefined too when the listing rounds them: `46K`. */
  readonly counters?: Counters;
}

/** `:INPUT ACCEPT [5:300]`, `-P INPUT ACCEPT -c 5 300`, `Chain INPUT (policy ACCEPT 5 packets, 300 bytes)`. */
export function readDeclaration(line: string): Declaration {
  const [, policy, packets, bytes] =
    /^\s*:\S+\s+(\S+)(?:\s+\[(\d+):(\d+)\])?/.exec(line) ??
    /^\s*(?:-P|--policy)\s+\S+\s+(\S+)(?:\s+-c\s+(\d+)\s+(\d+))?/.exec(line) ??
    /^\s*Chain \S+ \(policy (\S+?)(?: (\d+) packets, (\d+) bytes)?[\s)]/.exec(line) ??
    [];
  if (policy === undefined || policy === '-') return {};
  if (packets === undefined || bytes === undefined) return { policy };
  return { policy, counters: { packets: Number(packets), bytes: Number(bytes) } };
}
