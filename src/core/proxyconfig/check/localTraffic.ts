import * as l10n from '@vscode/l10n';
import { contains, formatNetwork, parseAddress, parseNetwork, type Network } from '../../address';
import { cidrOf } from '../settings';
import { pairOf, scalarOf } from '../value';
import type { YamlScalar } from '../../yamlNode';
import { knownIn } from '../keys/key';
import { configKey } from '../keys';
import {
  finding,
  partOf,
  placeOf,
  proxyNamed,
  type CheckInput,
  type ConfigFinding,
} from './finding';
import { gateOf } from './gates';
import { list } from '../../list';

/** clusterCIDR: its form, and whether it holds what it should. */
export function checkClusterCidr(input: CheckInput): readonly ConfigFinding[] {
  const { root, settings } = input;
  const value = pairOf(root, 'clusterCIDR')?.value;
  const used = settings.localMode === 'ClusterCIDR';
  if (!value || (value.kind === 'scalar' && (value.value ?? '') === '')) {
    return used ? missing(input) : [];
  }
  if (value.kind !== 'scalar' || typeof value.value !== 'string') return [];
  const parts = partsOf(value);
  const broken = parts.filter(({ network }) => !network);
  if (broken.length > 0) {
    return broken.map(({ text, range }) => {
      const message = l10n.t`${text === '' ? l10n.t('An empty text') : text} is no CIDR such as 10.244.0.0/16.`;
      return finding(used ? 'error' : 'warning', 'bad-cidr', message, range);
    });
  }
  const networks = parts as (Part & { network: Network })[];
  return [
    ...familyFindings(input, networks, value),
    ...(used ? networks.flatMap((part) => contentFindings(input, part)) : []),
    ...(used ? podFindings(input, networks, value) : []),
  ];
}

interface Part {
  readonly text: string;
  readonly network: Network | undefined;
  readonly range: ConfigFinding['range'];
}

function partsOf(scalar: YamlScalar): Part[] {
  let index = 0;
  return String(scalar.value)
    .split(',')
    .map((text) => {
      const range = partOf(scalar, index, text.length);
      index += text.length + 1;
      return { text, network: cidrOf(text), range };
    });
}

/** getLocalDetectors logs it, and takes no traffic to be local. */
function missing({ root, settings }: CheckInput): ConfigFinding[] {
  if (settings.masqueradeAll === true) return [];
  const effect =
    settings.mode === 'ipvs'
      ? l10n.t("only the node's own connections to cluster IPs are masqueraded")
      : l10n.t('no connection to a cluster IP is masqueraded for where it comes from');
  const message = l10n.t`detectLocalMode is ClusterCIDR, but clusterCIDR is empty: ${effect}, and answers to clients outside may not come back this way.`;
  return [
    finding(
      'warning',
      'cluster-cidr-missing',
      message,
      placeOf(root, 'clusterCIDR', 'detectLocalMode'),
    ),
  ];
}

/** One CIDR, or one of each family; several only with IPv6DualStack, which is on since 1.21. */
function familyFindings(
  { root, minors }: CheckInput,
  parts: readonly { readonly network: Network }[],
  { range }: YamlScalar,
): ConfigFinding[] {
  if (parts.length === 1) return [];
  const families = new Set(parts.map(({ network }) => network.address.family));
  if (parts.length > 2 || families.size < 2) {
    const message = l10n.t(
      'kube-proxy refuses this and ends: clusterCIDR must be one CIDR, or one of IPv4 and one of IPv6.',
    );
    return [finding('error', 'cluster-cidr-families', message, range)];
  }
  const single = minors.filter((minor) => minor <= 20);
  const on = gateOf(root, 'IPv6DualStack') === true;
  if (single.length === 0 || (on && single.every((minor) => minor >= 16))) return [];
  const message = l10n.t`${proxyNamed(single)} takes two CIDRs only with the feature gate IPv6DualStack (since 1.16).`;
  return [finding('error', 'cluster-cidr-families', message, range)];
}

function contentFindings(
  { nodes }: CheckInput,
  { network, text, range }: Part & { readonly network: Network },
): ConfigFinding[] {
  const services = nodes.find(({ objects }) => objects)?.objects?.services ?? [];
  const inside = services.flatMap(({ metadata, spec }) => {
    const ips = spec.clusterIPs.length > 0 ? spec.clusterIPs : [spec.clusterIP ?? ''];
    const ip = ips.find((one) => {
      const address = parseAddress(one);
      return address && contains(network, address);
    });
    return ip === undefined ? [] : [l10n.t`${ip} of ${metadata.namespace}/${metadata.name}`];
  });
  if (inside.length === 0) return [];
  const others = inside.length > 1 ? l10n.t` and ${inside.length - 1} more` : '';
  const message = l10n.t`${text} holds cluster IPs (${inside[0]!}${others}): clusterCIDR is the Pods' range, not the Services'.`;
  return [finding('warning', 'cluster-cidr-is-service-range', message, range)];
}

/** A node's Pods that are outside count as clients from elsewhere. */
function podFindings(
  { nodes }: CheckInput,
  parts: readonly { readonly network: Network }[],
  { range }: YamlScalar,
): ConfigFinding[] {
  const objects = nodes.find((node) => node.objects)?.objects;
  for (const { metadata, podCIDRs } of objects?.nodes ?? []) {
    for (const text of podCIDRs) {
      const pods = parseNetwork(text);
      const own = parts.find(({ network }) => network.address.family === pods?.address.family);
      if (!pods || !own || contains(own.network, pods.address)) continue;
      const message = l10n.t`The Pods of node ${metadata.name} (${formatNetwork(pods)}) are not in ${formatNetwork(own.network)}: kube-proxy takes them for clients from elsewhere.`;
      return [finding('warning', 'pods-outside-cluster-cidr', message, range)];
    }
  }
  return [];
}

/** validateDetectLocalMode and validateDetectLocalConfiguration. */
export function checkLocalMode(input: CheckInput): readonly ConfigFinding[] {
  const { root, settings, minors } = input;
  const written = scalarOf(root, 'detectLocalMode');
  if (typeof written !== 'string' || written === '') return [];
  const range = placeOf(root, 'detectLocalMode');
  const choices = configKey('detectLocalMode')!.values!;
  const choice = choices.find(({ value }) => value === written);
  if (!choice) {
    const names = list(
      choices.map(({ value }) => value),
      'row',
    );
    const message = l10n.t`kube-proxy refuses this and ends: detectLocalMode must be one of ${names}.`;
    return [finding('error', 'unknown-detect-local-mode', message, range)];
  }
  const foreign = minors.filter((minor) => minor >= 18 && !knownIn(choice, minor));
  if (foreign.length > 0) {
    const message = l10n.t`${proxyNamed(foreign)} refuses this and ends: ${written} came with 1.${choice.since!}.`;
    return [finding('error', 'detect-local-mode-too-new', message, range)];
  }
  const needed = {
    BridgeInterface: ['bridgeInterface', settings.bridgeInterface],
    InterfaceNamePrefix: ['interfaceNamePrefix', settings.interfaceNamePrefix],
  }[written];
  if (!needed || needed[1] !== '') return [];
  const message = l10n.t`kube-proxy refuses this and ends: detectLocalMode ${written} needs detectLocal.${needed[0]!}.`;
  return [finding('error', 'detect-local-incomplete', message, range)];
}
