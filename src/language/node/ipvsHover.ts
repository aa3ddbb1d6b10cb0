import * as l10n from '@vscode/l10n';
import { formatAddress, hostPort } from '../../core/address';
import type { IpvsTokenKind, RealServer, VirtualServer } from '../../core/ipvs/state';
import { describeIpvsToken, duration } from '../../core/describe/ipvs';
import { addressType } from '../../core/trace/route/addressType';
import { percent } from '../../core/percent';
import {
  code,
  lineLink,
  quiet,
  shortList,
  strong,
  type Block,
  type Span,
} from '../../workspace/hover/content';
import type { NodeContext } from './context';
import { nameOfVirtualServer } from './nodeIndex';
import type { NodeWord } from './word';

/** What a row begins with. */
const leading: readonly IpvsTokenKind[] = ['protocol', 'arrow', 'firewall-mark'];

/** A word of an IPVS dump; for an address the row's virtual server and its real servers. */
export function ipvsBlocks(word: NodeWord, context: NodeContext, line: number): Block[] {
  if (word.what === 'address') return serverBlocks(context, line);
  if (word.what !== 'ipvs') return [];
  const { token } = word;
  const meaning = describeIpvsToken(token);
  const servers = leading.includes(token.kind) ? serverBlocks(context, line) : [];
  if (meaning === undefined) return servers;
  const value = token.kind === 'persistent' ? duration(Number(token.value)) : token.value;
  const heading: Block = [strong(labels[token.kind] ?? token.kind), ' ', code(value)];
  const sentences: Block[] = meaning.split('\n').map((sentence) => [sentence]);
  return [heading, ...sentences, ...servers];
}

/** The virtual server of a row, with its Service and real servers. */
function serverBlocks({ text, node, index, objects }: NodeContext, line: number): Block[] {
  if (text.language !== 'ipvsadm') return [];
  const on = ({ range }: { range: { source: string; line: number } }) =>
    range.source === text.source && range.line === line;
  const servers = node.ipvs?.virtualServers ?? [];
  const own = servers.find(on);
  const server = own ?? servers.find(({ realServers }) => realServers.some(on));
  if (!server) return [];
  const title = index.services.find(({ entries }) =>
    entries.some(({ range }) => range.line === server.range.line),
  )?.title;
  const name = nameOfVirtualServer(server);
  const whose = title === undefined || title === name ? [] : [', ', code(title)];
  if (!own) {
    const real = server.realServers.find(on)!;
    return [
      [strong(l10n.t('Real server')), l10n.t(' of '), lineLink(server.range, name), ...whose],
      [shareText(real, server)],
    ];
  }
  const blocks: Block[] = [[strong(l10n.t('Virtual server')), ' ', code(name), ...whose]];
  if (server.realServers.length === 0) {
    blocks.push([
      l10n.t('No real servers: new connections are refused with ICMP port unreachable.'),
    ]);
  } else blocks.push(shortList(server.realServers, (real) => realSpans(real, server, objects)));
  const { address } = server;
  const type = address && addressType(node, address);
  if (type !== undefined && type !== 'LOCAL') {
    blocks.push([
      strong(l10n.t('No device of this node holds the address')),
      l10n.t(': packets from outside do not come to INPUT, where IPVS would take them.'),
    ]);
  }
  return blocks;
}

function realSpans(
  real: RealServer,
  server: VirtualServer,
  objects: NodeContext['objects'],
): Span[] {
  const address = formatAddress(real.address);
  const pods = objects?.podsAt(address) ?? [];
  const [pod] = pods;
  const known = pods.length === 1 && pod ? ` ${pod.metadata.namespace}/${pod.metadata.name}` : '';
  const place = pod?.nodeName === undefined || known === '' ? '' : l10n.t` on ${pod.nodeName}`;
  return [
    lineLink(real.range, hostPort(address, real.port)),
    `${known}${place}: `,
    quiet(shareText(real, server)),
  ];
}

/** rr and wrr go by weights alone (ip_vs_rr.c, ip_vs_wrr.c). */
function shareText({ weight }: RealServer, { scheduler, realServers }: VirtualServer): string {
  if (weight === 0) return l10n.t('weight 0, no new connections');
  const usable = realServers.filter((real) => real.weight > 0);
  if (scheduler === 'rr') return l10n.t`${percent(1 / usable.length)} of new connections (rr)`;
  if (scheduler !== 'wrr')
    return l10n.t`weight ${weight}, chosen by ${scheduler ?? l10n.t('a scheduler not shown')}`;
  const sum = usable.reduce((all, real) => all + real.weight, 0);
  return l10n.t`weight ${weight}, ${percent(weight / sum)} of new connections (wrr)`;
}

const labels: Readonly<Partial<Record<IpvsTokenKind, string>>> = {
  protocol: l10n.t('Protocol'),
  'firewall-mark': l10n.t('Firewall mark'),
  scheduler: l10n.t('Scheduler'),
  flag: l10n.t('Flags'),
  persistent: l10n.t('Persistent'),
  mask: l10n.t('Mask'),
  engine: l10n.t('Persistence engine'),
  forward: l10n.t('Forward'),
  weight: l10n.t('Weight'),
  'active-connections': 'ActiveConn',
  'inactive-connections': 'InActConn',
  'persistent-connections': 'PersistConn',
  'upper-threshold': 'Uthreshold',
  'lower-threshold': 'Lthreshold',
  connections: 'Conns',
  'in-packets': 'InPkts',
  'out-packets': 'OutPkts',
  'in-bytes': 'InBytes',
  'out-bytes': 'OutBytes',
  state: l10n.t('State'),
  expires: l10n.t('Expires'),
};
