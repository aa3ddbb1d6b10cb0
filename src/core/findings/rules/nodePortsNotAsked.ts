import * as l10n from '@vscode/l10n';
import { calledFrom } from '../../kubeproxy/nftables/called';
import { proxyTablesOf } from '../../kubeproxy/nftables/services';
import { ipv6Name } from '../../kubeproxy/ipvs/sets';
import type { IpSet } from '../../ipset/types';
import { jumpsTo, matchOf, rulesIn } from '../../rules/lookUp';
import type { Rule, Table } from '../../rules/ruleset';
import type { Work } from '../../work';
import type { Check, Found } from '../check';
import { isUnread, isWhole, readRules, tablesOf, type NodeTable } from '../tables';

/**
 * The last rule of KUBE-SERVICES asks for NodePorts (pkg/proxy/iptables/proxier.go, ipvs/proxier.go); nftables
 * mode looks them up behind the addresses of Services.
 */
export const nodePortsNotAsked: Check = {
  code: 'node-ports-not-asked',
  severity: 'error',
  title: l10n.t('no rule asks for NodePorts'),
  modes: ['iptables', 'ipvs', 'nftables'],
  certainty: 'certain',
  *find({ node, programmed: { mode } }) {
    if (mode.mode === 'nftables') {
      for (const table of proxyTablesOf(node.nftables)) yield* inNft(table);
      return;
    }
    for (const own of tablesOf(node, 'nat')) {
      yield undefined;
      const range = own.table.chains.get('KUBE-SERVICES')?.declared;
      if (!range || !isWhole(own.table, 'KUBE-SERVICES')) continue;
      const rules = yield* readRules(own.table, 'KUBE-SERVICES');
      // A line that could not be read may be the one.
      if (rules.some(isUnread)) continue;
      const message =
        mode.mode === 'ipvs' ? yield* inIpvs(own, rules, node.sets) : inIptables(own.table, rules);
      if (message) yield { message, range };
    }
  },
};

/** @param rules of KUBE-SERVICES */
function inIptables({ chains }: Table, rules: readonly Rule[]): string | undefined {
  // Dead rules of another mode lead to no Service.
  const isInForce = rules.some((rule) => jumpsTo(rule)?.startsWith('KUBE-SVC-'));
  const ports = chains.get('KUBE-NODEPORTS');
  if (!isInForce || !ports || ports.length === 0) return undefined;
  if (rules.some((rule) => jumpsTo(rule) === 'KUBE-NODEPORTS')) return undefined;
  return l10n.t(
    'No rule of nat KUBE-SERVICES leads to KUBE-NODEPORTS, which has rules: no NodePort answers on this node.',
  );
}

/**
 * IPVS itself takes NodePorts; the rules mark those of policy Cluster for masquerade.
 *
 * @param services rules of KUBE-SERVICES
 */
function* inIpvs(
  { table, ruleset: { family } }: NodeTable,
  services: readonly Rule[],
  sets: ReadonlyMap<string, IpSet> | undefined,
): Work<string | undefined> {
  const leads = services.some((rule) => jumpsTo(rule) === 'KUBE-NODE-PORT');
  const rules = leads ? [...services, ...(yield* readRules(table, 'KUBE-NODE-PORT'))] : services;
  const setOf = (name: string) => sets?.get(family === 6 ? ipv6Name(name) : name);
  for (const kind of ['TCP', 'UDP', 'SCTP-HASH']) {
    const local = setOf(`KUBE-NODE-PORT-LOCAL-${kind}`);
    const known = new Set(Array.from(local?.entries ?? [], ({ text }) => text));
    const all = setOf(`KUBE-NODE-PORT-${kind}`)?.entries ?? [];
    const isAsked = rules.some((rule) => mayMark(rule, kind));
    if (isAsked || Array.from(all).every(({ text }) => known.has(text))) continue;
    return l10n.t`No rule that nat KUBE-SERVICES leads to marks the NodePorts of KUBE-NODE-PORT-${kind} for masquerade: who asks from outside for an endpoint on another node gets no answer.`;
  }
  return undefined;
}

function mayMark(rule: Rule, kind: string): boolean {
  if (isUnread(rule)) return true;
  if (jumpsTo(rule) !== 'KUBE-MARK-MASQ' && rule.target?.kind !== 'MARK') return false;
  const asked = matchOf(rule, 'set');
  // 1.8 asked for each port by a rule of its own, 1.11 marks all at the end of KUBE-NODE-PORT.
  return asked
    ? asked.name.endsWith(`NODE-PORT-${kind}`)
    : matchOf(rule, 'destination') === undefined;
}

function* inNft(table: Table): Generator<Found> {
  const map = table.sets?.get('service-nodeports');
  const base = [...table.chains.values()].filter((chain) => chain.base?.type === 'nat');
  if (!table.complete || !map || map.elements.length === 0) return;
  for (const hook of ['prerouting', 'output']) {
    const called = base.filter((chain) => chain.base?.hook === hook);
    const rules = calledFrom(table, called).flatMap(rulesIn);
    // Where nothing is looked up at all, no Service is reached: `services-not-reached`.
    const maps = rules.flatMap(({ statements }) =>
      statements.flatMap((one) =>
        one.kind === 'vmap' && one.map.kind === 'named' ? one.map.name : [],
      ),
    );
    const range = called[0]?.declared ?? map.declared;
    if (maps.length === 0 || maps.includes(map.name) || rules.some(isUnread)) continue;
    yield {
      message: l10n.t`Nothing that nat ${hook} of table kube-proxy calls looks packets up in service-nodeports, which has elements: no NodePort answers there.`,
      range,
    };
  }
}
