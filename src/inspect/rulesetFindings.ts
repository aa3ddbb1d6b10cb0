import type { Finding } from '../core/finding';
import type { Ruleset } from '../core/rules/ruleset';

/** Those of the tables' shape and those of each rule, by line. */
export function rulesetFindings(ruleset: Ruleset): Finding[] {
  const findings = [...ruleset.findings];
  for (const { chains } of ruleset.tables.values()) {
    for (const chain of chains.values()) {
      for (let i = 0; i < chain.length; i++) {
        for (const finding of chain.rule(i).findings) findings.push(finding);
      }
    }
  }
  return findings.sort((left, right) => left.range.line - right.range.line);
}
