import { parseNetwork, type Network } from '../address';
import type { ProxyMode } from './keys/key';
import { booleanOf, durationOf, pairOf, scalarOf } from './value';
import type { YamlNode } from '../yamlNode';

export type LocalMode = 'ClusterCIDR' | 'NodeCIDR' | 'BridgeInterface' | 'InterfaceNamePrefix';

/** A configuration with its defaults; what can't be read is undefined. */
export interface ProxySettings {
  /** undefined for a mode that is none of Linux. */
  readonly mode: ProxyMode | undefined;
  readonly bindAddress: string | undefined;
  readonly clusterCidrs: readonly Network[] | undefined;
  readonly localMode: LocalMode | undefined;
  readonly bridgeInterface: string | undefined;
  readonly interfaceNamePrefix: string | undefined;
  /** Of the section that the mode reads. */
  readonly masqueradeAll: boolean | undefined;
  readonly masqueradeBit: number | undefined;
  readonly localhostNodePorts: boolean | undefined;
  readonly scheduler: string | undefined;
  readonly strictArp: boolean | undefined;
  readonly excludeCidrs: readonly Network[] | undefined;
  /** `unset`: no address is named. */
  readonly nodePortAddresses: 'unset' | 'primary' | readonly Network[] | undefined;
  readonly tcpBeLiberal: boolean | undefined;
  /** A whole number by its dotted path, `fallback` where it is not written or null. */
  integer(path: string, fallback: number): number | undefined;
  /** Seconds, likewise. */
  seconds(path: string, fallback: number): number | undefined;
}

/** Reads what kube-proxy would, with the defaults of defaults.go and platformApplyDefaults. */
export function readSettings(root: YamlNode | undefined): ProxySettings {
  const mode = modeOf(root);
  const section = mode === 'nftables' ? 'nftables' : 'iptables';
  const integer = (path: string, fallback: number) => {
    const value = scalarOf(root, path) ?? fallback;
    return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
  };
  return {
    mode,
    bindAddress: textOf(root, 'bindAddress'),
    clusterCidrs: networksOf(textOf(root, 'clusterCIDR')?.split(',').filter(Boolean)),
    localMode: localModeOf(textOf(root, 'detectLocalMode')),
    bridgeInterface: textOf(root, 'detectLocal.bridgeInterface'),
    interfaceNamePrefix: textOf(root, 'detectLocal.interfaceNamePrefix'),
    masqueradeAll: flagOf(root, `${section}.masqueradeAll`, false),
    masqueradeBit: integer(`${section}.masqueradeBit`, 14),
    localhostNodePorts: flagOf(root, 'iptables.localhostNodePorts', true),
    scheduler: textOf(root, 'ipvs.scheduler', 'rr'),
    strictArp: flagOf(root, 'ipvs.strictARP', false),
    excludeCidrs: networksOf(textsOf(root, 'ipvs.excludeCIDRs')),
    nodePortAddresses: nodePortAddressesOf(root),
    tcpBeLiberal: flagOf(root, 'conntrack.tcpBeLiberal', false),
    integer,
    seconds(path, fallback) {
      const value = scalarOf(root, path);
      if (value === undefined) return fallback;
      return typeof value === 'string' ? durationOf(value) : undefined;
    },
  };
}

function modeOf(root: YamlNode | undefined): ProxyMode | undefined {
  const mode = textOf(root, 'mode', 'iptables');
  return mode === 'iptables' || mode === 'ipvs' || mode === 'nftables' ? mode : undefined;
}

/** An empty text counts as none: the API has no pointers for texts. */
function textOf(root: YamlNode | undefined, path: string, fallback = ''): string | undefined {
  const value = scalarOf(root, path) ?? '';
  if (typeof value !== 'string') return undefined;
  return value === '' ? fallback : value;
}

function flagOf(root: YamlNode | undefined, path: string, fallback: boolean) {
  const value = pairOf(root, path)?.value;
  if (!value || (value.kind === 'scalar' && value.value === null)) return fallback;
  return value.kind === 'scalar' ? booleanOf(value) : undefined;
}

/** The texts of a list; none where it is left out, undefined where it is none. */
function textsOf(root: YamlNode | undefined, path: string): string[] | undefined {
  const value = pairOf(root, path)?.value;
  if (!value || (value.kind === 'scalar' && value.value === null)) return [];
  if (value.kind !== 'list') return undefined;
  const texts = value.items.map((item) => (item.kind === 'scalar' ? item.value : undefined));
  return texts.every((text) => typeof text === 'string') ? (texts as string[]) : undefined;
}

/** A CIDR must have a prefix length (net.ParseCIDR). */
export function cidrOf(text: string): Network | undefined {
  return /\/\d{1,3}$/.test(text) ? parseNetwork(text) : undefined;
}

function networksOf(texts: readonly string[] | undefined): readonly Network[] | undefined {
  const networks = texts?.map(cidrOf);
  return networks?.every((network) => network !== undefined) ? networks : undefined;
}

function localModeOf(text: string | undefined): LocalMode | undefined {
  switch (text) {
    case '':
      return 'ClusterCIDR';
    case 'ClusterCIDR':
    case 'NodeCIDR':
    case 'BridgeInterface':
    case 'InterfaceNamePrefix':
      return text;
    default:
      return undefined;
  }
}

function nodePortAddressesOf(root: YamlNode | undefined): ProxySettings['nodePortAddresses'] {
  const texts = textsOf(root, 'nodePortAddresses');
  if (texts?.length === 0) return 'unset';
  return texts?.join() === 'primary' ? 'primary' : networksOf(texts);
}
