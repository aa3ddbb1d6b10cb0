import * as l10n from '@vscode/l10n';
import type { ProgrammedPort } from '../../kubeproxy/programmed';
import { serviceName } from '../../kubeproxy/serviceId';
import { listFirst } from '../../listFirst';
import { jumpsTo } from '../../rules/lookUp';
import type { Rule, Table } from '../../rules/ruleset';
import { lineKey } from '../../source';
import { itemsAtOnce, type Work } from '../../work';
import type { Check, Found } from '../check';
import { readRules, tablesOf } from '../tables';
import { takes, takesAllOf } from './subsumes';

/** Rules of others that are told in one chain, and what is named of each. */
const mostTold = 10;
const mostNamed = 3;

/**
 * kube-proxy leads to KUBE-SERVICES by the first rule of the hooks and writes that chain whole, so that no rule of
 * others stands before its own (pkg/proxy/iptables/proxier.go). One that was inserted later takes packets away by
 * ACCEPT, RETURN or DROP: the Services' rules do not see them. Proved by subsumption.
 */
export const passedOver: Check = {
  code: 'service-rules-passed-over',
  severity: 'warning',
  title: l10n.t('a rule keeps packets from the rules of Services'),
  modes: ['iptables', 'ipvs'],
  *find({ node, programmed: { ports } }) {
    for (const { table } of tablesOf(node, 'nat')) {
      const services = yield* readRules(table, 'KUBE-SERVICES');
      const leading = services.filter((rule) => jumpsTo(rule)?.startsWith('KUBE-') === true);
      let told = 0;
      for (const rule of yield* takers(table, services)) {
        const isBehind = rule.chain === 'KUBE-SERVICES' ? rule.rule.number : 0;
        const kept: Rule[] = [];
        for (const [i, later] of leading.entries()) {
          if (i % itemsAtOnce === 0) yield undefined;
          if (later.number > isBehind && takesAllOf(rule.rule, later)) kept.push(later);
        }
        if (kept.length === 0) continue;
        yield foundAt(rule, kept, ports);
        if (++told >= mostTold) break;
      }
    }
  },
};

interface Taker {
  readonly chain: string;
  readonly rule: Rule;
}

/** The rules that end a packet's way before rules of Services. */
function* takers(table: Table, services: readonly Rule[]): Work<readonly Taker[]> {
  const found: Taker[] = [];
  const own = services.filter(isTaker);
  for (const chain of ['PREROUTING', 'OUTPUT']) {
    const rules = yield* readRules(table, chain);
    const jump = rules.findIndex((rule) => jumpsTo(rule) === 'KUBE-SERVICES');
    // Behind a chain of others that leads there (`cali-PREROUTING`) it is not known which come first.
    for (const rule of rules.slice(0, Math.max(jump, 0)))
      if (isTaker(rule)) found.push({ chain, rule });
  }
  return [...found, ...own.map((rule) => ({ chain: 'KUBE-SERVICES', rule }))];
}

/** What a chain does that a rule goes to is its own. */
function isTaker(rule: Rule): boolean {
  return rule.target?.kind !== 'goto' && takes(rule);
}

function foundAt(
  { chain, rule }: Taker,
  kept: readonly Rule[],
  ports: readonly ProgrammedPort[],
): Found {
  const services = new Map<string, string>();
  const lines = new Set(kept.map(({ range }) => lineKey(range)));
  for (const { service } of ports) {
    if (service.entries.some(({ range }) => lines.has(lineKey(range))))
      services.set(service.title, serviceName(service));
  }
  const who = services.size === 0 ? l10n.t('Services') : listFirst([...services.keys()], mostNamed);
  const of = new Set(services.values());
  const by = l10n.t`Rule ${rule.number} of nat ${chain} (${rule.target?.kind ?? ''})`;
  return {
    message:
      kept.length === 1
        ? l10n.t`${by} takes all that a rule of KUBE-SERVICES asks for, which never sees what goes to ${who}.`
        : l10n.t`${by} takes all that ${kept.length} rules of KUBE-SERVICES ask for, which never see what goes to ${who}.`,
    range: rule.range,
    ...(of.size === 1 && { service: [...of][0]! }),
    related: kept
      .slice(0, mostNamed)
      .map(({ range }) => ({ message: l10n.t('a rule that it keeps packets from'), range })),
  };
}
