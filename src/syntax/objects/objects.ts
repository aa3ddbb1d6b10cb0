import * as l10n from '@vscode/l10n';
import type { YAMLException } from 'js-yaml';
import { sortObjects } from '../../core/objects/types';
import type { ClusterObject, ClusterObjects } from '../../core/objects/types';
import type { Finding } from '../../core/finding';
import { finish, finishWith, mapInPieces, type Work } from '../../core/work';
import { parseLinesInSlices, type Parsed } from '../lines';
import { yamlPieces } from './documents';
import { fields, list, text as textOf } from './fields';
import { readObject, type LoadYaml } from './readObject';
import { isObjectTable, objectTables } from './tables';

/**
 * Reads Kubernetes objects: `kubectl get ... -o yaml` or `-o json`, lists, several documents in one
 * file, and what tables of `kubectl get` tell. Objects of other kinds are left out silently; Secrets are never read.
 *
 * @param pause awaited now and then, so that a large file does not block
 */
export async function parseObjects(
  text: string,
  source: string,
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<Parsed<ClusterObjects>> {
  if (isObjectTable(text)) {
    const { value, findings } = await parseLinesInSlices(text, objectTables(source), pause);
    return { value: sortObjects(value), findings };
  }
  const findings: Finding[] = [];
  const yaml = await import('js-yaml');
  const load = (own: string) => yaml.load(own, { schema: yaml.CORE_SCHEMA });
  if (/^\s*[[{]/.test(text)) {
    const read = readJson(text, source, findings);
    await pause();
    const objects = await finishWith(objectsIn(read, load), pause);
    return { value: sortObjects(objects), findings };
  }
  const objects: ClusterObject[] = [];
  let count = 0;
  for (const found of yamlObjects(text, source, load, findings)) {
    for (const object of found) objects.push(object);
    if (++count % 50 === 0) await pause();
  }
  return { value: sortObjects(objects), findings };
}

/** The objects of a YAML text, a piece of it at a time. */
function* yamlObjects(
  text: string,
  source: string,
  load: LoadYaml,
  findings: Finding[],
): Generator<readonly ClusterObject[]> {
  const placed = (object: ClusterObject, line: number): ClusterObject => ({
    ...object,
    range: { source, line, start: 0, end: 0 },
  });
  /** Items whose kind only the list around them can tell. */
  const waiting: { readonly value: unknown; readonly line: number }[] = [];
  for (const { role, text: own, line } of yamlPieces(text)) {
    const value = readYaml(own, load, { source, line, findings });
    const kind = textOf(fields(value)['kind']);
    if (role === 'item' && fields(value)['kind'] === undefined) {
      waiting.push({ value, line });
      yield [];
      continue;
    }
    yield finish(objectsIn(value, load)).map((object) => placed(object, line));
    if (role !== 'list') continue;
    yield waiting.splice(0).flatMap((item) => {
      const object = readObject(item.value, kind, load);
      return object ? [placed(object, item.line)] : [];
    });
  }
}

/** The objects of a document: itself, or its items. Lists in lists are none, and may hold themselves. */
function* objectsIn(value: unknown, load: LoadYaml): Work<ClusterObject[]> {
  const documents: readonly unknown[] = Array.isArray(value) ? value : [value];
  const items = documents.flatMap((document) => (Array.isArray(document) ? [] : itemsOf(document)));
  const read = yield* mapInPieces(items, ({ item, kind }) => readObject(item, kind, load));
  return read.filter((object) => object !== undefined);
}

/** Of a list what is in it, with the list's kind. */
function itemsOf(document: unknown): { readonly item: unknown; readonly kind?: string }[] {
  const kind = textOf(fields(document)['kind']);
  if (kind?.endsWith('List') !== true) return [{ item: document }];
  return list(fields(document)['items']).map((item) => ({ item, kind }));
}

function readJson(text: string, source: string, findings: Finding[]): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const message = l10n.t`This JSON ends in the middle or is broken: none of its objects could be read.`;
    findings.push(problem(message, source, 0));
    return undefined;
  }
}

/** @param at where the text begins, and what is said of a broken one */
function readYaml(
  text: string,
  load: LoadYaml,
  at: { readonly source: string; readonly line: number; readonly findings: Finding[] },
): unknown {
  try {
    return load(text);
  } catch (error) {
    const { reason = String(error), mark } = error as Partial<YAMLException>;
    const message = l10n.t`This object could not be read as YAML, it is left out: ${reason}.`;
    at.findings.push(problem(message, at.source, at.line + (mark?.line ?? 0)));
    return undefined;
  }
}

function problem(message: string, source: string, line: number): Finding {
  const range = { source, line, start: 0, end: 0 };
  return { severity: 'error', code: 'bad-object', message, range };
}
