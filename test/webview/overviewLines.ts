import { known } from '../../src/core/fact';
import { readLine, type OverviewLine } from '../../src/core/flow/overview/line';
import { unknown as unknownFact } from '../../src/core/truth';

interface Facts {
  readonly programmed?: number;
  readonly mode?: string;
  readonly missing?: readonly string[];
  readonly stale?: readonly string[];
  readonly ends?: readonly string[];
  readonly unknown?: string;
  readonly findings?: number;
}

/** A node of an overview as it is shown when it was read. */
export function overviewLine(node: string, facts: Facts = {}): OverviewLine {
  const { programmed = 4, missing = [], stale = [], ends = [], unknown } = facts;
  const so = <T>(value: T) => (unknown === undefined ? known(value) : unknownFact(unknown));
  const row = {
    mode: known(facts.mode ?? 'iptables (nft)'),
    programmed: known(programmed),
    expected: so(programmed + missing.length - stale.length),
    missing: so(missing),
    stale: so(stale),
    ends: known(ends),
    captured: '2026-11-21T10:00:00Z',
  };
  return readLine(node, row, facts.findings ?? 0);
}
