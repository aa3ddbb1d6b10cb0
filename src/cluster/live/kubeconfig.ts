import * as l10n from '@vscode/l10n';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';
import { isRecord } from '../../core/record';
import { list } from '../../syntax/objects/fields';
import { ClusterError, errorText } from '../error';
import { loadYaml } from '../loadYaml';
import { readRegularFile } from './regularFile';

/** A named entry of a kubeconfig's list, as written, with paths made absolute. */
export type Entry = Readonly<Record<string, unknown>> & { readonly name: string };

/** What several kubeconfig files say together. */
export interface Kubeconfig {
  /** All files looked for, whether they exist or not: the ones to watch for changes. */
  readonly files: readonly string[];
  readonly current: string | undefined;
  readonly contexts: readonly Entry[];
  readonly clusters: readonly Entry[];
  readonly users: readonly Entry[];
  /** Files that could not be read, one sentence each. */
  readonly problems: readonly string[];
}

/**
 * The files that kubectl would read: the setting, else KUBECONFIG, else ~/.kube/config.
 *
 * @param setting one or several paths as in KUBECONFIG, `~` for the home folder; may be empty
 */
export function kubeconfigFiles(setting: string, env: NodeJS.ProcessEnv = process.env): string[] {
  const home = env['HOME'] ?? env['USERPROFILE'] ?? homedir();
  const list = setting.trim() || env['KUBECONFIG'] || join(home, '.kube', 'config');
  return list
    .split(delimiter)
    .filter((file) => file !== '')
    .map((file) => file.replace(/^~(?=[/\\]|$)/, home));
}

/**
 * Reads and merges kubeconfig files by kubectl's rules (client-go tools/clientcmd/loader.go): a
 * missing file is ignored, the first file that names an entry or the current context wins, paths
 * are relative to their file. client-node 1.4.0 does none of the three: it throws for a missing
 * file and for a name that occurs twice, and lets the last current-context win.
 *
 * @throws ClusterError no-kubeconfig when no file exists; bad-kubeconfig when none could be read
 */
export async function loadKubeconfig(files: readonly string[]): Promise<Kubeconfig> {
  const problems: string[] = [];
  const documents: { file: string; config: Record<string, unknown> }[] = [];
  for (const file of files) {
    try {
      const config = parse((await readRegularFile(file)).toString('utf8'));
      if (config) documents.push({ file, config });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      const [message = ''] = errorText(error).split('\n');
      problems.push(`${file}: ${message}.`);
    }
  }
  if (documents.length === 0) {
    if (problems.length > 0) throw new ClusterError('bad-kubeconfig', problems.join(' '));
    throw new ClusterError('no-kubeconfig', l10n.t`Looked for ${files.join(l10n.t(', '))}.`);
  }
  const merged = (key: string) => {
    const byName = new Map<string, Entry>();
    for (const { file, config } of documents) {
      for (const entry of entries(config[key])) {
        if (!byName.has(entry.name)) byName.set(entry.name, absolute(entry, dirname(file)));
      }
    }
    return [...byName.values()];
  };
  const current = documents.map(({ config }) => config['current-context']).find(isName);
  return {
    files,
    current,
    contexts: merged('contexts'),
    clusters: merged('clusters'),
    users: merged('users'),
    problems,
  };
}

/** The same as long as a context, its cluster and its user say the same. */
export function contextFingerprint(
  { contexts, clusters, users }: Kubeconfig,
  name: string,
): string {
  const entry = (list: readonly Entry[], wanted: unknown) =>
    list.find((candidate) => candidate.name === wanted);
  const context = entry(contexts, name);
  const names = (context?.['context'] ?? {}) as Readonly<Record<string, unknown>>;
  return JSON.stringify([context, entry(clusters, names['cluster']), entry(users, names['user'])]);
}

function parse(text: string): Record<string, unknown> | undefined {
  const config = loadYaml(text);
  // An empty file is no error to kubectl.
  if (config === null || config === undefined) return undefined;
  if (typeof config !== 'object') throw new Error(l10n.t`not a kubeconfig, not even a YAML map`);
  return config as Record<string, unknown>;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function entries(value: unknown): readonly Entry[] {
  return list(value).filter((entry): entry is Entry => isRecord(entry) && isName(entry['name']));
}

const pathKeys = new Set([
  'certificate-authority',
  'client-certificate',
  'client-key',
  'tokenFile',
]);

/** Makes the paths of a cluster or user absolute; an exec command only if it holds a separator. */
function absolute(entry: Entry, folder: string): Entry {
  const resolve = (value: unknown, key: string): unknown => {
    if (typeof value !== 'string' || value === '' || isAbsolute(value)) return value;
    if (pathKeys.has(key)) return join(folder, value);
    return key === 'command' && basename(value) !== value ? join(folder, value) : value;
  };
  const deep = (value: unknown, depth: number): unknown => {
    if (depth === 0 || !isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, deep(resolve(inner, key), depth - 1)]),
    );
  };
  // users[].user.exec.command is the deepest path.
  return deep(entry, 3) as Entry;
}
