import { isAbsolute, join, relative, resolve } from 'node:path';
import { capturedObjects } from '../cluster/capturedObjects';
import type { BundleReport, Dump } from '../cluster/cluster';
import { ClusterError } from '../cluster/error';
import { openSnapshot } from '../cluster/snapshot/snapshot';
import { movedFinding } from '../core/finding';
import { finish } from '../core/work';
import type { SourceRange } from '../core/source';
import { dumpKind, headLength } from '../syntax/dumps/recognize';
import { kindOf } from '../syntax/dumps/kinds';
import { pastedOnce } from '../syntax/pasted/pasted';
import { rulesetsOfText } from '../syntax/iptables/ruleset/ruleset';
import { rulesetText } from './checkFile';
import { nodeText, type Report } from './checkReport';
import { missingOf, nodeFindings, withOthers, type NodeFinding } from './checkNode';
import { nodesAtTop } from './nodeFiles';
import { nodeParser } from './nodeParser';
import { bundleAt, nodeNamed, nodesOf, readDumps, type BundlePath } from './nodeOfBundle';
import { readObjectsFolder } from './objectsFolder';
import { rulesetFindings } from './rulesetFindings';

/**
 * What a bundle holds, what is missing, and what is wrong with each of its nodes.
 *
 * @param path of an archive, a folder of several nodes or in a collector's layout, or `ARCHIVE/NODE`
 * @param objectsFolder instead of the objects that are in it
 * @returns undefined for what is none of these: a dump, a folder of one node's dumps
 */
export async function checkBundle(
  path: string,
  objectsFolder?: string,
): Promise<Report | undefined> {
  const at = await bundleAt(path);
  if (!at) return undefined;
  const cluster = openSnapshot(resolve(at.path));
  try {
    const { bundle, version } = await cluster.info();
    if (!bundle && (await nodesAtTop(at.path)).length === 1) return undefined;
    const title = bundle?.title ?? 'Snapshot';
    const lines = [
      `${at.path}: ${title}${version === undefined ? '' : `, ${version}`}`,
      ...(bundle ? reportLines(bundle) : []),
    ];
    const objects =
      objectsFolder === undefined
        ? await capturedObjects(cluster)
        : await readObjectsFolder(objectsFolder);
    const findings: NodeFinding[] = [];
    const nodes = await nodesOf(cluster);
    if (!bundle && nodes.length === 0) return undefined;
    const named = nodeNamed(at, nodes);
    for (const node of named ? [named] : nodes) {
      const folder = join(at.path, node.node);
      const own: NodeFinding[] = [];
      const reading = await readDumps(node);
      lines.push(`node ${node.node}`);
      for (const dump of node.dumps) {
        lines.push(`  ${dump.name}${dump.problem ? `: ${dump.problem.message}` : ''}`);
        const file = join(folder, dump.name);
        const read = reading.rulesets.get(dump.name);
        const passed = read ? undefined : await passedOver(dump, file);
        for (const ruleset of read ?? passed?.rulesets ?? [])
          lines.push(...rulesetText(file, ruleset).map((line) => `  ${line}`));
        for (const one of passed?.findings ?? []) own.push({ ...one, node: node.node });
      }
      const found = withOthers(insideOf(at, nodeFindings(reading, folder, objects)), own);
      lines.push(
        ...nodeText({
          folder,
          findings: found,
          missing: missingOf(reading.state),
          unread: reading.unread,
        }),
      );
      for (const one of found) findings.push(one);
    }
    const { items: services, partial } = await cluster.list('services');
    lines.push(`${services.length} Services${partial === undefined ? '' : `: ${partial}`}`);
    const failed = findings.some(({ severity }) => severity === 'error');
    return { lines, findings, failed };
  } catch (error) {
    // Of a folder its own check says why.
    if (error instanceof ClusterError && at.isFolder) return undefined;
    if (!(error instanceof Error)) throw error;
    return { lines: [error.message], findings: [], failed: true, problem: true };
  } finally {
    cluster.dispose();
  }
}

function reportLines({ present, missing, ask, notes }: BundleReport): string[] {
  return [
    `  there: ${present.join(', ') || 'nothing of a node'}`,
    ...(missing.length > 0 ? [`  missing for a full answer: ${missing.join(', ')}`] : []),
    ...(ask === undefined ? [] : [`  to ask the sender for, as root on a node: ${ask}`]),
    ...notes.map((note) => `  ${note}`),
  ];
}

/** Objects are named by absolute paths: as below the bundle's as it was typed. */
function insideOf({ path }: BundlePath, findings: readonly NodeFinding[]): readonly NodeFinding[] {
  const place = (range: SourceRange): SourceRange =>
    isAbsolute(range.source)
      ? { ...range, source: join(path, relative(resolve(path), range.source)) }
      : range;
  return findings.map((finding) => movedFinding(finding, place));
}

/**
 * The rules of a dump that count for nothing on its node: it is incomplete, or another one holds the same;
 * undefined for dumps that are no rules of iptables.
 */
async function passedOver(dump: Dump, file: string) {
  if (dump.bytes === 0 || dump.problem?.kind === 'refused') return undefined;
  const { text, original } = finish(pastedOnce(await dump.read()));
  const kind = kindOf(dumpKind(dump.name, text.slice(0, headLength)));
  if (kind?.part !== 'rules') return undefined;
  const rulesets = rulesetsOfText(file, text, await nodeParser());
  const findings = rulesets.flatMap(rulesetFindings).map((one) => movedFinding(one, original));
  return { rulesets, findings };
}
