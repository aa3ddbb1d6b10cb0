import { fields, list, text, type Fields } from './fields';

/**
 * When an object's content changed last, as its metadata tell (ISO 8601): the newest time of
 * managedFields, and the time of what made the controller write endpoints, which `kubectl get` prints
 * also where it leaves managedFields out.
 */
export function changedAt(meta: Fields): string | undefined {
  const annotations = fields(meta['annotations']);
  const triggered = text(annotations['endpoints.kubernetes.io/last-change-trigger-time']);
  return newest([managedAt(meta['managedFields']), triggered]);
}

/** The newest time of managedFields that are about more than labels and annotations. */
export function managedAt(managedFields: unknown): string | undefined {
  const times = list(managedFields).map((value) => {
    const { time, fieldsV1 } = fields(value);
    const owned = Object.keys(fields(fieldsV1));
    return owned.length > 0 && owned.every((key) => key === 'f:metadata') ? undefined : text(time);
  });
  return newest(times);
}

function newest(times: readonly (string | undefined)[]): string | undefined {
  let found: string | undefined;
  for (const time of times) {
    if (time === undefined || Number.isNaN(Date.parse(time))) continue;
    if (found === undefined || Date.parse(time) > Date.parse(found)) found = time;
  }
  return found;
}
