import type { Cluster, Dump, DumpProblem, NodeDumps } from '../../cluster/cluster';
import { byName } from '../../core/byName';
import type { Finding } from '../../core/finding';
import { modeContradiction, modeOf } from '../../core/kubeproxy/mode/judge';
import { formatReleases, type ReleaseRange } from '../../core/kubeproxy/release/sign';
import type { NodeState } from '../../core/node';
import type { NodeObject } from '../../core/objects/types';
import { fileName } from '../../core/source';
import { dumpNodes } from './dumps';
import { faultCount } from '../../workspace/findings/faultCount';
import { distinct, faultRows } from './findings';
import type { TreeNode, TreeWorld } from './node';
import { inPages } from './pages';
import { emptyNode, partialNode, remarkNodes } from './states';
import { list } from '../../core/list';

/** "Nodes": each with the dumps that were taken from it. */
export function nodesNode(world: TreeWorld, cluster: Cluster): TreeNode {
  const id = `${cluster.id}/nodes`;
  const faults = distinct([...(world.clusterFindings(cluster)?.nodes.values() ?? [])].flat());
  return {
    id,
    label: world.l10n.t('Nodes'),
    icon: 'server',
    contextValue: 'nodes',
    open: true,
    faults,
    children: async (signal) => {
      const listed = await cluster.list('nodes', { signal });
      const all = [...listed.items].sort((a, b) => byName(a.metadata.name, b.metadata.name));
      const shown = all.filter(({ metadata }) =>
        metadata.name.toLowerCase().includes(world.filter),
      );
      // A filter is more often for a Service: then the nodes all stay.
      const nodes = shown.length > 0 ? shown : all;
      return [
        ...faultRows(world, id, faults, { kind: 'cluster', cluster }),
        ...remarkNodes(world, id, listed),
        ...(nodes.length === 0 ? [emptyNode(id, world.l10n.t('No Nodes'))] : []),
        ...inPages(
          id,
          nodes.map((node) => nodeNode(world, cluster, node)),
        ),
      ];
    },
  };
}

function nodeNode(world: TreeWorld, cluster: Cluster, object: NodeObject): TreeNode {
  const { name } = object.metadata;
  const { l10n } = world;
  const id = `${cluster.id}/node/${name}`;
  const held = cluster.heldDumps(name);
  const notReady = object.ready === false;
  const faults = world.clusterFindings(cluster)?.nodes.get(name) ?? [];
  const broken = faults.some(({ severity }) => severity === 'error');
  return {
    id,
    label: name,
    description: [
      faults.length > 0 ? faultCount(world, faults.length) : undefined,
      notReady ? l10n.t('not ready') : undefined,
      object.kubeletVersion,
      held && age(world, cluster, held),
    ]
      .filter((part) => part)
      .join(' · '),
    tooltip: [name, object.osImage, object.kernelVersion, held && podText(world, held)]
      .filter((line) => line)
      .join('\n'),
    icon: broken ? 'error' : notReady || faults.length > 0 ? 'warning' : 'vm',
    color: broken
      ? 'list.errorForeground'
      : notReady || faults.length > 0
        ? 'list.warningForeground'
        : undefined,
    faults,
    contextValue: 'node',
    target: { kind: 'node', cluster, node: name },
    open: false,
    children: async () => {
      const dumps = await world.fetchDumps(cluster, name);
      const state = await world.nodeState(dumps);
      return [
        ...(dumps.partial === undefined ? [] : [partialNode(world, id, dumps.partial)]),
        await modeNode(world, `${id}/mode`, dumps, state),
        ...contradictionNodes(world, id, state),
        await findingsNode(world, cluster, name, dumps),
        ...dumpNodes(world, cluster, dumps, state),
      ];
    },
  };
}

async function modeNode(
  world: TreeWorld,
  id: string,
  dumps: NodeDumps,
  state: NodeState,
): Promise<TreeNode> {
  const { l10n } = world;
  const { mode, certainty, signs, candidates } = modeOf(state);
  const release = await world.nodeRelease(state);
  const label =
    mode === undefined
      ? candidates.length > 1
        ? l10n.t("kube-proxy's mode is unknown: traces of {0}", list(candidates, 'row'))
        : l10n.t("kube-proxy's mode is unknown")
      : certainty === 'certain'
        ? l10n.t('kube-proxy in {0} mode', mode)
        : l10n.t('kube-proxy in {0} mode (likely)', mode);
  const source = mode && signs[0]?.range.source;
  return {
    id,
    label,
    description: [release && formatReleases(release), source, podText(world, dumps)]
      .filter((part) => part)
      .join(' · '),
    tooltip: release && releaseText(world, release),
    icon: 'info',
    contextValue: 'mode',
  };
}

/** What kube-proxy was told beside what its rules are, where they differ: a roll-out is under way. */
function contradictionNodes(
  { l10n }: TreeWorld,
  parent: string,
  state: NodeState,
): readonly TreeNode[] {
  const seen = modeContradiction(state);
  if (!seen) return [];
  const { said, inForce } = seen;
  const description = l10n.t('the rules in force are of {0} mode', inForce.mode);
  const label = l10n.t('{0} says {1} mode', fileName(said.range.source), said.mode);
  return [
    {
      id: `${parent}/contradiction`,
      label,
      description,
      tooltip: `${label}: ${description}`,
      icon: 'warning',
      color: 'list.warningForeground',
      contextValue: 'mode-contradiction',
    },
  ];
}

function releaseText({ l10n }: TreeWorld, release: ReleaseRange): string {
  const releases = l10n.t('Rules of kube-proxy {0}', formatReleases(release));
  return [releases, ...release.signs.map(({ text }) => text)].join('\n');
}

/** Whether a dump ends before its end: what is behind it was not looked at. */
function isCut({ problem }: Dump): boolean {
  return problem !== undefined && cutShort.has(problem.kind);
}

const cutShort: ReadonlySet<DumpProblem['kind']> = new Set<DumpProblem['kind']>([
  'incomplete',
  'no-status',
  'cut',
  'timeout',
  'too-large',
  'binary',
  'cancelled',
]);

/** `2 errors, 1 warning`: the way to the page that tells all. */
async function findingsNode(
  world: TreeWorld,
  cluster: Cluster,
  node: string,
  dumps: NodeDumps,
): Promise<TreeNode> {
  const { l10n } = world;
  const findings = await world.nodeFindings(cluster, dumps);
  const count = (severity: Finding['severity']) =>
    findings.filter((one) => one.severity === severity).length;
  const [errors, warnings, notes] = [count('error'), count('warning'), count('information')];
  const worst = errors > 0 ? 'error' : warnings > 0 ? 'warning' : 'pass';
  return {
    id: `${cluster.id}/node/${node}/findings`,
    label:
      errors + warnings === 0
        ? dumps.partial !== undefined || dumps.dumps.some(isCut)
          ? l10n.t('Nothing wrong is seen; the dumps are not whole')
          : l10n.t('Nothing wrong is seen')
        : l10n.t('Errors: {0}, warnings: {1}', errors, warnings),
    description: notes === 0 ? undefined : l10n.t('notes: {0}', notes),
    tooltip: findings
      .slice(0, 5)
      .map(({ message }) => message)
      .join('\n'),
    icon: worst,
    color:
      errors > 0 ? 'list.errorForeground' : warnings > 0 ? 'list.warningForeground' : undefined,
    contextValue: 'findings',
    target: { kind: 'node', cluster, node },
    command: {
      id: 'kubeProxyInspector.explorer.whatIsWrong',
      title: l10n.t('What Is Wrong Here?'),
    },
  };
}

function podText({ l10n }: TreeWorld, { pod }: NodeDumps): string | undefined {
  return pod && l10n.t('from pod {0}/{1}', pod.namespace, pod.name);
}

/** Rules change all the time, and an old dump misleads. A snapshot is old by nature. */
function age(
  { l10n, now }: TreeWorld,
  { offline }: Cluster,
  { captured }: NodeDumps,
): string | undefined {
  if (captured === undefined) return undefined;
  const minutes = Math.floor((now() - Date.parse(captured)) / 60_000);
  const time = captured.slice(0, 16).replace('T', ' ');
  if (offline || minutes >= 48 * 60) return l10n.t('captured {0}', time);
  if (minutes < 1) return l10n.t('just captured');
  if (minutes < 120) return l10n.t('stale since {0} min', minutes);
  return l10n.t('stale since {0} h', Math.floor(minutes / 60));
}
