import type { Rule } from '../core/rules/ruleset';

/** A rule, and how many characters it was read from. */
export interface DecodedRule {
  readonly rule: Rule;
  readonly characters: number;
}

/**
 * Decoded rules by line, in two generations: when the young one is full it becomes the old one, and
 * the old one goes. So a walk over a whole dump stays in bounds, and rules in use stay.
 */
export class RuleCache {
  private young = new Map<number, DecodedRule>();
  private old = new Map<number, DecodedRule>();
  /** Of the young ones. */
  private characters = 0;

  /** @param most characters of the texts of the rules that are held */
  constructor(private readonly most: number) {}

  get(line: number, decode: () => DecodedRule): Rule {
    const young = this.young.get(line);
    if (young) return young.rule;
    const decoded = this.old.get(line) ?? decode();
    if (this.characters + decoded.characters > this.most / 2) {
      this.old = this.young;
      this.young = new Map();
      this.characters = 0;
    }
    this.young.set(line, decoded);
    this.characters += decoded.characters;
    return decoded.rule;
  }
}
