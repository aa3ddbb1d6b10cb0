import * as l10n from '@vscode/l10n';
import type { Work } from '../../work';
import { jumpsTo, placeOf } from '../../rules/lookUp';
import type { Table } from '../../rules/ruleset';
import type { Check } from '../check';
import { tablesOf } from '../tables';

/** Larger tables are kube-proxy's for the most part, and would be decoded for this alone. */
const mostRules = 20_000;

/** kube-proxy and the kubelet clear up later on, and leave canaries to be looked for. */
const cleared = /^KUBE-/;

/** A chain with rules that nothing leads to: its program lost its jump, or is gone. */
export const unreferencedChain: Check = {
  code: 'chain-unreferenced',
  severity: 'information',
  title: l10n.t('no rule leads to a chain'),
  *find({ node }) {
    for (const name of ['raw', 'mangle', 'nat', 'filter']) {
      for (const { table } of tablesOf(node, name)) {
        if (!table.complete) continue;
        const asked = yield* targetsOf(table);
        for (const chain of asked ? table.chains.values() : []) {
          if (chain.base || chain.length === 0 || cleared.test(chain.name)) continue;
          const range = placeOf(chain);
          if (!range || !chain.declared || asked!.has(chain.name)) continue;
          yield {
            message: l10n.t`No rule of ${name} leads to ${chain.name}: its rules are never asked.`,
            range,
          };
        }
      }
    }
  },
};

/** The chains that rules lead to; undefined where there are too many rules to look at. */
function* targetsOf({ chains }: Table): Work<ReadonlySet<string> | undefined> {
  let rules = 0;
  for (const { length } of chains.values()) {
    if ((rules += length) > mostRules) return undefined;
  }
  const asked = new Set<string>();
  for (const chain of chains.values()) {
    yield undefined;
    for (let i = 0; i < chain.length; i++) {
      if (i % 50 === 49) yield undefined;
      const to = jumpsTo(chain.rule(i));
      if (to !== undefined) asked.add(to);
    }
  }
  return asked;
}
