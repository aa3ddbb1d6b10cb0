import type { EndpointSliceObject, ObjectMeta, ServiceObject } from '../../objects/types';

/**
 * Whether a Service or one of its slices is newer than a dump: made, or changed, after it was taken.
 * Then rules can't have it yet.
 *
 * @param captured ISO 8601, as NodeState.captured; without it nothing is newer
 */
export function isNewer(
  service: ServiceObject,
  slices: readonly EndpointSliceObject[],
  captured: string | undefined,
): boolean {
  if (captured === undefined) return false;
  const taken = Date.parse(/Z$|[+-]\d\d:\d\d$/.test(captured) ? captured : `${captured}Z`);
  const isLater = (text: string | undefined) => text !== undefined && Date.parse(text) > taken;
  return [service, ...slices].some(({ metadata }) =>
    timesOf(metadata).some((time) => isLater(time)),
  );
}

function timesOf({ creationTimestamp, changed, deletionTimestamp }: ObjectMeta) {
  return [creationTimestamp, changed, deletionTimestamp];
}
