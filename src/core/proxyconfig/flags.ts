import { isRecord } from '../record';
import type { YamlMap, YamlPair, YamlNode, OffsetRange } from '../yamlNode';

/** What a command says of kube-proxy's configuration: it is in a file, or in flags. */
export type CommandConfig = { readonly kind: 'file' } | ({ readonly kind: 'flags' } & FlagConfig);

interface FlagConfig {
  /** undefined where the flags do not tell: a value that only the container knows, as `$(POD_CIDR)`. */
  readonly config: YamlNode | undefined;
}

/**
 * kube-proxy's configuration by its command line. With `--config` it takes no other flag.
 *
 * @param words `/usr/local/bin/kube-proxy`, `--proxy-mode=ipvs`; or those of a shell that starts it
 * @returns undefined where it is another program's
 */
export function configOfCommand(words: readonly string[]): CommandConfig | undefined {
  const all = words.flatMap((word) => word.split(/\s+/));
  const start = all.findIndex((word) => /(?:^|\/)kube-proxy$/.test(word));
  if (start < 0) return undefined;
  const flags = flagsIn(all.slice(start + 1));
  if (flags.has('config')) return { kind: 'file' };
  const values = new Map<string, unknown>();
  for (const [name, text] of flags) {
    const known = settings.get(name);
    if (!known || text === '') continue;
    if (/[$`(]/.test(text)) return { kind: 'flags', config: undefined };
    values.set(known.path, known.read(text));
  }
  // Whether that flag counts in nftables mode has changed between releases.
  const isOpen = values.get('mode') === 'nftables' && values.has('iptables.masqueradeAll');
  if (isOpen) return { kind: 'flags', config: undefined };
  return { kind: 'flags', config: configOfPaths(values) };
}

/** `--proxy-mode=ipvs`, `--proxy-mode ipvs`, `--masquerade-all`; to the end of a shell's command. */
function flagsIn(words: readonly string[]): ReadonlyMap<string, string> {
  const flags = new Map<string, string>();
  for (const [i, raw] of words.entries()) {
    const word = raw.replace(/^["']/, '').replace(/["']$/, '');
    if (/^(?:\d?>|&?>|\||;|&)/.test(word)) break;
    const found = /^--?([a-z0-9-]+)(=?)/.exec(word);
    if (!found) continue;
    const [whole, name = '', equals] = found;
    const next = words[i + 1] ?? '-';
    const value = next.startsWith('-') ? 'true' : next;
    flags.set(name, equals === '' ? value : word.slice(whole.length).replace(/^["']/, ''));
  }
  return flags;
}

interface FlagSetting {
  /** Of KubeProxyConfiguration. */
  readonly path: string;
  readonly read: (text: string) => unknown;
}

const asText = (text: string) => text;
const asNumber = Number;
const asTruth = (text: string) => /^(?:1|t|T|TRUE|true|True)$/.test(text);
const asList = (text: string) => text.split(',');

/** The flags that rules follow from (kube-proxy(8)). */
const settings: ReadonlyMap<string, FlagSetting> = new Map<string, FlagSetting>([
  ['proxy-mode', { path: 'mode', read: asText }],
  ['bind-address', { path: 'bindAddress', read: asText }],
  ['cluster-cidr', { path: 'clusterCIDR', read: asText }],
  ['detect-local-mode', { path: 'detectLocalMode', read: asText }],
  ['pod-bridge-interface', { path: 'detectLocal.bridgeInterface', read: asText }],
  ['pod-interface-name-prefix', { path: 'detectLocal.interfaceNamePrefix', read: asText }],
  ['nodeport-addresses', { path: 'nodePortAddresses', read: asList }],
  ['masquerade-all', { path: 'iptables.masqueradeAll', read: asTruth }],
  ['iptables-masquerade-bit', { path: 'iptables.masqueradeBit', read: asNumber }],
  ['iptables-localhost-nodeports', { path: 'iptables.localhostNodePorts', read: asTruth }],
  ['ipvs-scheduler', { path: 'ipvs.scheduler', read: asText }],
  ['ipvs-strict-arp', { path: 'ipvs.strictARP', read: asTruth }],
  ['ipvs-exclude-cidrs', { path: 'ipvs.excludeCIDRs', read: asList }],
  ['conntrack-tcp-be-liberal', { path: 'conntrack.tcpBeLiberal', read: asTruth }],
]);

function configOfPaths(values: ReadonlyMap<string, unknown>): YamlNode {
  const root: Record<string, unknown> = {};
  for (const [path, value] of values) {
    const [first = '', second] = path.split('.');
    if (second === undefined) root[first] = value;
    else root[first] = { ...(root[first] as object | undefined), [second]: value };
  }
  return configValueOf(root);
}

const nowhere: OffsetRange = { start: 0, end: 0 };

/** A plain value as a configuration, without places. */
export function configValueOf(value: unknown): YamlNode {
  if (Array.isArray(value)) {
    return { kind: 'list', range: nowhere, items: value.map(configValueOf) };
  }
  if (isRecord(value)) {
    const pairs = Object.entries(value).map(([key, own]): YamlPair => ({
      key,
      keyRange: nowhere,
      value: configValueOf(own),
    }));
    const map: YamlMap = { kind: 'map', range: nowhere, pairs };
    return map;
  }
  const isPlain = ['string', 'number', 'boolean'].includes(typeof value);
  const plain = isPlain ? (value as string | number | boolean) : null;
  return { kind: 'scalar', range: nowhere, value: plain, style: 'plain' };
}
