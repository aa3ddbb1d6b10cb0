import type { Rule } from '../core/rules/ruleset';

/** A decoded rule takes about 1.5 kB: 20,000 of them stay below 30 MB. */
const limit = 20_000;

/**
 * Decoded rules by line, in two generations: when the young one is full it becomes the old one, and
 * the old one goes. So a walk over a whole dump stays in bounds, and rules in use stay.
 */
export class RuleCache {
  private young = new Map<number, Rule>();
  private old = new Map<number, Rule>();

  get(line: number, decode: () => Rule): Rule {
    const young = this.young.get(line);
    if (young) return young;
    const rule = this.old.get(line) ?? decode();
    if (this.young.size >= limit / 2) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(line, rule);
    return rule;
  }
}
