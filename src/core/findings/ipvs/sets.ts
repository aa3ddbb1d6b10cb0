import * as l10n from '@vscode/l10n';
import { formatAddress } from '../../address';
import { wholeIpvs } from '../../ipvs/wholeIpvs';
import type { NodeState } from '../../node';
import { protocolName } from '../../protocol';
import type { Check, Found } from '../check';
import { notTogether } from './notTogether';
import { placeByAddress, placeOfEntry, placeOfServer, portalKind, serverPlaces } from './places';

export const entryWithoutServer: Check = {
  code: 'set-entry-without-virtual-server',
  severity: 'error',
  title: l10n.t("a set holds a Service's address without a virtual server"),
  modes: ['ipvs'],
  *find({ node }) {
    if (!wholeIpvs(node)) return;
    const servers = serverPlaces(node);
    const strange = mostLack(node, servers);
    if (strange) {
      yield strange;
      return;
    }
    for (const { name, entries } of node.sets?.values() ?? []) {
      const kind = portalKind(name);
      if (kind === undefined) continue;
      for (const entry of entries) {
        const place = placeOfEntry(entry, kind);
        if (place === undefined || servers.has(place)) continue;
        yield {
          message: l10n.t`${name} holds ${entry.text}, of which there is no virtual server: packets to it are taken in and nobody serves them.`,
          range: entry.range,
        };
      }
    }
  },
};

const allKinds = ['CLUSTER-IP', 'EXTERNAL-IP', 'LOAD-BALANCER', 'NODE-PORT-TCP', 'NODE-PORT-UDP'];

function mostLack({ sets }: NodeState, servers: ReadonlySet<string>): Found | undefined {
  const own = [...(sets?.values() ?? [])].filter(({ name }) => portalKind(name) !== undefined);
  const places = own.flatMap(({ name, entries }) =>
    Array.from(entries, (entry) => placeOfEntry(entry, portalKind(name)!)),
  );
  const lacking = places.filter((place) => place !== undefined && !servers.has(place));
  const [first] = own;
  return (
    first && notTogether(l10n.t`kube-proxy's sets`, lacking.length, places.length, first.range)
  );
}

/** Of what a set that was emptied lacks, more would bury the rest. */
const mostTold = 8;

export const serverInNoSet: Check = {
  code: 'virtual-server-in-no-set',
  severity: 'warning',
  title: l10n.t('a virtual server is in no set of kube-proxy'),
  modes: ['ipvs'],
  certainty: 'certain',
  *find({ node }) {
    const sets = [...(node.sets?.values() ?? [])].filter(({ name }) => portalKind(name));
    // 1.8 had no sets; before 1.11.1 KUBE-CLUSTER-IP stayed empty without a cluster CIDR.
    const filled = sets.some(({ name, entries }) => /CLUSTER-IP$/.test(name) && entries.length > 0);
    if (!node.ipvs || !filled || sets.some(({ complete }) => !complete)) return;
    const inSets = new Set(
      sets.flatMap(({ name, entries }) =>
        Array.from(entries, (entry) => placeOfEntry(entry, portalKind(name)!)),
      ),
    );
    // kube-proxy makes all of its sets at once: where some are missing, so may be their entries.
    const kinds = new Set(sets.map(({ name }) => portalKind(name)));
    if (!allKinds.every((kind) => kinds.has(kind))) return;
    const families = new Set(sets.map(({ family }) => family));
    const lacking = node.ipvs.virtualServers.flatMap((server) => {
      const { address, port, protocol, range } = server;
      const place = placeOfServer(node, server);
      if (!address || place === undefined || inSets.has(place)) return [];
      // kube-ipvs0 may have lost it: that is another fault.
      if (inSets.has(placeByAddress(server))) return [];
      if (!families.has(address.family)) return [];
      return [
        { text: `${formatAddress(address)}:${port ?? '?'}/${protocolName(protocol ?? 0)}`, range },
      ];
    });
    const [first, ...others] = lacking;
    if (!first) return;
    if (lacking.length <= mostTold) {
      for (const { text, range } of lacking) {
        yield {
          message: l10n.t`No set of kube-proxy holds ${text}: no rule masquerades or lets through what goes there.`,
          range,
        };
      }
      return;
    }
    yield {
      message: l10n.t`No set of kube-proxy holds ${first.text} and ${others.length} more virtual servers: no rule masquerades or lets through what goes there.`,
      range: first.range,
      related: others
        .slice(0, mostTold)
        .map(({ text, range }) => ({ message: l10n.t`no set holds ${text}`, range })),
    };
  },
};
