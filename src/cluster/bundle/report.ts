import * as l10n from '@vscode/l10n';
import { partName } from '../../core/partName';
import { kindOf } from '../../syntax/dumps/kinds';
import { dumpKind } from '../../syntax/dumps/recognize';
import { isObjectTable } from '../../syntax/objects/tables';
import type { BundleReport } from '../cluster';
import { headAndTail, type DumpFile, type SnapshotFiles } from '../snapshot/folder';
import type { BundleLayout } from './layout';

/** One thing that a full answer needs, and the command that prints it into a node's folder. */
interface Need {
  readonly what: string;
  readonly command: string;
}

const needs = {
  rules: { what: partName('IPv4 rules'), command: 'iptables-save -c >$n/iptables-save.txt' },
  nftables: { what: 'nftables', command: 'nft list ruleset >$n/nft-list-ruleset.txt' },
  sets: { what: partName('sets'), command: 'ipset save >$n/ipset-save.txt' },
  IPVS: { what: partName('IPVS'), command: 'ipvsadm -Ln >$n/ipvsadm-Ln.txt' },
  interfaces: { what: l10n.t`addresses`, command: 'ip addr >$n/ip-addr.txt' },
  routes: {
    what: partName('routes'),
    command: 'ip route show table all >$n/ip-route-show-table-all.txt',
  },
  objects: {
    what: l10n.t`Services and EndpointSlices`,
    command: 'kubectl get services,endpointslices,nodes -A -o yaml >$d/objects/objects.yaml',
  },
} as const satisfies Record<string, Need>;

type NeedId = keyof typeof needs;

/**
 * What there is and what is missing, with the one command to ask the sender for.
 *
 * @param notes what was left out while the archive was read
 */
export async function reportOf(
  files: SnapshotFiles,
  layout: BundleLayout | undefined,
  notes: readonly string[],
): Promise<BundleReport> {
  const found = new Set<NeedId>();
  let proxied = false;
  for (const own of files.nodes.values()) {
    for (const file of own) {
      const { head } = await headAndTail(file).catch(() => ({ head: '' }));
      const part = kindOf(dumpKind(file.name, head))?.part;
      if (part !== undefined && part in needs) found.add(part as NeedId);
      // Of a file on the disk only the beginning is looked at: then it is not asked for more.
      if (part === 'rules') proxied ||= file.held?.includes('KUBE-S') ?? true;
    }
  }
  const told = await Promise.all(files.objects.map(kindsTold));
  if (['service', 'endpoint'].every((kind) => told.some((text) => text.includes(kind)))) {
    found.add('objects');
  }
  // Rules of one backend are enough, where they are kube-proxy's: nobody is asked for the other one.
  const needed = (id: NeedId) =>
    !found.has(id) && !(id === 'nftables' && proxied) && !(id === 'rules' && found.has('nftables'));
  const all = Object.entries(needs) as [NeedId, Need][];
  const missing = all.filter(([id]) => needed(id)).map(([, need]) => need);
  return {
    title: layout?.title ?? l10n.t('Archive'),
    present: all.filter(([id]) => found.has(id)).map(([, { what }]) => what),
    missing: missing.map(({ what }) => what),
    ...(missing.length > 0 ? { ask: commandFor(missing) } : {}),
    notes: [...(layout?.remarks ?? []), ...notes],
  };
}

/**
 * The name of a file of objects and the kinds in it; of one on the disk those at its beginning. A table of
 * kubectl get lacks too much of each object.
 */
async function kindsTold(file: DumpFile): Promise<string> {
  const { name, held } = file;
  const { head } = await headAndTail(file).catch(() => ({ head: '' }));
  if (isObjectTable(head)) return '';
  const kinds = ['Service', 'EndpointSlice', 'Endpoints'].filter((kind) =>
    held ? held.includes(`kind: ${kind}\n`) || held.includes(`"kind": "${kind}"`) : false,
  );
  return [name, ...kinds, ...(/kind"?: "?\w+/.exec(head) ?? [])].join(' ').toLowerCase();
}

/** One line, as root on a node, that leaves an archive which is opened as this one was. */
function commandFor(missing: readonly Need[]): string {
  const commands = missing.map(({ command }) => command);
  return [
    'd=kube-proxy-$(hostname); n=$d/nodes/$(hostname); mkdir -p $n $d/objects',
    ...commands,
    'tar czf $d.tgz $d',
  ].join('; ');
}
