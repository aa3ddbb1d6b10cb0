import type { EndpointSliceObject } from '../../objects/types';
import type { ServicePort } from '../servicePorts';

/** When the dump was taken, and what else tells the age of objects. */
export interface Times {
  /** ISO 8601, as NodeState.captured. */
  readonly captured?: string | undefined;
  /** The slices of the Service ports, by `namespace/service`. */
  readonly slices?: ReadonlyMap<string, readonly EndpointSliceObject[]>;
}

/** Whether an object of a Service port is newer than the dump: then rules can't have it yet. */
export function ageOf({ service }: ServicePort, { captured, slices }: Times): 'newer' | 'older' {
  if (captured === undefined) return 'older';
  const taken = Date.parse(/Z$|[+-]\d\d:\d\d$/.test(captured) ? captured : `${captured}Z`);
  const { namespace, name, creationTimestamp } = service.metadata;
  const own = slices?.get(`${namespace}/${name}`) ?? [];
  const times = [creationTimestamp, ...own.map(({ metadata }) => metadata.creationTimestamp)];
  const newest = Math.max(
    ...times
      .map((text) => (text === undefined ? NaN : Date.parse(text)))
      .filter((time) => !Number.isNaN(time)),
  );
  return newest > taken ? 'newer' : 'older';
}
