import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { formatAddress, parseAddress } from '../../../src/core/address';
import { withEdited } from '../../../src/core/expected/edited';
import { fareOf } from '../../../src/core/expected/fare/fare';
import { inputOfNode } from '../../../src/core/expected/nodeInput';
import type { ServiceObject } from '../../../src/core/objects/types';
import type { NodeState } from '../../../src/core/node';
import { leaves } from '../../../src/core/trace/leaves';
import { traceFlow } from '../../../src/core/trace/tracer';
import { finish } from '../../../src/core/work';
import { readNodeFolder } from '../../../src/inspect/nodeFiles';
import { readObjectsFolder } from '../../../src/inspect/objectsFolder';
import { withAddresses, withRoutes } from '../../../src/syntax/expected/dummyDevice';
import { expectedNode } from '../../../src/syntax/expected/expectedNode';
import { ipAddressParser } from '../../../src/syntax/ip/address';
import { parseIpRoute } from '../../../src/syntax/ip/route';
import { parseLines } from '../../../src/syntax/lines';
import { readObject } from '../../../src/syntax/objects/readObject';
import { testParser } from '../../syntax/parser';

const sample = 'samples/kubernetes-1.36-ipvs';
const text = (name: string) => readFileSync(`${sample}/node-a/${name}`, 'utf8');
const addressesIn = (dump: string) =>
  parseLines(dump, ipAddressParser('x'))
    .value.map(({ name, addresses }) => ({
      name,
      addresses: addresses.map(({ address }) => formatAddress(address)).sort(),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
const routesIn = (dump: string) =>
  parseIpRoute(dump, 'x')
    .value.map(({ type, table, destination, nextHops }) =>
      [type, table, formatAddress(destination.address), nextHops[0]?.device].join(' '),
    )
    .sort();

/** Whom the node itself hears from at port 80 of an address. */
function heard(state: NodeState, destination: string): readonly string[] {
  const packet = {
    protocol: 6,
    source: parseAddress('192.168.77.10')!,
    sourcePort: 40000,
    destination: parseAddress(destination)!,
    destinationPort: 80,
  };
  const ways = leaves(traceFlow(state, packet).path);
  return [...new Set(ways.map((way) => fareOf(packet, way, new Set()).hears))];
}

suite('a node of ipvs mode as it would be', () => {
  test('kube-ipvs0 and its routes as the objects ask for are those of the dumps', async () => {
    const { state } = await readNodeFolder(`${sample}/node-a`);
    const objects = await readObjectsFolder(`${sample}/objects`);
    const of = finish(inputOfNode(state, objects));
    assert.ok(typeof of !== 'string');
    const made = finish(expectedNode(state, of.input, await testParser(), [4, 6]));
    const addresses = made.dummyAddresses!;
    assert.ok(addresses.length > 50);
    const dump = text('ip-addr.txt');
    assert.deepEqual(addressesIn(withAddresses(dump, addresses, [4, 6])), addressesIn(dump));
    const routes = text('ip-route.txt');
    assert.deepEqual(routesIn(withRoutes(routes, addresses, [4, 6])), routesIn(routes));
    assert.equal(made.state.ipvs?.virtualServers.length, state.ipvs?.virtualServers.length);
    assert.deepEqual(
      made.state.interfaces?.find(({ name }) => name === 'kube-ipvs0')?.addresses.length,
      state.interfaces?.find(({ name }) => name === 'kube-ipvs0')?.addresses.length,
    );
  });

  test('a device that is not there yet is added, others stay', () => {
    const before = '1: lo: <UP> mtu 1\n    inet 127.0.0.1/8 scope host lo\n';
    assert.deepEqual(addressesIn(withAddresses(before, ['10.96.0.1', 'fd00::1'], [4, 6])), [
      { name: 'kube-ipvs0', addresses: ['10.96.0.1', 'fd00::1'] },
      { name: 'lo', addresses: ['127.0.0.1'] },
    ]);
    // Without the table local in the dump its routes follow from the addresses.
    assert.equal(
      withRoutes('default via 10.0.0.1 dev eth0', ['10.96.0.1'], [4]).includes('local'),
      false,
    );
  });

  test('a Service that the cluster does not have yet is served', async () => {
    const { state } = await readNodeFolder(`${sample}/node-a`);
    const objects = await readObjectsFolder(`${sample}/objects`);
    const web = objects.services.find(({ metadata }) => metadata.name === 'web')!;
    const service = readObject({
      kind: 'Service',
      metadata: { namespace: web.metadata.namespace, name: 'new' },
      spec: {
        clusterIP: '10.96.7.7',
        clusterIPs: ['10.96.7.7'],
        selector: web.spec.selector,
        ports: [{ port: 80, targetPort: 8080 }],
      },
    }) as ServiceObject;
    const { objects: after } = withEdited(objects, [service]);
    const of = finish(inputOfNode(state, after));
    assert.ok(typeof of !== 'string');
    const made = finish(expectedNode(state, of.input, await testParser(), [4]));
    assert.deepEqual(heard(state, '10.96.7.7'), ['network']);
    assert.match(made.files.get('ipvsadm-Sn.txt')!, /^-a -t 10\.96\.7\.7:80 -r 10\.244\.\d/m);
    assert.match(made.files.get('ipset-save.txt')!, /^add KUBE-CLUSTER-IP 10\.96\.7\.7,tcp:80$/m);
    assert.deepEqual(heard(made.state, '10.96.7.7'), ['endpoint']);
  });
});
