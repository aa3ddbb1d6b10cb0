import * as l10n from '@vscode/l10n';
import { isRecord } from '../../../core/record';
import { saveOfXml } from '../../../syntax/iptables/xml';
import { fields, list, type Fields } from '../../../syntax/objects/fields';
import type { BundleLayout, Output } from '../layout';
import { addressesOf, routesOf, rulesOf } from './netlink';

/** alibaba/kubeskoop, pkg/skoop/collector: the node's network namespace and those of its Pods in one JSON. */
export const kubeskoop: BundleLayout = {
  id: 'kubeskoop',
  title: 'KubeSkoop collector',
  marks: [/(^|\/)collector\.json$/],
  nodeName: /^collector-(?<node>[\w-]+(?:\.[\w-]+)*?)(?:\.(?:tar|tgz|zip)(?:\.\w+)?)?$/,
  files: [{ path: /(^|\/)collector\.json$/, as: outputsOfHost }],
  remarks: [
    l10n.t`This collector keeps IPv4 routes and rules alone, of rules without all of their fields, and no objects: routing rules count only where they are the kernel's own three.`,
    l10n.t`Sets and IPVS of its newer release are not read: ask for \`ipset save\` and \`ipvsadm -Ln\`.`,
  ],
};

function outputsOfHost(text: string): readonly Output[] {
  const host = hostOf(text);
  if (!host) return [];
  // Under its name in one of the collector's releases (pkg/skoop/netstack/netns.go).
  const field = (...names: readonly string[]) => names.map((name) => host[name]).find(Boolean);
  const xml = field('iptables_info', 'it');
  const sets = field('ipset_info');
  const virtual = list(field('ipvs_info')).filter((line) => typeof line === 'string');
  const outputs: readonly (readonly [string, string])[] = [
    ['iptables-save.txt', typeof xml === 'string' ? saveOfXml(xml) : ''],
    ['ipset-list.xml', typeof sets === 'string' ? sets : ''],
    ['ipvsadm-Sn.txt', virtual.join('\n')],
    ['ip-addr.txt', addressesOf(list(field('interfaces', 'if')))],
    ['ip-route-show-table-all.txt', routesOf(list(field('route_info', 'r')))],
    ['ip-rule.txt', rulesOf(list(field('rule_info', 'ru')))],
    ['sysctl.txt', sysctlsOf(field('sysctl_info', 's'))],
  ];
  return outputs.flatMap(([name, own]) => (own.trim() === '' ? [] : [{ name, text: own }]));
}

/** The network namespace of the node itself, which the collector names by its first process. */
function hostOf(text: string): Fields | undefined {
  let dump: unknown;
  try {
    dump = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { netns, n } = fields(dump);
  return list(netns ?? n)
    .filter(isRecord)
    .find((one) => (one['netns'] ?? one['n']) === '/proc/1/ns/net');
}

function sysctlsOf(values: unknown): string {
  return Object.entries(fields(values))
    .map(([key, value]) => `${key} = ${String(value)}\n`)
    .join('');
}
