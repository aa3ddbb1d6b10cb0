import type { Cluster } from '../../cluster/cluster';
import { listSlices } from '../../cluster/endpointSlices';
import { errorText, isCancelled } from '../../cluster/error';
import { countReady, listedEndpoints, serviceKey } from '../../core/objects/endpoints';
import { slicesByService } from '../../core/objects/slices';
import type { EndpointSliceObject, ServiceObject } from '../../core/objects/types';
import type { NodeStates } from '../../workspace/clusters/nodeStates';
import { proxyFacts } from './proxyFacts';

/** What a cluster knows of a Service. */
export interface ServiceFacts {
  readonly service: ServiceObject;
  readonly ready: number;
  readonly all: number;
  readonly slices: readonly EndpointSliceObject[];
  /** Why there may be more endpoints than these. */
  readonly partial: string | undefined;
  /** `iptables`, `ipvs rr`; undefined where no dump tells. */
  readonly proxy: string | undefined;
}

/** What there is to say of a Service in a cluster. */
export type Answer =
  | { readonly state: 'asking' }
  | { readonly state: 'failed'; readonly message: string }
  /** `partial`: why the list of Services may lack it, or only names it. */
  | { readonly state: 'missing'; readonly partial: string | undefined }
  | { readonly state: 'found'; readonly facts: ServiceFacts };

/** The objects of a cluster by name, as they were at one time. */
interface Index {
  readonly services: ReadonlyMap<string, ServiceObject>;
  readonly slices: ReadonlyMap<string, readonly EndpointSliceObject[]>;
  readonly partial: string | undefined;
}

/** Facts by cluster and Service, until `forget`. */
export class Facts {
  private indexes = new Map<Cluster, Promise<Index>>();
  private answers = new Map<Cluster, Map<string, Promise<Answer>>>();
  private settled = new WeakMap<Promise<Answer>, Answer>();

  constructor(private readonly states: NodeStates) {}

  /** Objects have changed: who asks again, gets what is so now. */
  forget(): void {
    this.indexes = new Map();
    this.answers = new Map();
  }

  /** What is known without waiting. */
  peek(cluster: Cluster, namespace: string, name: string): Answer | undefined {
    const answer = this.answers.get(cluster)?.get(`${namespace}/${name}`);
    return answer && this.settled.get(answer);
  }

  /** Asks the cluster, if nobody has since the last change. Never rejects. */
  of(cluster: Cluster, namespace: string, name: string): Promise<Answer> {
    const answers = this.answers.get(cluster) ?? new Map<string, Promise<Answer>>();
    this.answers.set(cluster, answers);
    const key = `${namespace}/${name}`;
    const before = answers.get(key);
    if (before) return before;
    const answer = this.ask(cluster, key);
    answers.set(key, answer);
    void answer.then((value) => this.settled.set(answer, value));
    return answer;
  }

  private async ask(cluster: Cluster, key: string): Promise<Answer> {
    try {
      let index = this.indexes.get(cluster);
      if (!index) this.indexes.set(cluster, (index = indexOf(cluster)));
      const { services, slices, partial } = await index;
      const service = services.get(key);
      if (!service || service.fromTable) return { state: 'missing', partial };
      const own = slices.get(key) ?? [];
      const counted = countReady(listedEndpoints(own));
      const proxy = await proxyFacts(cluster, service, this.states);
      return { state: 'found', facts: { service, slices: own, partial, proxy, ...counted } };
    } catch (error) {
      if (isCancelled(error)) return { state: 'failed', message: '' };
      return { state: 'failed', message: errorText(error) };
    }
  }
}

async function indexOf(cluster: Cluster): Promise<Index> {
  const [services, endpoints] = await Promise.all([cluster.list('services'), listSlices(cluster)]);
  return {
    services: new Map(services.items.map((service) => [serviceKey(service), service])),
    slices: slicesByService(endpoints.items),
    partial: services.partial ?? endpoints.partial,
  };
}
