import * as l10n from '@vscode/l10n';
import type * as Yaml from 'js-yaml';
import { sortObjects } from '../../core/objects/types';
import type { ClusterObject, ClusterObjects } from '../../core/objects/types';
import type { Finding } from '../../core/finding';
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
  const objects: ClusterObject[] = [];
  const yaml = await import('js-yaml');
  const load = (own: string) => yaml.load(own, { schema: yaml.CORE_SCHEMA });
  if (/^\s*[[{]/.test(text)) {
    const value = readJson(text, source, findings);
    for (const object of objectsIn(value, load)) objects.push(object);
  } else {
    /** Items whose kind only the list around them can tell. */
    const waiting: { readonly value: unknown; readonly line: number }[] = [];
    let count = 0;
    for (const piece of yamlPieces(text)) {
      if (++count % 50 === 0) await pause();
      const value = readYaml(yaml, piece.text, source, piece.line, findings);
      if (piece.role === 'item' && fields(value)['kind'] === undefined) {
        waiting.push({ value, line: piece.line });
        continue;
      }
      const kind = textOf(fields(value)['kind']);
      const found = objectsIn(value, load).map((object) => placed(object, source, piece.line));
      if (piece.role === 'list') {
        for (const item of waiting.splice(0)) {
          const object = readObject(item.value, kind, load);
          if (object) found.push(placed(object, source, item.line));
        }
      }
      for (const object of found) objects.push(object);
    }
  }
  return { value: sortObjects(objects), findings };
}

function placed(object: ClusterObject, source: string, line: number): ClusterObject {
  return { ...object, range: { source, line, start: 0, end: 0 } };
}

/** The objects of a document: itself, or its items. Lists in lists are none, and may hold themselves. */
function objectsIn(value: unknown, load: LoadYaml): ClusterObject[] {
  if (!Array.isArray(value)) return objectsOf(value, load);
  return value.flatMap((item) => (Array.isArray(item) ? [] : objectsOf(item, load)));
}

function objectsOf(value: unknown, load: LoadYaml): ClusterObject[] {
  const kind = textOf(fields(value)['kind']);
  if (kind?.endsWith('List')) {
    return list(fields(value)['items']).flatMap((item) => readObject(item, kind, load) ?? []);
  }
  return [readObject(value, undefined, load)].filter((object) => object !== undefined);
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

function readYaml(
  { CORE_SCHEMA, load, YAMLException }: typeof Yaml,
  text: string,
  source: string,
  line: number,
  findings: Finding[],
): unknown {
  try {
    return load(text, { schema: CORE_SCHEMA });
  } catch (error) {
    const broken = error instanceof YAMLException ? error : undefined;
    const message = l10n.t`This object could not be read as YAML, it is left out: ${broken?.reason ?? String(error)}.`;
    findings.push(problem(message, source, line + (broken?.mark?.line ?? 0)));
    return undefined;
  }
}

function problem(message: string, source: string, line: number): Finding {
  const range = { source, line, start: 0, end: 0 };
  return { severity: 'error', code: 'bad-object', message, range };
}
