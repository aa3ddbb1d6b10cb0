import * as l10n from '@vscode/l10n';
import { calledFrom } from '../../kubeproxy/nftables/called';
import { proxyTablesOf } from '../../kubeproxy/nftables/services';
import type { Table } from '../../rules/ruleset';
import { jumpsTo, placeOf, rulesIn } from '../../rules/lookUp';
import type { Work } from '../../work';
import type { Check, Found } from '../check';
import { hasMap, isUnread, isWhole, readRules, tablesOf } from '../tables';

/** Every mode leads there from both hooks (pkg/proxy/iptables/proxier.go, iptablesJumpChains). */
export const servicesNotReached: Check = {
  code: 'services-not-reached',
  severity: 'error',
  title: l10n.t('nothing leads to the rules of Services'),
  modes: ['iptables', 'ipvs', 'nftables'],
  *find({ node, programmed: { mode } }) {
    if (mode.mode === 'nftables') {
      for (const table of proxyTablesOf(node.nftables)) yield* inNft(table);
      return;
    }
    for (const { table } of tablesOf(node, 'nat')) {
      const services = table.chains.get('KUBE-SERVICES');
      if (!services || services.length === 0) continue;
      for (const hook of ['PREROUTING', 'OUTPUT']) {
        if (!isWhole(table, hook) || (yield* leadsTo(table, hook))) continue;
        const range = table.chains.get(hook)!.declared ?? placeOf(services);
        if (!range) continue;
        yield {
          message: l10n.t`No rule of nat ${hook} leads to KUBE-SERVICES: ${whoIn(hook)} any Service.`,
          range,
        };
      }
    }
  },
};

function whoIn(hook: string): string {
  return hook.toUpperCase() === 'OUTPUT'
    ? l10n.t('The node itself does not reach')
    : l10n.t('No pod and nobody outside reaches');
}

/** The base chains of the table are there, and those of one hook do not lead to the maps of Services. */
function* inNft(table: Table): Generator<Found> {
  const base = [...table.chains.values()].filter((chain) => chain.base?.type === 'nat');
  const range = base[0]?.declared ?? table.declared;
  const services = table.sets?.get('service-ips')?.elements.length ?? 0;
  if (!table.complete || !range || services === 0) return;
  for (const hook of ['prerouting', 'output']) {
    const called = base.filter((chain) => chain.base?.hook === hook);
    const chains = calledFrom(table, called);
    if (chains.some(hasMap) || chains.flatMap(rulesIn).some(isUnread)) continue;
    yield {
      message: l10n.t`Nothing that nat ${hook} of table kube-proxy calls looks packets up in the maps of Services: ${whoIn(hook)} any Service.`,
      range: called[0]?.declared ?? range,
    };
  }
}

/** Directly, or over chains of others (`cali-PREROUTING`). */
function* leadsTo(table: Table, from: string): Work<boolean> {
  const open = [from];
  const seen = new Set(open);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === 'KUBE-SERVICES') return true;
    if (/^KUBE-(?:SVC|SEP|SVL|EXT|FW|XLB)-/.test(name)) continue;
    for (const rule of yield* readRules(table, name)) {
      const to = jumpsTo(rule);
      if (to === undefined || seen.has(to)) continue;
      seen.add(to);
      open.push(to);
    }
  }
  return false;
}
