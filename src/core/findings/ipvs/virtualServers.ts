import * as l10n from '@vscode/l10n';
import { withPort } from '../../address';
import { append } from '../../append';
import type { RelatedPlace } from '../../finding';
import type { VirtualServer } from '../../ipvs/state';
import { wholeIpvs } from '../../ipvs/wholeIpvs';
import { serviceName } from '../../kubeproxy/serviceId';
import { listFirst } from '../../listFirst';
import { protocolName } from '../../protocol';
import type { ServiceView } from '../../service';
import type { Check } from '../check';
import { namedRows } from './namedRows';

/** Virtual servers that one note names, and those that it leads to. */
const mostNamed = 3;
const mostRelated = 50;

/** Real servers of weight 0 are being drained; when all are, nobody takes a new connection. */
export const allDrained: Check = {
  code: 'virtual-server-drained',
  severity: 'warning',
  title: l10n.t('every real server of a virtual server has weight 0'),
  modes: ['ipvs'],
  *find({ node }) {
    for (const server of node.ipvs?.virtualServers ?? []) {
      const { realServers, range } = server;
      if (
        server.incomplete ||
        realServers.length === 0 ||
        realServers.some(({ weight }) => weight > 0)
      )
        continue;
      yield {
        message: l10n.t`${nameOf(server)} has ${realServers.length === 1 ? l10n.t('one real server') : l10n.t`${realServers.length} real servers`}, all of weight 0: no new connection gets through.`,
        range,
      };
    }
  },
};

/** A weight 0 that stays keeps old connections on a Pod that is gone (kubernetes#108319). */
export const drained: Check = {
  code: 'real-server-drained',
  severity: 'information',
  title: l10n.t('a real server is being drained'),
  modes: ['ipvs'],
  *find({ node }) {
    for (const server of node.ipvs?.virtualServers ?? []) {
      if (!server.realServers.some(({ weight }) => weight > 0)) continue;
      for (const { address, port, weight, range } of server.realServers) {
        if (weight > 0) continue;
        yield {
          message: l10n.t`${withPort(address, port)} of ${nameOf(server)} has weight 0: it keeps the connections that it has. kube-proxy takes it away when the last has ended; where it stays, clients that keep theirs open hang on a Pod that is gone.`,
          range,
        };
      }
    }
  },
};

/** A Service without endpoints: packets are refused by IPVS (kubernetes#70493). */
export const withoutRealServer: Check = {
  code: 'virtual-server-without-real-server',
  severity: 'information',
  title: l10n.t('a virtual server has no real server'),
  modes: ['ipvs'],
  *find({ node, programmed }) {
    const named = namedRows(programmed);
    const ofServices = new Map<ServiceView, VirtualServer[]>();
    const idle: VirtualServer[] = [];
    for (const server of wholeIpvs(node)?.virtualServers ?? []) {
      if (server.realServers.length > 0) continue;
      const service = named.get(server.range.line);
      if (service) append(ofServices, service, server);
      else idle.push(server);
    }
    for (const [service, servers] of ofServices) {
      const [first, ...others] = servers;
      yield {
        message: l10n.t`${service.title} has no real server at ${namesOf(servers)}: it has no endpoint that could serve there, and connections are refused.`,
        range: first!.range,
        related: relatedOf(others),
        service: serviceName(service),
      };
    }
    const [first, ...others] = idle;
    if (!first) return;
    if (others.length === 0) {
      yield {
        message: l10n.t`${nameOf(first)} has no real server: its Service has no endpoint that could serve, and connections are refused.`,
        range: first.range,
      };
      return;
    }
    yield {
      message: l10n.t`${idle.length} virtual servers have no real server (${namesOf(idle)}): their Services have no endpoint that could serve, and connections are refused.`,
      range: first.range,
      related: relatedOf(others),
    };
  },
};

/** A NodePort alone has one for each address of the node. */
function namesOf(servers: readonly VirtualServer[]): string {
  return listFirst(servers.map(nameOf), mostNamed);
}

function relatedOf(others: readonly VirtualServer[]): readonly RelatedPlace[] {
  return others.slice(0, mostRelated).map((one) => ({ message: nameOf(one), range: one.range }));
}

function nameOf({ address, port, protocol, firewallMark }: VirtualServer): string {
  if (!address) return l10n.t`The virtual server of firewall mark ${firewallMark ?? 0}`;
  return `${withPort(address, port)}/${protocolName(protocol ?? 0)}`;
}
