import * as l10n from '@vscode/l10n';
import { saveOfXml } from '../../../syntax/iptables/xml';
import type { BundleLayout, Output } from '../layout';
import { addressesOf, routesOf, rulesOf } from './netlink';

/** A network namespace, under the names of its fields in the collector's releases (pkg/skoop/netstack/netns.go). */
type Namespace = Readonly<Record<string, unknown>>;

/** alibaba/kubeskoop, pkg/skoop/collector: the node's network namespace and those of its Pods in one JSON. */
export const kubeskoop: BundleLayout = {
  id: 'kubeskoop',
  title: 'KubeSkoop collector',
  marks: [/(^|\/)collector\.json$/],
  nodeName: /^collector-(?<node>[\w-]+(?:\.[\w-]+)*?)(?:\.(?:tar|tgz|zip)(?:\.\w+)?)?$/,
  files: [{ path: /(^|\/)collector\.json$/, as: outputsOfHost }],
  remarks: [
    l10n.t`This collector keeps IPv4 routes and rules alone, of rules without all of their fields, and no objects: routing rules count only where they are the kernel's own three.`,
  ],
};

function outputsOfHost(text: string): readonly Output[] {
  const host = hostOf(text);
  if (!host) return [];
  const field = (...names: readonly string[]) => names.map((name) => host[name]).find(Boolean);
  const xml = field('iptables_info', 'it');
  const sets = field('ipset_info');
  const virtual = field('ipvs_info');
  const interfaces = listOf(field('interfaces', 'if'));
  const outputs: readonly (readonly [string, string])[] = [
    ['iptables-save.txt', typeof xml === 'string' ? saveOfXml(xml) : ''],
    ['ipset-list.xml', typeof sets === 'string' ? sets : ''],
    [
      'ipvsadm-Sn.txt',
      listOf(virtual)
        .filter((line) => typeof line === 'string')
        .join('\n'),
    ],
    ['ip-addr.txt', addressesOf(interfaces)],
    ['ip-route-show-table-all.txt', routesOf(listOf(field('route_info', 'r')))],
    ['ip-rule.txt', rulesOf(listOf(field('rule_info', 'ru')))],
    ['sysctl.txt', sysctlsOf(field('sysctl_info', 's'))],
  ];
  return outputs.flatMap(([name, own]) => (own.trim() === '' ? [] : [{ name, text: own }]));
}

/** The namespace of the node itself, which the collector names by its first process. */
function hostOf(text: string): Namespace | undefined {
  let dump: unknown;
  try {
    dump = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(dump)) return undefined;
  return listOf(dump['netns'] ?? dump['n'])
    .filter(isObject)
    .find((one) => (one['netns'] ?? one['n']) === '/proc/1/ns/net');
}

function sysctlsOf(values: unknown): string {
  if (!isObject(values)) return '';
  return Object.entries(values)
    .map(([key, value]) => `${key} = ${String(value)}\n`)
    .join('');
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is Namespace {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
