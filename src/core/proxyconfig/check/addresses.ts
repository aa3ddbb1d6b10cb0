import * as l10n from '@vscode/l10n';
import { contains, type Network } from '../../address';
import { hex } from '../../hex';
import { markRoles } from '../../marks/roles';
import { cidrOf } from '../settings';
import {
  finding,
  placeOf,
  proxyNamed,
  textItems,
  type CheckInput,
  type ConfigFinding,
} from './finding';
import { list } from '../../list';

/** Words among the CIDRs (1.37, pkg/proxy/util/nodeport_addresses.go); `primary` alone since 1.31. */
const words = ['primary', 'localhost', 'all'];
const mixedSince = 37;

/** nodePortAddresses: CIDRs or words, and what they leave out. */
export function checkNodePortAddresses(input: CheckInput): readonly ConfigFinding[] {
  const { root, minors } = input;
  const items = textItems(root, 'nodePortAddresses');
  const findings: ConfigFinding[] = [];
  const networks: Network[] = [];
  const old = minors.filter((minor) => minor < mixedSince);
  const mixes = minors.length > 0 && old.length === 0;
  if (mixes && items.some(({ value }) => words.includes(value))) {
    return items.flatMap(({ value, range }) => {
      if (words.includes(value) || cidrOf(value)) return [];
      const message = l10n.t`kube-proxy refuses this and ends: ${value === '' ? l10n.t('an empty text') : value} is neither a CIDR nor primary, localhost or all.`;
      return [finding('error', 'bad-cidr', message, range)];
    });
  }
  const before = minors.length > 0 ? proxyNamed(old) : l10n.t`kube-proxy before 1.${mixedSince}`;
  const severity = minors.length > 0 ? 'error' : 'warning';
  for (const { value, range } of items) {
    const network = cidrOf(value);
    if (network) networks.push(network);
    else if (words.includes(value) && value !== 'primary') {
      const message = l10n.t`${before} refuses this and ends: ${value} came with 1.${mixedSince}.`;
      findings.push(finding(severity, 'word-too-new', message, range));
    } else if (value !== 'primary') {
      const message = l10n.t`kube-proxy refuses this and ends: ${value === '' ? l10n.t('an empty text') : value} is neither a CIDR nor primary.`;
      findings.push(finding('error', 'bad-cidr', message, range));
    } else if (items.length > 1) {
      const message = l10n.t`${before} refuses this and ends: primary can't stand beside CIDRs.`;
      findings.push(finding(severity, 'primary-beside-cidrs', message, range));
    } else {
      const without = minors.filter((minor) => minor < 31);
      if (without.length === 0) continue;
      const message = l10n.t`${proxyNamed(without)} refuses this and ends: primary came with 1.31.`;
      findings.push(finding('error', 'primary-too-new', message, range));
    }
  }
  if (findings.length > 0 || networks.length === 0) return findings;
  return [...familyFindings(input, networks), ...nowhereFindings(input, networks)];
}

/** NewNodePortAddresses: a family without a CIDR has all of its addresses (checkBadConfig warns too). */
function familyFindings(
  { root, settings }: CheckInput,
  networks: readonly Network[],
): ConfigFinding[] {
  const named = new Set(networks.map(({ address }) => address.family));
  const families = new Set(settings.clusterCidrs?.map(({ address }) => address.family));
  const open = ([4, 6] as const).find((family) => families.has(family) && !named.has(family));
  if (families.size < 2 || open === undefined) return [];
  const message = l10n.t`The cluster has both families, but no CIDR here is of IPv${open}: node ports answer on all IPv${open} addresses.`;
  const range = placeOf(root, 'nodePortAddresses');
  return [finding('information', 'node-port-family-open', message, range)];
}

function nowhereFindings(
  { root, nodes }: CheckInput,
  networks: readonly Network[],
): ConfigFinding[] {
  const without = nodes.filter(({ state }) => {
    const addresses = state.interfaces?.flatMap((device) => device.addresses);
    if (!addresses) return false;
    return !addresses.some(({ address }) => networks.some((network) => contains(network, address)));
  });
  const [first] = without;
  if (!first) return [];
  const message = l10n.t`No address of ${list(
    without.map(({ state }) => state.name),
    'row',
  )} is in here: node ports answer nowhere on it.`;
  const range = placeOf(root, 'nodePortAddresses');
  return [finding('warning', 'no-node-port-address', message, range)];
}

export function checkExcludeCidrs({ root, settings }: CheckInput): readonly ConfigFinding[] {
  if (settings.mode !== 'ipvs') return [];
  return textItems(root, 'ipvs.excludeCIDRs')
    .filter(({ value }) => !cidrOf(value))
    .map(({ value, range }) => {
      const message = l10n.t`kube-proxy refuses this and ends: ${value === '' ? l10n.t('an empty text') : value} is no CIDR.`;
      return finding('error', 'bad-cidr', message, range);
    });
}

/**
 * kubelet marks what KUBE-FIREWALL drops with --iptables-drop-bit, 15 by default, up to 1.26
 * (IPTablesOwnershipCleanup is on since 1.27: pkg/features/kube_features.go).
 */
export function checkMasqueradeBit({
  root,
  settings,
  nodes,
  minors,
}: CheckInput): readonly ConfigFinding[] {
  const { masqueradeBit, mode } = settings;
  if (masqueradeBit === undefined || mode === undefined) return [];
  const path = `${mode === 'nftables' ? 'nftables' : 'iptables'}.masqueradeBit`;
  const range = placeOf(root, path);
  const bits = (1 << masqueradeBit) >>> 0;
  for (const { state } of nodes) {
    const drop = markRoles(state.rulesets).find(({ role }) => role === 'drop');
    if (!drop?.evidence || drop.bits >>> 0 !== bits) continue;
    const message = l10n.t`KUBE-MARK-DROP of ${state.name} sets the same mark ${hex(bits)}: kubelet's KUBE-FIREWALL drops what should be masqueraded.`;
    return [finding('error', 'masquerade-bit-is-drop-bit', message, range)];
  }
  const old = minors.filter((minor) => minor <= 26);
  if (masqueradeBit !== 15 || (minors.length > 0 && old.length === 0)) return [];
  const message = l10n.t(
    `Bit 15 (0x8000) is kubelet's mark for packets to drop by default, up to 1.26.`,
  );
  return [finding('warning', 'masquerade-bit-is-drop-bit', message, range)];
}
