import { addressKey } from '../address';
import { onceAsked } from '../once';
import type { ServiceEndpoint, ServiceView } from '../service';
import type { Work } from '../work';

/**
 * Reads the endpoints that some chains lead to once, when first asked for. Those of the first chain have
 * their shares; of those that only others lead to, the share depends on the way in.
 */
export function endpointsOnce(
  chains: readonly string[],
  read: (chain: string) => Work<readonly ServiceEndpoint[]>,
): ServiceView['readEndpoints'] {
  return onceAsked(() => merged(chains, read));
}

function* merged(
  chains: readonly string[],
  read: (chain: string) => Work<readonly ServiceEndpoint[]>,
): Work<readonly ServiceEndpoint[]> {
  let endpoints: readonly ServiceEndpoint[] = [];
  for (const chain of new Set(chains)) {
    const found = yield* read(chain);
    endpoints = endpoints.length === 0 ? found : withOthers(endpoints, found);
  }
  return endpoints;
}

/** Adds those of `others` that `endpoints` lacks. */
function withOthers(
  endpoints: readonly ServiceEndpoint[],
  others: readonly ServiceEndpoint[],
): readonly ServiceEndpoint[] {
  const known = new Set(endpoints.map(keyOf));
  const added = others
    .filter((other) => !known.has(keyOf(other)))
    .map((other) => ({ ...other, share: undefined }));
  return [...endpoints, ...added];
}

function keyOf({ address, port }: ServiceEndpoint): string {
  return `${addressKey(address)} ${port}`;
}
