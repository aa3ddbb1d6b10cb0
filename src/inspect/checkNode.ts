import { dirname, join } from 'node:path';
import { checkNode } from '../core/findings/checkNode';
import { bySeverity, movedFinding, type Finding } from '../core/finding';
import type { NodeState } from '../core/node';
import type { IndexedObjects } from '../core/objects/types';
import type { SourceRange } from '../core/source';
import { finish } from '../core/work';
import type { NodeReading } from '../syntax/node/readNode';
import type { Pasted } from '../syntax/pasted/pasted';
import { readFiles, readNodeFolder, readSession, type NodeFiles } from './nodeFiles';
import { objectsNear, readObjectsFolder } from './objectsFolder';
import { rulesetFindings } from './rulesetFindings';

/** A finding, and the name of the node that it is about. */
export interface NodeFinding extends Finding {
  readonly node?: string;
}

/** What is wrong with one node, its ranges as paths from where the command runs. */
export interface NodeReport {
  readonly folder: string;
  readonly findings: readonly NodeFinding[];
  /** What no dump tells, so that nothing could be looked for in it: a sentence each. */
  readonly missing: readonly string[];
  /** Files of no known kind. */
  readonly unread: readonly string[];
}

/**
 * Reads a folder of one node's dumps, with the cluster's objects where they lie near, and looks for
 * all that may be wrong.
 *
 * @param objectsFolder instead of the folder `objects` beside or above the node's
 * @throws Error with a message for the user
 */
export async function checkNodeFolder(folder: string, objectsFolder?: string): Promise<NodeReport> {
  return reportOf(await readNodeFolder(folder), folder, folder, objectsFolder);
}

/**
 * The same of one of the nodes whose files lie in one folder, or whose dumps are in one text.
 *
 * @param path what names it: `FOLDER/NODE`, `FILE/NODE`
 */
export async function checkNodeFiles(
  path: string,
  files: NodeFiles,
  objectsFolder?: string,
): Promise<NodeReport> {
  return reportOf(await readFiles(files), path, dirname(path), objectsFolder);
}

/**
 * The same of one text that holds the outputs of several commands.
 *
 * @throws Error with a message for the user when the objects can't be read
 */
export async function checkSession(
  file: string,
  pasted: Pasted,
  objectsFolder?: string,
): Promise<NodeReport> {
  return reportOf(await readSession(file, pasted), file, dirname(file), objectsFolder);
}

/** @param at the folder that the dumps lie in */
async function reportOf(
  reading: NodeReading,
  folder: string,
  at: string,
  objectsFolder: string | undefined,
): Promise<NodeReport> {
  const near = objectsFolder ?? (await objectsNear(folder));
  const objects = near === undefined ? undefined : await readObjectsFolder(near);
  return {
    folder,
    findings: nodeFindings(reading, at, objects),
    missing: missingOf(reading.state),
    unread: reading.unread,
  };
}

/** Sentences of what no dump of the node tells. */
export function missingOf({ missing = [] }: NodeState): readonly string[] {
  return missing.map(({ reason }) => reason);
}

/** All that may be wrong with a node; a dump's name in a range becomes a path below `folder`. */
export function nodeFindings(
  { state, rulesets, original }: NodeReading,
  folder: string,
  objects: IndexedObjects | undefined,
): readonly NodeFinding[] {
  const place = (placed: SourceRange): SourceRange => {
    const range = original(placed);
    const { source } = range;
    return source.includes('/') ? range : { ...range, source: join(folder, source) };
  };
  const found = finish(checkNode(state, { objects }));
  return withOthers(found, [...rulesets.values()].flat().flatMap(rulesetFindings)).map(
    (finding) => ({
      node: state.name,
      ...movedFinding(finding, place),
    }),
  );
}

/** With what is wrong with single rules: the checks of the node have not all of it. */
export function withOthers<T extends Finding>(
  findings: readonly T[],
  others: readonly T[],
): readonly T[] {
  const key = ({ code, range }: Finding) => `${code} ${range.source}:${range.line}:${range.start}`;
  const known = new Set(findings.map(key));
  return [...findings, ...others.filter((one) => !known.has(key(one)))].sort(bySeverity);
}
