import * as vscode from 'vscode';
import { byName } from '../core/byName';
import { baseName } from '../syntax/dumps/recognize';
import { groupNodes } from '../syntax/node/nodeFolder';
import { rulesRank } from '../syntax/node/rulesRank';
import { kindOf } from '../syntax/dumps/kinds';
import { exists, fileNamesIn, foldersIn, isInFolder, lastPart, parentOf, pathOf } from './files';
import type { NodesOfFiles } from './nodesOfFiles';

/** A node whose dumps lie together with those of others, as one dump leads to it. */
export interface NodeOfDump {
  readonly name: string;
  /** The dump of the same name as the one asked with, else the one that tells most of Services. */
  readonly uri: vscode.Uri;
}

/** So many folders are looked into at a time. */
const atATime = 50;

/**
 * The nodes whose folders lie beside the dump's, by name; in a folder of several nodes' files
 * (`node-a-iptables-save.txt`, or as the user told them apart) those. A node may have been dumped by another backend or mode, so
 * that no file of its has the name asked with.
 */
export async function nodesBeside(
  uri: vscode.Uri,
  named: NodesOfFiles,
): Promise<readonly NodeOfDump[]> {
  if (!isInFolder(uri)) return [{ name: lastPart(uri), uri }];
  const folder = parentOf(uri);
  const flat = await nodesIn(folder, uri, named);
  if (flat.length > 1) return inOrder(flat);
  const folders = await foldersIn(parentOf(folder));
  const nodes: NodeOfDump[] = [];
  for (let start = 0; start < folders.length; start += atATime) {
    const some = folders.slice(start, start + atATime).map((beside) => nodeIn(beside, uri));
    nodes.push(...(await Promise.all(some)).flat());
  }
  return inOrder(nodes);
}

async function nodeIn(folder: vscode.Uri, asked: vscode.Uri): Promise<readonly NodeOfDump[]> {
  const name = lastPart(folder);
  if (folder.path === parentOf(asked).path) return [{ name, uri: asked }];
  const same = vscode.Uri.joinPath(folder, lastPart(asked));
  if (await exists(same)) return [{ name, uri: same }];
  const [best] = rulesFirst(await fileNamesIn(folder));
  return best === undefined ? [] : [{ name, uri: vscode.Uri.joinPath(folder, best) }];
}

/** The nodes whose files lie in one folder, told apart by the files' names or by the user. */
async function nodesIn(
  folder: vscode.Uri,
  asked: vscode.Uri,
  named: NodesOfFiles,
): Promise<readonly NodeOfDump[]> {
  const names = await fileNamesIn(folder);
  const given = (name: string) => named.nodeOf(pathOf(vscode.Uri.joinPath(folder, name)));
  const files = names.map((name) => ({ path: name, head: '', size: 1 }));
  const nodes = groupNodes(files, lastPart(folder), (name) => given(name)?.name);
  return nodes.flatMap((group): NodeOfDump[] => {
    const own = group.files.map(({ path }) => baseName(path));
    if (own.includes(lastPart(asked))) return [{ name: group.name, uri: asked }];
    const [best] = rulesFirst(own, (name) => kindOf(given(name)?.kind ?? 'unknown')?.services);
    return best === undefined ? [] : [{ name: group.name, uri: vscode.Uri.joinPath(folder, best) }];
  });
}

/** @param rankByKind of a file whose name tells no rank */
function rulesFirst(
  names: readonly string[],
  rankByKind: (name: string) => number | undefined = () => undefined,
): readonly string[] {
  return names
    .flatMap((name) => {
      const rank = rulesRank(name) ?? rankByKind(name);
      return rank === undefined ? [] : [{ name, rank }];
    })
    .sort((left, right) => left.rank - right.rank)
    .map(({ name }) => name);
}

function inOrder(nodes: readonly NodeOfDump[]): readonly NodeOfDump[] {
  return [...nodes].sort((a, b) => byName(a.name, b.name));
}
