import { sortObjects } from '../../core/objects/types';
import type { ClusterObject, ClusterObjects } from '../../core/objects/types';
import { finishWith } from '../../core/work';
import { parseLinesInSlices, type Parsed } from '../lines';
import { isReadKind, readObject } from './readObject';
import { isObjectTable, objectTables } from './tables';
import { eachObject, type ObjectValue } from './values';

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
  const yaml = await import('js-yaml');
  const load = (own: string) => yaml.load(own, { schema: yaml.CORE_SCHEMA });
  const objects: ClusterObject[] = [];
  const take = ({ value, listKind, line }: ObjectValue) => {
    const object = readObject(value, listKind, load);
    if (!object) return;
    const range = line === undefined ? undefined : { source, line, start: 0, end: 0 };
    objects.push(range ? { ...object, range } : object);
  };
  const findings = await finishWith(
    eachObject(text, source, load, { isWanted: isReadKind, take }),
    pause,
  );
  return { value: sortObjects(objects), findings };
}
