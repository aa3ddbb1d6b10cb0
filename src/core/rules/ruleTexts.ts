/*
 * Rules as texts: what a comparison with kube-proxy's rules, and its release, are read from.
 */

/** One rule of a dump as its text has it. */
export interface ActualRule {
  /** As `ExpectedRule.text`: without `-A CHAIN` and counters. */
  readonly text: string;
  /** 0-based line of the dump. */
  readonly line: number;
}

/** The rules of a dump by table and chain, in their order; chains without rules are there as well. */
export type ActualTables = ReadonlyMap<string, ReadonlyMap<string, readonly ActualRule[]>>;

/** A line of iptables-save without its counters: `-A INPUT ...` of `[12:720] -A INPUT ...`. */
export function withoutRuleCounters(line: string): string {
  return line.replace(/^\[\d+:\d+\] /, '');
}

/** Without what some versions print and others do not: blanks and CR at the end, `-c 0 0`. */
export function canonicalRule(text: string): string {
  const end = text.trimEnd();
  if (!end.includes('-c ')) return end;
  return end.replace(/^-c \d+ \d+ | -c \d+ \d+(?= |$)/, '');
}
