import assert from 'node:assert/strict';
import { edited, rules, type Edit } from './cases/case';
import { routed } from './cases/small';
import { findingsOf, type Files } from './checkText';

const service = (name: string, more = '') => `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: default}
spec:
  clusterIP: 10.99.205.136
  clusterIPs: [10.99.205.136]
  ports: [{port: 3000, protocol: TCP, nodePort: 30089}]
  type: NodePort
${more}---
`;
const slice = (...hosts: readonly number[]) => `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
addressType: IPv4
metadata: {name: whoami-x, namespace: default, labels: {kubernetes.io/service-name: whoami}}
ports: [{name: "", port: 3000, protocol: TCP}]
endpoints:
${hosts.map((host) => `- {addresses: [10.244.0.${host}], conditions: {ready: true}, nodeName: node-a}\n`).join('')}---
`;

async function told(code: string, objects: string, edits: readonly Edit[] = [], more: Files = {}) {
  const files = { ...edited(routed, edits), ...more, 'objects.yaml': objects };
  return (await findingsOf(files, code)).filter((one) => one.code === code);
}

suite('findings of a small node beside its objects', () => {
  test('endpoints that are missing: five by name, and how many more', async () => {
    const missing = async (...hosts: readonly number[]) => {
      const found = await told('endpoint-missing', service('whoami') + slice(...hosts));
      return found.map(({ message, service: of }) => [message, of]);
    };
    assert.deepEqual(await missing(3, 4), []);
    assert.deepEqual(await missing(3, 4, 5), [
      ['default/whoami lacks 10.244.0.5:3000.', 'default/whoami'],
    ]);
    const [[five] = []] = await missing(3, 4, 5, 6, 7, 8, 9);
    assert.match(five!, /10\.244\.0\.8:3000 and 10\.244\.0\.9:3000\.$/);
    const [[seven] = []] = await missing(3, 4, 5, 6, 7, 8, 9, 10, 11);
    assert.match(seven!, /10\.244\.0\.9:3000 and 2 more\.$/);
  });

  test('of a table that is cut nobody knows what it lacks', async () => {
    const objects = service('whoami') + slice(3, 4, 5);
    assert.deepEqual(await told('endpoint-missing', objects, [[rules, /COMMIT\n$/, '']]), []);
    const stale = service('whoami') + slice(3);
    assert.equal((await told('endpoint-stale', stale)).length, 1);
    assert.deepEqual(await told('endpoint-stale', stale, [[rules, /COMMIT\n$/, '']]), []);
  });

  test('a Service of policy Local without an endpoint here is named', async () => {
    const refused =
      '-A KUBE-EXTERNAL-SERVICES -p tcp -m comment --comment "default/whoami has no local endpoints" -m addrtype --dst-type LOCAL -m tcp --dport 30089 -j DROP';
    const unknown = refused.replace('default/whoami', 'shop/nobody').replace(' --dport 30089', '');
    const found = await told('no-local-endpoint', service('whoami'), [
      [rules, '-A KUBE-FIREWALL', `${refused}\n${refused}\n${unknown}\n$&`],
    ]);
    assert.deepEqual(
      found.map(({ message, service: of }) => [message.split(' ')[0], of]),
      [
        ['default/whoami', 'default/whoami'],
        ['shop/nobody', undefined],
      ],
    );
  });

  test('an address of the node on kube-ipvs0: of which Service, where objects tell', async () => {
    const device = `${routed['ip-addr.txt']}4: kube-ipvs0: <NOARP> mtu 1500\n    inet 192.168.77.10/32 scope global kube-ipvs0\n`;
    const asked = service('whoami', '  externalIPs: [192.168.77.10]\n');
    const code = 'node-address-on-kube-ipvs0';
    const message = async (objects: string) =>
      (await told(code, objects, [], { 'ip-addr.txt': device })).map((one) => one.message).join();
    assert.match(
      await message(asked),
      /^kube-ipvs0 holds 192\.168\.77\.10 \(of Service default\/whoami\), an address of node-a \(eth0\)/,
    );
    assert.match(await message(service('other')), /^kube-ipvs0 holds 192\.168\.77\.10, an address/);
    const without = await findingsOf({ ...routed, 'ip-addr.txt': device });
    assert.ok(without.some((one) => one.code === code && !one.message.includes('Service')));
  });
});
