import { managedAt } from '../syntax/objects/changed';

/** A Kubernetes object as the API gives it or a snapshot holds it. */
export interface ApiObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly resourceVersion?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly managedFields?: unknown;
  };
}

/** Whether a server's or a file's value is an object with a name. */
export function isApiObject(value: unknown): value is ApiObject {
  if (typeof value !== 'object' || value === null || !('metadata' in value)) return false;
  const { metadata } = value;
  if (typeof metadata !== 'object' || metadata === null || !('name' in metadata)) return false;
  const { name } = metadata;
  return typeof name === 'string' && name !== '';
}

/** managedFields are often larger than all the rest; of them only tells when the object changed last. */
export function withoutManagedFields(object: ApiObject): ApiObject {
  const time = managedAt(object.metadata.managedFields);
  const managedFields = time === undefined ? undefined : [{ time }];
  return { ...object, metadata: { ...object.metadata, managedFields } };
}
