import * as l10n from '@vscode/l10n';
import { hex } from '../../hex';
import { jumpsTo, matchOf } from '../../rules/lookUp';
import type { Check } from '../check';
import { isWhole, readRules, tablesOf } from '../tables';

/**
 * Before 1.19 the mark stayed on a packet that was masqueraded. A tunnel's outer packet takes it over
 * and is masqueraded again, with a wrong checksum on some kernels (kubernetes#88986, #76699).
 */
export const markNotCleared: Check = {
  code: 'mark-not-cleared',
  severity: 'information',
  title: l10n.t('the masquerade mark stays on the packet'),
  modes: ['iptables', 'ipvs'],
  certainty: 'certain',
  *find({ node, programmed: { marks } }) {
    const bits = marks.find(({ role }) => role === 'masquerade')?.bits;
    if (bits === undefined) return;
    for (const { table } of tablesOf(node, 'nat')) {
      if (!isWhole(table, 'KUBE-POSTROUTING')) continue;
      yield undefined;
      const rules = yield* readRules(table, 'KUBE-POSTROUTING');
      const at = rules.find((rule) => rule.target?.kind === 'MASQUERADE' && !matchOf(rule, 'set'));
      if (!at || rules.some(({ target }) => target?.kind === 'MARK' && target.xor === bits))
        continue;
      // What cannot be read, or stands elsewhere, may clear it.
      if (rules.some((rule) => rule.findings.length > 0 || jumpsTo(rule) !== undefined)) continue;
      yield {
        message: l10n.t`The mark ${hex(bits)} is not taken away before MASQUERADE: where pods of other nodes are reached over VXLAN or IPsec, the outer packet takes it over and is masqueraded as well.`,
        range: at.range,
      };
    }
  },
};
