import * as l10n from '@vscode/l10n';
import type { Finding } from '../../core/finding';
import type {
  ClusterObject,
  NodeObject,
  ObjectMeta,
  PodObject,
  ServiceObject,
} from '../../core/objects/types';
import type { SourceRange } from '../../core/source';
import type { LineReader } from '../lines';
import { isShellPrompt } from '../shellPrompt';

/** One row by its column's heading: `CLUSTER-IP` -> `10.96.0.1`. */
type Row = ReadonlyMap<string, string>;

/** A row's object; undefined for a row that has none. */
type RowReader = (row: Row, metadata: ObjectMeta) => ClusterObject | undefined;

interface Column {
  readonly title: string;
  readonly start: number;
}

/** `NAMESPACE   NAME   TYPE   CLUSTER-IP ...`, of `kubectl get ... -o wide` */
const heading = /^(?:NAMESPACE +)?NAME +[A-Z]/;

const yaml = /^ *(?:- )?"?(?:apiVersion|kind|metadata|items)"?:/;

/** Whether a text is a table of `kubectl get`, as support bundles hold them instead of objects. */
export function isObjectTable(text: string): boolean {
  const head = text.slice(0, 4096).split('\n');
  return head.some((line) => heading.test(line)) && !head.some((line) => yaml.test(line));
}

/**
 * The Services, Nodes and Pods of `kubectl get -o wide`, as far as the table shows them
 * (pkg/printers/internalversion/printers.go). Endpoints and EndpointSlices are left out: a table shows
 * three addresses of the ones, and neither the Service nor the readiness of the others.
 */
export function objectTables(source: string): LineReader<readonly ClusterObject[]> {
  const objects: ClusterObject[] = [];
  const findings: Finding[] = [];
  const unread: SourceRange[] = [];
  let columns: readonly Column[] = [];
  let reader: RowReader | undefined;
  return {
    line(row, line) {
      const range = { source, line, start: 0, end: row.length };
      if (heading.test(row)) {
        columns = columnsOf(row);
        reader = readers.find(([own]) => columns.some(({ title }) => title === own))?.[1];
        const message = said(reader);
        findings.push({ severity: 'information', code: 'object-table', message, range });
        return;
      }
      // `$ kubectl get nodes -o wide` below the rows of another.
      if (isShellPrompt(row)) reader = undefined;
      if (!reader || row.trim() === '') return;
      const cells = cellsOf(row, columns);
      const metadata = cells && metadataOf(cells);
      const object = metadata && reader(cells, metadata);
      if (object) objects.push({ ...object, range });
      else unread.push(range);
    },
    end() {
      const [range] = unread;
      const message = l10n.t`Rows of a table of kubectl get that could not be read: ${unread.length}.`;
      if (range) findings.push({ severity: 'warning', code: 'bad-object', message, range });
      return { value: objects, findings };
    },
  };
}

function said(reader: RowReader | undefined): string {
  if (reader === serviceOf) {
    return l10n.t`These Services are of a table of kubectl get, which shows neither the names of ports and their targets nor policies and session affinity: kube-proxy's rules are not compared with them.`;
  }
  return reader
    ? l10n.t`These objects are of a table of kubectl get, which shows some of their fields only.`
    : l10n.t`A table of kubectl get that does not tell enough of each object to use it: ask for -o yaml.`;
}

/** Headings are parted by at least two blanks: `NOMINATED NODE` is one. */
function columnsOf(row: string): readonly Column[] {
  return [...row.matchAll(/\S+(?: \S+)*/g)].map(({ 0: title, index: start }) => ({ title, start }));
}

/** undefined where a cell does not begin below its heading: the blanks between were lost. */
function cellsOf(row: string, columns: readonly Column[]): Row | undefined {
  const cells = new Map<string, string>();
  for (const [i, { title, start }] of columns.entries()) {
    if (start > 0 && row.length > start && row[start - 1] !== ' ') return undefined;
    const cell = row.slice(start, columns[i + 1]?.start).trim();
    if (cell !== '' && cell !== '<none>') cells.set(title, cell);
  }
  return cells;
}

/** Without a column of namespaces it is the one that kubectl takes by itself. */
function metadataOf(row: Row): ObjectMeta | undefined {
  // `service/web` where several resources were asked for.
  const name = row.get('NAME')?.replace(/^[\w.]+\//, '');
  return name ? { name, namespace: row.get('NAMESPACE') ?? 'default', labels: {} } : undefined;
}

/** The column that only tables of this kind have. */
const readers: readonly (readonly [string, RowReader])[] = [
  ['CLUSTER-IP', serviceOf],
  ['ROLES', nodeOf],
  ['RESTARTS', podOf],
];

function serviceOf(row: Row, metadata: ObjectMeta): ServiceObject {
  const type = row.get('TYPE') ?? 'ClusterIP';
  const clusterIP = row.get('CLUSTER-IP');
  const external = listed(row.get('EXTERNAL-IP')).filter((one) => one !== '<pending>');
  const isName = type === 'ExternalName';
  // Of a load balancer the column has its addresses and spec.externalIPs together: it answers at all.
  const isBalanced = type === 'LoadBalancer';
  const ingress = external.map((one) => (/^[\d.]+$|:/.test(one) ? { ip: one } : { hostname: one }));
  return {
    kind: 'Service',
    metadata,
    fromTable: true,
    spec: {
      type,
      clusterIP,
      clusterIPs: clusterIP === undefined ? [] : [clusterIP],
      ports: listed(row.get('PORT(S)')).flatMap(portOf),
      selector: Object.fromEntries(
        listed(row.get('SELECTOR')).map((pair) => pair.split('=', 2) as [string, string]),
      ),
      externalIPs: isName || isBalanced ? [] : external,
      externalName: isName ? external[0] : undefined,
      loadBalancerSourceRanges: [],
      publishNotReadyAddresses: false,
    },
    status: { loadBalancer: { ingress: isBalanced ? ingress : [] } },
  };
}

/** `443:30443/TCP` */
function portOf(text: string): ServiceObject['spec']['ports'] {
  const [, port, nodePort, protocol] = /^(\d{1,5})(?::(\d{1,5}))?\/([A-Z]+)$/.exec(text) ?? [];
  if (port === undefined || protocol === undefined) return [];
  const node = nodePort === undefined ? undefined : Number(nodePort);
  return [{ name: '', protocol, port: Number(port), nodePort: node }];
}

function nodeOf(row: Row, { name }: ObjectMeta): NodeObject {
  const status = row.get('STATUS')?.split(',');
  const addresses = (['InternalIP', 'ExternalIP'] as const).flatMap((type) => {
    const address = row.get(type === 'InternalIP' ? 'INTERNAL-IP' : 'EXTERNAL-IP');
    return address === undefined ? [] : [{ type, address }];
  });
  return {
    kind: 'Node',
    metadata: { name, namespace: '', labels: {} },
    podCIDRs: [],
    addresses,
    kubeletVersion: row.get('VERSION'),
    kernelVersion: row.get('KERNEL-VERSION'),
    osImage: row.get('OS-IMAGE'),
    ready: status?.includes('Ready') ? true : status?.includes('NotReady') ? false : undefined,
  };
}

/** Whether a Pod is in its node's network, and why it is not ready, no table tells. */
function podOf(row: Row, metadata: ObjectMeta): PodObject | undefined {
  const [, ready, all] = /^(\d+)\/(\d+)$/.exec(row.get('READY') ?? '') ?? [];
  if (all === undefined) return undefined;
  const ip = row.get('IP');
  return {
    kind: 'Pod',
    metadata,
    nodeName: row.get('NODE'),
    hostNetwork: false,
    containers: [],
    phase: row.get('STATUS'),
    podIPs: ip === undefined ? [] : [ip],
    ready: ready === all && row.get('STATUS') === 'Running',
  };
}

function listed(cell: string | undefined): readonly string[] {
  return cell === undefined ? [] : cell.split(',').filter(Boolean);
}
