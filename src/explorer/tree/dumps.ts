import type { Cluster, Dump, NodeDumps } from '../../cluster/cluster';
import { beginningWithoutSecrets, withoutSecrets } from '../../cluster/secrets/secrets';
import type { NodeState } from '../../core/node';
import { absencesOf, type Absence } from './absences';
import type { TreeNode, TreeWorld } from './node';
import { list } from '../../core/list';

/**
 * The dumps of a node. What its image, mode or kernel does not have by nature is one line at the end,
 * which opens; what really lacks is a warning of its own.
 */
export function dumpNodes(
  world: TreeWorld,
  cluster: Cluster,
  { node, dumps }: NodeDumps,
  state: NodeState,
): readonly TreeNode[] {
  const absences = absencesOf(world, dumps, state);
  const quiet = absences.filter(({ weight }) => weight === 'expected');
  const lacking = new Map(absences.map((one) => [one.dump, one]));
  const hidden = new Set(quiet.map(({ dump }) => dump));
  const shown = dumps.filter((dump) => !hidden.has(dump));
  return [
    ...shown.map((dump) => dumpNode(world, cluster, node, dump, lacking.get(dump))),
    ...(quiet.length === 0 ? [] : [quietNode(world, cluster, node, quiet)]),
  ];
}

/** `9 commands give nothing on this node`, with what each of them would add. */
function quietNode(
  world: TreeWorld,
  cluster: Cluster,
  node: string,
  absences: readonly Absence[],
): TreeNode {
  const { l10n } = world;
  const programs = [...new Set(absences.map(({ dump }) => dump.command?.[0] ?? dump.name))];
  return {
    id: `${cluster.id}/node/${node}/absent`,
    label:
      absences.length === 1
        ? l10n.t('1 command gives nothing on this node')
        : l10n.t('{0} commands give nothing on this node', absences.length),
    description: l10n.t('as is normal for its image and mode: {0}', list(programs, 'row')),
    tooltip: absences
      .map(({ dump, text }) => `${dump.command?.join(' ') ?? dump.name}: ${text}`)
      .join('\n'),
    icon: 'circle-slash',
    contextValue: 'absent',
    open: false,
    children: () =>
      Promise.resolve(
        absences.map(({ dump, text }) => ({
          ...dumpNode(world, cluster, node, dump),
          description: l10n.t('would add: {0}', text),
          icon: 'circle-slash',
          color: undefined,
        })),
      ),
  };
}

function dumpNode(
  { l10n }: TreeWorld,
  cluster: Cluster,
  node: string,
  dump: Dump,
  absence?: Absence,
): TreeNode {
  const { name, problem, bytes, captured, command, stderr } = dump;
  const warns = problem !== undefined && absence?.weight !== 'open';
  const kilobytes = bytes < 1024 ? `${bytes} B` : `${Math.round(bytes / 1024)} KiB`;
  const empty = bytes === 0 && !problem ? l10n.t('empty') : kilobytes;
  const time = captured?.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
  return {
    id: `${cluster.id}/node/${node}/${name}`,
    label: name,
    description: [
      problem ? withoutSecrets(problem.message) : empty,
      absence?.text && l10n.t('Not known: {0}.', absence.text),
    ]
      .filter((part) => part)
      .join(' '),
    // Of a snapshot somebody else wrote these.
    tooltip: [
      ...[command?.join(' '), time, problem?.message].map((line) => withoutSecrets(line ?? '')),
      beginningWithoutSecrets(stderr.trim(), 500),
    ]
      .filter((line) => line)
      .join('\n'),
    icon: !problem ? 'file-code' : warns ? 'warning' : 'question',
    color: warns ? 'list.warningForeground' : undefined,
    contextValue: bytes > 0 ? 'dump' : 'dump-empty',
    target: { kind: 'dump', cluster, node, dump },
    command:
      bytes > 0 ? { id: 'kubeProxyInspector.openDump', title: l10n.t('Open Dump') } : undefined,
  };
}
