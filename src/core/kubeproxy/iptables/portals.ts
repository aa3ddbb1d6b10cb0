import { sameAddress, type Address, withPort } from '../../address';
import { protocolName } from '../../protocol';
import { jumpsTo } from '../../rules/lookUp';
import type { Rule, Table } from '../../rules/ruleset';
import type { ServiceEntry, ServicePortName } from '../../service';
import type { NameDictionary } from '../dictionary';
import {
  formatServicePortName,
  servicePortHashes,
  servicePortNamesIn,
  splitChainName,
  type ServiceChainPrefix,
} from '../names';
import { readServiceRule, type ServiceRule } from './serviceRule';

/** Rules to read before a caller may pause: about a millisecond. */
export const batch = 10;

/** A Service port while its rules are gathered. */
export interface Draft {
  readonly hash: string | undefined;
  readonly protocol: number;
  readonly entries: ServiceEntry[];
  readonly rule: Rule;
  /** The names in comments, each with the first rule that says so. */
  readonly named: Map<string, { readonly servicePort: ServicePortName; readonly rule: Rule }>;
  /** Where the ClusterIP's packets go. */
  clusterChain?: string;
}

export function* readPortals(
  nat: Table,
  names: NameDictionary,
  drafts: Map<string, Draft>,
): Generator<undefined> {
  const nodePortAddresses: Address[] = [];
  const services = nat.chains.get('KUBE-SERVICES');
  // An excerpt has the Services' rules of KUBE-SERVICES, and seldom the one that asks KUBE-NODEPORTS.
  let nodePortsReached = !services?.declared || services.length === 0;
  for (const name of ['KUBE-SERVICES', 'KUBE-NODEPORTS'] as const) {
    // After a switch to ipvs mode KUBE-NODEPORTS stays behind as dead rules.
    if (name === 'KUBE-NODEPORTS' && !nodePortsReached) return;
    const chain = nat.chains.get(name);
    for (let i = 0; chain && i < chain.length; i++) {
      if (i % batch === batch - 1) yield;
      const rule = chain.rule(i);
      const to = jumpsTo(rule);
      if (to === undefined) continue;
      const asked = readServiceRule(rule);
      const service = splitChainName(to);
      if (!service) {
        if (to !== 'KUBE-NODEPORTS') continue;
        nodePortsReached = true;
        if (asked.destination) nodePortAddresses.push(asked.destination);
        continue;
      }
      names.addComment(asked.comment, asked.protocol);
      const draft = draftFor(drafts, service.hash, asked, rule, names);
      const kind = name === 'KUBE-NODEPORTS' ? 'node-port' : portalKind(asked, service.prefix);
      if (kind === 'cluster-ip') draft.clusterChain ??= to;
      addEntries(draft, kind, asked, rule, nodePortAddresses);
    }
  }
}

/** `... "shop/orphan:http has no endpoints" ... -j REJECT`, `"... has no local endpoints" -j DROP`. */
export function* readRefusals(
  filter: Table,
  names: NameDictionary,
  drafts: Map<string, Draft>,
): Generator<undefined> {
  for (const name of ['KUBE-SERVICES', 'KUBE-EXTERNAL-SERVICES'] as const) {
    const chain = filter.chains.get(name);
    for (let i = 0; chain && i < chain.length; i++) {
      if (i % batch === batch - 1) yield;
      const rule = chain.rule(i);
      if (rule.target?.kind !== 'REJECT' && rule.target?.kind !== 'DROP') continue;
      const asked = readServiceRule(rule);
      if (asked.port === undefined || asked.protocol === undefined) continue;
      names.addComment(asked.comment, asked.protocol);
      const [servicePort] = servicePortNamesIn(asked.comment);
      const hashes = servicePort
        ? servicePortHashes(servicePort, protocolName(asked.protocol))
        : [];
      const hash = hashes.find((candidate) => drafts.has(candidate)) ?? hashes[0];
      const draft = draftFor(drafts, hash, asked, rule, names);
      const kind = name === 'KUBE-SERVICES' ? 'cluster-ip' : portalKind(asked, 'KUBE-EXT-');
      addEntries(draft, kind, asked, rule, []);
    }
  }
}

/** A part of a dump without KUBE-SERVICES, such as `iptables -t nat -S KUBE-SVC-...`. */
export function addLooseChains(
  nat: Table,
  names: NameDictionary,
  drafts: Map<string, Draft>,
): void {
  if ((nat.chains.get('KUBE-SERVICES')?.length ?? 0) > 0) return;
  for (const [name, chain] of nat.chains) {
    const service = splitChainName(name);
    if (!service || service.prefix === 'KUBE-SEP-' || chain.length === 0) continue;
    const rule = chain.rule(0);
    const asked = readServiceRule(rule);
    names.addComment(asked.comment, asked.protocol);
    draftFor(drafts, service.hash, asked, rule, names);
  }
}

function draftFor(
  drafts: Map<string, Draft>,
  hash: string | undefined,
  asked: ServiceRule,
  rule: Rule,
  names: NameDictionary,
): Draft {
  const key = hash ?? portalKey(asked);
  let draft = drafts.get(key);
  if (!draft) {
    const named = hash === undefined ? undefined : names.servicePort(hash)?.protocol;
    const protocol = asked.protocol ?? (named === 'udp' ? 17 : named === 'sctp' ? 132 : 6);
    draft = { hash, protocol, entries: [], rule, named: new Map() };
    drafts.set(key, draft);
  }
  const [servicePort] = servicePortNamesIn(asked.comment);
  const text = servicePort && formatServicePortName(servicePort);
  if (text && !draft.named.has(text)) draft.named.set(text, { servicePort, rule });
  return draft;
}

/** `10.96.0.10:53/udp`, or `port 30089/tcp` for a node port. */
export function portalKey({ destination, port, protocol }: ServiceRule): string {
  const at = destination ? withPort(destination, port ?? 0) : `port ${port}`;
  return `${at}/${protocolName(protocol ?? 0)}`;
}

function portalKind(
  { comment, destination, local }: ServiceRule,
  prefix: ServiceChainPrefix,
): ServiceEntry['kind'] {
  if (/\bload ?balancer IP\b/i.test(comment) || prefix === 'KUBE-FW-') return 'load-balancer-ip';
  if (/\bexternal IP\b/.test(comment)) return 'external-ip';
  if (prefix === 'KUBE-SVC-' || prefix === 'KUBE-SVL-') return 'cluster-ip';
  return !destination && local ? 'node-port' : 'external';
}

function addEntries(
  draft: Draft,
  kind: ServiceEntry['kind'],
  asked: ServiceRule,
  { range }: Rule,
  nodePortAddresses: readonly Address[],
): void {
  const { port } = asked;
  if (port === undefined) return;
  const addresses =
    kind === 'node-port' && nodePortAddresses.length > 0 ? nodePortAddresses : [asked.destination];
  for (const address of addresses) {
    const at = draft.entries.findIndex(
      (entry) =>
        entry.port === port && (entry.kind === kind || address) && same(entry.address, address),
    );
    if (at < 0) draft.entries.push({ kind, address, port, range });
    // The rule for any address follows the one that only counts packets to 127.0.0.0/8.
    else if (kind === 'node-port' && !asked.loopbackOnly) {
      draft.entries[at] = { kind, address, port, range };
    }
  }
}

function same(left: Address | undefined, right: Address | undefined): boolean {
  return left && right ? sameAddress(left, right) : left === right;
}
