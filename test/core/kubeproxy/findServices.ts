import { searchServices, type ServiceSearch } from '../../../src/core/kubeproxy/iptables/services';
import { finish } from '../../../src/core/work';

/** The Services of one dump, at once. */
export function findServices(...request: Parameters<typeof searchServices>): ServiceSearch {
  return finish(searchServices(...request));
}
