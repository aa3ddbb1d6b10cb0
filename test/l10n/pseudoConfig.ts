import { comparedKeys, compareKey } from '../../src/core/proxyconfig/compare';
import { configKeys } from '../../src/core/proxyconfig/keys';
import { defaultHistory, releases } from '../../src/core/proxyconfig/keys/key';
import { readSettings } from '../../src/core/proxyconfig/settings';
import { valueInWords } from '../../src/core/proxyconfig/words';
import { configOf, configText, variantNode } from '../core/proxyconfig/variants';

type Say = (place: string, text: string) => void;

/** What the keys of a kube-proxy's configuration mean, and their defaults and choices. */
export function sayKeys(say: Say): void {
  for (const key of configKeys) {
    const said = [key.meaning, releases(key), defaultHistory(key)].filter(Boolean);
    say(`key ${key.path}`, said.join('. '));
    for (const { value } of key.values ?? []) {
      say(`${key.path}: ${value}`, valueInWords(configOf(`${key.path}: ${value}`), key.path) ?? '');
    }
  }
}

/** A node of each kind: reading all takes long. */
const variants = [
  'iptables-nodecidr-nodeportaddresses',
  'iptables-masquerade-all',
  'ipvs-mode',
  'k8s-1.36-nftables-bridge-interface',
  'k8s-1.36-mixed-leftovers',
];

/** Keys that no recorded configuration sets as its node has it. */
const others = [
  'mode: ipvs\nipvs: {strictARP: true, scheduler: lc, excludeCIDRs: [10.96.0.0/16, 10.1.0.0/16], tcpTimeout: 15m}',
  'mode: iptables\niptables: {masqueradeBit: 20, masqueradeAll: true, localhostNodePorts: false, syncPeriod: 1m}',
  'mode: nftables\nnftables: {masqueradeBit: 20, minSyncPeriod: 3s}\nnodePortAddresses: [10.0.0.0/8]',
  'detectLocalMode: BridgeInterface\nnodePortAddresses: [primary]',
  'detectLocalMode: InterfaceNamePrefix\ndetectLocal: {interfaceNamePrefix: veth}',
  'conntrack: {maxPerCore: 0, tcpBeLiberal: true, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 2h}',
  'conntrack: {maxPerCore: 7, min: 9, tcpBeLiberal: false}',
];

/** What each node's dumps show of each configuration, its own or another's; and what no dumps show. */
export async function sayComparisons(say: Say): Promise<void> {
  const configs = [...variants.map(configText), ...others];
  const bare = { state: { name: 'node-a', rulesets: [], findings: [] } };
  const nodes = [bare, ...(await Promise.all(variants.map(variantNode)))];
  const said = new Set<string>();
  for (const config of configs) {
    const settings = readSettings(configOf(config));
    for (const node of nodes) {
      for (const path of comparedKeys) {
        const { verdict, text } = compareKey(path, settings, node) ?? {};
        if (text === undefined || said.has(text)) continue;
        said.add(text);
        say(`${path}, ${verdict}`, text);
      }
    }
  }
}
