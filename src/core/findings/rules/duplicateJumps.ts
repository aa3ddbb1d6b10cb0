import * as l10n from '@vscode/l10n';
import { jumpsTo } from '../../rules/lookUp';
import type { Rule } from '../../rules/ruleset';
import type { Check } from '../check';
import { readRules, tablesOf } from '../tables';

const hooks = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];

/** Two rules of a hook that do the same (kubernetes#14870, #82361): the second is asked in vain. */
export const duplicateJumps: Check = {
  code: 'duplicate-jump',
  severity: 'information',
  title: l10n.t('a hook jumps twice to a chain of kube-proxy'),
  *find({ node }) {
    for (const name of ['nat', 'filter', 'mangle']) {
      for (const { table } of tablesOf(node, name)) {
        for (const hook of hooks) {
          const before = new Map<string, Rule>();
          for (const rule of yield* readRules(table, hook)) {
            const to = jumpsTo(rule);
            if (to === undefined || !to.startsWith('KUBE-')) continue;
            const key = keyOf(rule, to);
            const first = before.get(key);
            if (!first) before.set(key, rule);
            else {
              yield {
                message: l10n.t`This rule is the same as rule ${first.number} of ${name} ${hook}.`,
                range: rule.range,
                related: [{ message: l10n.t('the first one'), range: first.range }],
              };
            }
          }
        }
      }
    }
  },
};

function keyOf({ matches }: Rule, to: string): string {
  const parts = matches.map((match) => JSON.stringify({ ...match, range: undefined }));
  return [to, ...parts].join(' ');
}
