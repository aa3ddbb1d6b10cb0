import * as l10n from '@vscode/l10n';
import { parseNetwork, sameAddress } from '../../address';
import { matchOf, placeOf } from '../../rules/lookUp';
import type { Rule } from '../../rules/ruleset';
import type { Check } from '../check';
import { isWhole, readRules, tablesOf } from '../tables';

const loopback = parseNetwork('127.0.0.0/8')!.address;
const sysctl = 'net.ipv4.conf.all.route_localnet';

/** route_localnet without the rule against it: CVE-2020-8558 (kubernetes#92315). */
export const localnet: Check = {
  code: 'localhost-open-to-neighbours',
  severity: 'information',
  title: l10n.t('neighbours on the network reach services on 127.0.0.1'),
  *find({ node }) {
    if (node.sysctls?.get(sysctl) !== '1') return;
    const filters = tablesOf(node, 'filter').filter(({ ruleset }) => ruleset.family === 4);
    if (filters.length === 0 || filters.some(({ table }) => !isWhole(table, 'INPUT'))) return;
    for (const { table } of filters) {
      for (const name of table.chains.keys()) {
        if ((yield* readRules(table, name)).some(dropsLoopback)) return;
      }
    }
    const input = filters[0]!.table.chains.get('INPUT')!;
    const range = placeOf(input);
    if (!range || filters.some(({ table }) => dropsByPolicy(table.chains.get('INPUT')))) return;
    yield {
      message: l10n.t`${sysctl} is 1 and no rule drops packets to 127.0.0.0/8 from outside: neighbours reach what listens on localhost only (CVE-2020-8558).`,
      range,
    };
  },
};

function dropsLoopback(rule: Rule): boolean {
  const to = matchOf(rule, 'destination');
  if (!to || to.negated || !sameAddress(to.network.address, loopback)) return false;
  return rule.target?.kind === 'DROP' || rule.target?.kind === 'REJECT';
}

function dropsByPolicy(
  chain: { readonly base?: { readonly policy?: string } } | undefined,
): boolean {
  return chain?.base?.policy === 'DROP';
}
