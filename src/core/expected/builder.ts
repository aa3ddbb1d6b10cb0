import type { Endpoint } from './endpoints';
import type { ExpectedChain, ExpectedRule, ExpectedSet, ExpectedTable, RuleRole } from './rules';
import type { ServicePort } from './servicePorts';

/** Whose a rule is. */
export interface Subject {
  readonly servicePort?: ServicePort;
  readonly endpoint?: Endpoint;
}

const none: Subject = {};

/** All rules are of one shape, and there may be 200,000 of them. */
export function ruleOf(
  text: string,
  role: RuleRole,
  { servicePort, endpoint }: Subject = none,
): ExpectedRule {
  return { text, role, servicePort, endpoint };
}

/** Puts the chains of one table together. */
export class TableBuilder implements ExpectedTable {
  readonly chains = new Map<string, ExpectedChain>();
  readonly sets = new Map<string, ExpectedSet>();

  constructor(readonly name: string) {}

  /** Declares a chain; of one that is there already all stays as it was. */
  chain(name: string, facts: Partial<Omit<ExpectedChain, 'name'>> = {}): ExpectedChain {
    const known = this.chains.get(name);
    if (known) return known;
    const chain = { name, ...facts, rules: facts.rules ?? [] };
    this.chains.set(name, chain);
    return chain;
  }

  /** Appends a rule to a chain, which is declared where it is not yet. */
  add(chain: string, text: string, role: RuleRole, subject?: Subject): void {
    this.chain(chain).rules.push(ruleOf(text, role, subject));
  }

  set(name: string, header: readonly string[]): ExpectedSet {
    const set = { name, header, elements: [] };
    this.sets.set(name, set);
    return set;
  }
}
