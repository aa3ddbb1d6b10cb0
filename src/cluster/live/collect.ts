import * as l10n from '@vscode/l10n';
import { fields, text } from '../../syntax/objects/fields';
import { incompleteness, isIptablesSave } from '../completeness';
import type { Dump, NodeDumps, PodReference } from '../cluster';
import { ClusterError, isCancelled } from '../error';
import { wholeLines } from '../pieces';
import { missingTable, tablesOf, type DumpTables } from '../tables';
import { dumpCommands, type DumpCommand } from './commands';
import { exec } from './exec';
import type { ExecResult } from './execOutcome';
import { requestJson, type Api } from './request';
import type { LiveSettings } from './settings';

export interface CollectOptions {
  readonly signal?: AbortSignal | undefined;
  /** The node's dumps before. */
  readonly earlier?: NodeDumps | undefined;
  readonly onProgress?: ((step: string) => void) | undefined;
}

/**
 * Runs all commands in one pod, one after the other: a node's dumps belong to nearly the same
 * moment, and a node in trouble is not pressed. A command that fails leaves its problem in its
 * dump; a pod that can't be reached ends the collection with what there is.
 *
 * @throws ClusterError when not one command could run
 */
export async function collectNode(
  api: Api,
  node: string,
  pod: PodReference,
  settings: LiveSettings,
  { signal, earlier, onProgress }: CollectOptions,
): Promise<NodeDumps> {
  const dumps = new Map<string, Dump>();
  let partial: string | undefined;
  for (const command of dumpCommands) {
    if (!needed(command, dumps)) continue;
    onProgress?.(`${node}: ${command.argv.join(' ')}`);
    try {
      const before = earlier?.dumps.find(({ name }) => name === command.dump);
      dumps.set(command.dump, await runCommand(api, pod, command, settings, signal, before));
    } catch (error) {
      if (dumps.size === 0 || !(error instanceof ClusterError)) throw error;
      partial = isCancelled(error)
        ? l10n.t`Cancelled: the commands after this were not run.`
        : l10n.t`Ended before ${command.argv.join(' ')}: ${error.message}`;
      break;
    }
  }
  const all = [...dumps.values()].filter(({ name, problem }) => !problem || !quiet.has(name));
  return { node, captured: all[0]?.captured, pod, dumps: all, partial };
}

const quiet = new Set(dumpCommands.flatMap(({ quiet, dump }) => (quiet ? [dump] : [])));

/** A fallback runs when nothing it stands in for could be had. */
function needed({ insteadOf }: DumpCommand, dumps: ReadonlyMap<string, Dump>): boolean {
  if (!insteadOf) return true;
  return insteadOf.every((name) => dumps.get(name)?.problem?.kind === 'missing-binary');
}

async function runCommand(
  api: Api,
  pod: PodReference,
  { dump: name, argv, lenient, timeout: longer = 0 }: DumpCommand,
  settings: LiveSettings,
  signal: AbortSignal | undefined,
  before: Dump | undefined,
): Promise<Dump> {
  const captured = new Date().toISOString();
  const { commandTimeout, byteLimit } = settings;
  const timeout = Math.max(commandTimeout, longer);
  const result = await exec(api, { pod, command: argv, signal, timeout, byteLimit });
  throwIfUnreachable(result);
  const forgiven = lenient && result.problem?.kind === 'exit-code' && result.bytes > 0;
  return liveDump(
    name,
    argv,
    captured,
    forgiven ? { ...result, problem: undefined } : result,
    before,
  );
}

/**
 * A kubelet without ExtendWebSocketsToKubelet is asked only after the upgrade, so that the API
 * server's word on a node that is away comes as the status of a command: `error sending request:
 * Post "https://...": dial tcp 10.0.0.5:10250: i/o timeout`.
 */
function throwIfUnreachable({ problem, bytes }: ExecResult): void {
  if (problem?.kind !== 'refused' || bytes > 0) return;
  if (!/error (?:sending request|dialing backend)|dial tcp/.test(problem.message)) return;
  throw new ClusterError(
    'unreachable',
    l10n.t`The node's kubelet can't be reached: ${problem.message}`,
  );
}

/** Of the dumps that are held; to compare them with the next ones without reading them again. */
const tablesBefore = new WeakMap<Dump, DumpTables>();

async function liveDump(
  name: string,
  command: readonly string[],
  captured: string,
  { parts, bytes, stderr, exitCode, problem }: ExecResult,
  before: Dump | undefined,
): Promise<Dump> {
  let joined: string | undefined;
  const read = () => (joined ??= parts.join(''));
  const tables = isIptablesSave(name) ? await tablesOf(wholeLines(parts)) : undefined;
  const names = before && tablesBefore.get(before)?.names;
  const earlier = names && { names, captured: before?.captured };
  const dump: Dump = {
    name,
    command,
    captured,
    bytes,
    stderr,
    exitCode,
    problem:
      problem ??
      incompleteness(name, parts.slice(-4).join(''), read) ??
      (tables && missingTable(tables, earlier)),
    read: () => Promise.resolve(read()),
    pieces: () => wholeLines(parts),
  };
  if (tables) tablesBefore.set(dump, tables);
  return dump;
}

/** kube-proxy's configuration where kubeadm puts it; undefined where it is elsewhere or not readable. */
export async function proxyConfiguration(
  api: Api,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const namespace = 'kube-system';
  try {
    const configMap = await requestJson(api, {
      path: `/api/v1/namespaces/${namespace}/configmaps/kube-proxy`,
      right: { verb: 'get', resource: 'configmaps', namespace },
      signal,
    });
    return text(fields(fields(configMap)['data'])['config.conf']);
  } catch (error) {
    if (isCancelled(error) || !(error instanceof ClusterError)) throw error;
    return undefined;
  }
}

/** A text that no command printed, as a dump beside the others. */
export function textDump(name: string, text: string): Dump {
  return {
    name,
    captured: new Date().toISOString(),
    bytes: Buffer.byteLength(text),
    stderr: '',
    read: () => Promise.resolve(text),
    pieces: () => wholeLines([text]),
  };
}
