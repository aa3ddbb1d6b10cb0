import * as l10n from '@vscode/l10n';
import type { Finding } from '../../finding';
import { protocolName } from '../../protocol';
import type { Ruleset, Table } from '../../rules/ruleset';
import type { ServiceView } from '../../service';
import { mapInPieces } from '../../work';
import { nameDictionary, type KnownServicePort, type NameDictionary } from '../dictionary';
import { endpointsOnce } from '../endpointsOnce';
import { affinityOf, readEndpoints } from './endpoints';
import { formatServicePortName, servicePortHashes, type ServiceChainPrefix } from '../names';
import { addLooseChains, batch, portalKey, readPortals, readRefusals, type Draft } from './portals';
import { readServiceRule } from './serviceRule';

/** What iptables mode programmed in one dump. */
export interface ServiceSearch {
  /** In the order of KUBE-SERVICES. */
  readonly services: readonly ServiceView[];
  /** Comments that name another Service than the chain's hash. */
  readonly findings: readonly Finding[];
  /** All names that the dump and the given objects tell. */
  readonly names: NameDictionary;
}

/** The chains of a Service port, the one with all endpoints first. */
const prefixes: readonly ServiceChainPrefix[] = [
  'KUBE-SVC-',
  'KUBE-SVL-',
  'KUBE-XLB-',
  'KUBE-EXT-',
  'KUBE-FW-',
];

/**
 * The Services of one dump, found from the rules: which addresses and ports lead into whose
 * chains (`nat`), and which are refused for want of endpoints (`filter`). `known` gives names to
 * hashes where comments are missing. Endpoints are read when first asked for: listing 5,000
 * Services decodes the rules of KUBE-SERVICES and KUBE-NODEPORTS only. Yields about every millisecond.
 */
export function* searchServices(
  ruleset: Ruleset,
  known: Iterable<KnownServicePort> = [],
): Generator<undefined, ServiceSearch> {
  const names = nameDictionary();
  yield* mapInPieces(known, (one) => names.addKnown([one]));
  const nat = ruleset.tables.get('nat');
  const drafts = new Map<string, Draft>();
  if (nat) yield* readPortals(nat, names, drafts);
  const filter = ruleset.tables.get('filter');
  if (filter) yield* readRefusals(filter, names, drafts);
  if (nat && drafts.size === 0) addLooseChains(nat, names, drafts);

  const findings: Finding[] = [];
  const services: ServiceView[] = [];
  let hashed = 0;
  let wrong = 0;
  for (const draft of drafts.values()) {
    if (services.length % batch === batch - 1) yield;
    const view = viewOf(draft, nat, names);
    services.push(view);
    const own = disagreements(draft, names);
    for (const one of own) findings.push(one);
    // What is refused for want of endpoints has its hash from the comment itself.
    if (view.chains.length > 0 && draft.named.size > 0) hashed++;
    if (own.length > 0) wrong++;
  }
  const most = wrong >= fewestReplaced && wrong >= hashed * 0.9;
  const replaced = most ? findings[0] : undefined;
  return { services, findings: replaced ? [namesReplaced(replaced)] : findings, names };
}

/** Nobody edits so many Services by hand, and hardly one of them right. */
const fewestReplaced = 3;

/** `sos clean`, Rancher's `-o` and other redactors put words for names: then no hash proves anything. */
function namesReplaced({ range }: Finding): Finding {
  return {
    severity: 'information',
    code: 'names-replaced',
    message: l10n.t`No comment fits the hash of its chain: names were replaced before this dump was handed on. Names are not checked by their hashes here.`,
    range,
  };
}

function viewOf(draft: Draft, nat: Table | undefined, names: NameDictionary): ServiceView {
  const { hash, protocol, entries, rule } = draft;
  const chains = prefixes.map((prefix) => `${prefix}${hash}`).filter((c) => nat?.chains.has(c));
  const servicePort = hash === undefined ? undefined : names.servicePort(hash)?.servicePort;
  const [byComment] = draft.named.values();
  const name = servicePort ?? byComment?.servicePort;
  const unnamed = chains[0] ?? draft.clusterChain ?? portalKey(readServiceRule(rule));
  // Those that the ClusterIP leads to, then the ones that only other entries reach.
  const leading = draft.clusterChain ? [draft.clusterChain, ...chains] : chains;
  return {
    servicePort,
    title: name ? formatServicePortName(name) : unnamed,
    protocol,
    mode: 'iptables',
    entries,
    readEndpoints: endpointsOnce(nat ? leading : [], (chain) => readEndpoints(nat!, chain)),
    get affinity() {
      const chain = nat?.chains.get(draft.clusterChain ?? chains[0] ?? '');
      return chain && affinityOf(chain);
    },
    chains,
    range: rule.range,
  };
}

/** Comments whose name does not hash to the chain's: someone edited the rules, or the dump. */
function disagreements({ hash, protocol, named }: Draft, names: NameDictionary): Finding[] {
  if (hash === undefined) return [];
  const real = names.servicePort(hash);
  const trueName = real && `${formatServicePortName(real.servicePort)}/${real.protocol}`;
  const wrong = [...named].filter(([text, { servicePort }]) => {
    if (`${text}/${protocolName(protocol)}` === trueName) return false;
    return !servicePortHashes(servicePort, protocolName(protocol)).includes(hash);
  });
  const truth = real
    ? l10n.t`the hash of ${formatServicePortName(real.servicePort)} and ${real.protocol}`
    : l10n.t('not the hash of that name');
  return wrong.map(([text, { rule }]) => ({
    severity: 'warning',
    code: 'service-name-mismatch',
    message: l10n.t`The comment says ${text} (${protocolName(protocol)}), but ${hash} is ${truth}.`,
    range: rule.range,
  }));
}
