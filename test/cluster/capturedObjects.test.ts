import assert from 'node:assert/strict';
import { capturedObjects } from '../../src/cluster/capturedObjects';
import type { Cluster, ObjectList, Resource } from '../../src/cluster/cluster';
import { listSlices } from '../../src/cluster/endpointSlices';
import { ClusterError } from '../../src/cluster/error';
import type { ServiceObject } from '../../src/core/objects/types';
import { objectsOf } from '../dumps';

suite('objects of the time of the dumps', () => {
  const list = (items: readonly unknown[], partial?: string) => ({
    items,
    ...(partial && { partial }),
  });
  let service: ServiceObject;
  suiteSetup(async () => {
    const text =
      'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {clusterIP: 10.96.0.1, ports: [{port: 80}]}\n';
    [service] = (await objectsOf(new Map([['s.yaml', text]]))).services as [ServiceObject];
  });
  const cluster = (lists: Partial<Record<Resource, object>>, offline = true) =>
    ({
      offline,
      list: (resource: Resource) => Promise.resolve(lists[resource] ?? list([])),
    }) as unknown as Cluster;

  test('of a snapshot they are; of a cluster that answers now they are not', async () => {
    const lists = { services: list([service]) };
    assert.equal((await capturedObjects(cluster(lists)))?.services.length, 1);
    assert.equal(await capturedObjects(cluster(lists, false)), undefined);
  });

  test('without Services, or with some of them, nobody can be accused', async () => {
    assert.equal(await capturedObjects(cluster({ services: list([]) })), undefined);
    assert.equal(
      await capturedObjects(cluster({ services: list([service], 'Only shop.') })),
      undefined,
    );
  });

  test('of other kinds a part counts as none', async () => {
    const pod = {
      kind: 'Pod',
      metadata: { name: 'a', namespace: 'shop', labels: {} },
      podIPs: [],
      containers: [],
    };
    const whole = await capturedObjects(
      cluster({ services: list([{ ...service }]), pods: list([pod]) }),
    );
    assert.equal(whole?.pods.length, 1);
    const part = await capturedObjects(
      cluster({ services: list([{ ...service }]), pods: list([pod], 'Some.') }),
    );
    assert.equal(part?.pods.length, 0);
  });

  test('the same list of Services gives the same objects', async () => {
    const same = cluster({ services: list([service]) });
    assert.equal(await capturedObjects(same), await capturedObjects(same));
  });

  test('EndpointSlices, else Endpoints in their place; who may not list these has none', async () => {
    const { endpointSlices } = await objectsOf(
      new Map([
        [
          's.yaml',
          'apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\naddressType: IPv4\nmetadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}\nports: [{port: 80}]\nendpoints: [{addresses: [10.0.0.1]}]\n',
        ],
      ]),
    );
    const { endpoints } = await objectsOf(
      new Map([
        [
          'e.yaml',
          'apiVersion: v1\nkind: Endpoints\nmetadata: {name: web, namespace: shop}\nsubsets: [{addresses: [{ip: 10.0.0.9}], ports: [{port: 80}]}]\n',
        ],
      ]),
    );
    const addresses = ({ items }: ObjectList<'endpointslices'>) =>
      items.flatMap((slice) => slice.endpoints.flatMap((one) => one.addresses));
    const both = { endpointslices: list(endpointSlices), endpoints: list(endpoints) };
    assert.deepEqual(addresses(await listSlices(cluster(both))), ['10.0.0.1']);
    assert.deepEqual(addresses(await listSlices(cluster({ endpoints: list(endpoints) }))), [
      '10.0.0.9',
    ]);
    const refused = (code: 'forbidden' | 'cancelled') =>
      ({
        list: (resource: Resource) =>
          resource === 'endpoints'
            ? Promise.reject(new ClusterError(code as never, 'no'))
            : Promise.resolve(list([])),
      }) as unknown as Cluster;
    assert.deepEqual((await listSlices(refused('forbidden'))).items, []);
    await assert.rejects(listSlices(refused('cancelled')));
  });
});
