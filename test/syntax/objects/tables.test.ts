import assert from 'node:assert/strict';
import { parseObjects } from '../../../src/syntax/objects/objects';
import { isObjectTable } from '../../../src/syntax/objects/tables';

const services = `Warning: some plugin said something
NAMESPACE     NAME         TYPE           CLUSTER-IP       EXTERNAL-IP                      PORT(S)                      AGE     SELECTOR
default       kubernetes   ClusterIP      10.96.0.1        <none>                           443/TCP                      12d     <none>
kube-system   kube-dns     ClusterIP      10.96.0.10       <none>                           53/UDP,53/TCP,9153/TCP       12d     k8s-app=kube-dns
shop          web          LoadBalancer   10.101.12.34     203.0.113.7,lb-1.example.org     80:30080/TCP,443:30443/TCP   3d2h    app=web,tier=front
shop          db           ClusterIP      None             <none>                           5432/TCP                     3d2h    app=db
shop          old          NodePort       10.101.12.35     198.51.100.4                     8080:31000/TCP               3d2h    app=old
shop          away         ExternalName   <none>           db.example.org                   <none>                       3d2h    <none>
`;

const pods = `NAMESPACE     NAME               READY   STATUS             RESTARTS        AGE   IP             NODE       NOMINATED NODE   READINESS GATES
kube-system   kube-proxy-x7k2p   1/1     Running            0               12d   192.168.77.10  node-a     <none>           <none>
shop          web-7d4b9c-x2x4k   0/1     CrashLoopBackOff   5 (3m12s ago)   3d    10.244.1.5     node-b     <none>           <none>
shop          web-7d4b9c-zzzzz   0/1     Pending            0               3d    <none>         <none>     <none>           <none>
`;

const nodes = `NAME     STATUS                     ROLES           AGE   VERSION   INTERNAL-IP     EXTERNAL-IP   OS-IMAGE             KERNEL-VERSION      CONTAINER-RUNTIME
node-a   Ready                      control-plane   12d   v1.31.2   192.168.77.10   <none>        Ubuntu 24.04.1 LTS   6.8.0-48-generic    containerd://1.7.22
node-b   NotReady                   <none>          12d   v1.31.2   192.168.77.11   203.0.113.9   Ubuntu 24.04.1 LTS   6.8.0-48-generic    containerd://1.7.22
node-c   Ready,SchedulingDisabled   <none>          12d   v1.30.6   192.168.77.12   <none>        Ubuntu 24.04.1 LTS   6.8.0-48-generic    containerd://1.7.22
`;

const endpoints = `NAMESPACE   NAME   ENDPOINTS                                                  AGE
shop        web    10.244.1.5:8080,10.244.1.6:8080,10.244.2.7:8080 + 3 more...   3d
`;

const slices = `NAMESPACE   NAME        ADDRESSTYPE   PORTS   ENDPOINTS                 AGE
shop        web-abcde   IPv4          8080    10.244.1.5,10.244.1.6     3d
`;

suite('tables of kubectl get', () => {
  test('Services: addresses, ports, type and selector; the table is said to show no more', async () => {
    const { value, findings } = await parseObjects(services, 'services.txt');
    const shown = value.services.map(({ metadata, spec, status, fromTable, range }) => [
      `${metadata.namespace}/${metadata.name}`,
      spec.type,
      spec.clusterIP,
      spec.ports.map(({ port, nodePort, protocol }) => `${port}:${nodePort}/${protocol}`).join(),
      [...spec.externalIPs, ...status.loadBalancer.ingress.map((one) => one.ip ?? one.hostname)],
      spec.externalName,
      fromTable,
      range?.line,
    ]);
    const none = undefined;
    assert.deepEqual(shown, [
      ['default/kubernetes', 'ClusterIP', '10.96.0.1', '443:undefined/TCP', [], none, true, 2],
      [
        'kube-system/kube-dns',
        'ClusterIP',
        '10.96.0.10',
        '53:undefined/UDP,53:undefined/TCP,9153:undefined/TCP',
        [],
        none,
        true,
        3,
      ],
      [
        'shop/web',
        'LoadBalancer',
        '10.101.12.34',
        '80:30080/TCP,443:30443/TCP',
        ['203.0.113.7', 'lb-1.example.org'],
        none,
        true,
        4,
      ],
      ['shop/db', 'ClusterIP', 'None', '5432:undefined/TCP', [], none, true, 5],
      ['shop/old', 'NodePort', '10.101.12.35', '8080:31000/TCP', ['198.51.100.4'], none, true, 6],
      ['shop/away', 'ExternalName', none, '', [], 'db.example.org', true, 7],
    ]);
    assert.deepEqual(value.services[2]?.spec.selector, { app: 'web', tier: 'front' });
    assert.deepEqual(
      findings.map(({ severity, code }) => `${severity} ${code}`),
      ['information object-table'],
    );
    assert.match(findings[0]!.message, /rules are not compared with them/);
  });

  test('Pods with their addresses and nodes, Nodes with theirs', async () => {
    const { value } = await parseObjects(`${pods}\n${nodes}`, 'all.txt');
    assert.deepEqual(
      value.pods.map((pod) => [pod.metadata.name, pod.nodeName, pod.podIPs, pod.phase, pod.ready]),
      [
        ['kube-proxy-x7k2p', 'node-a', ['192.168.77.10'], 'Running', true],
        ['web-7d4b9c-x2x4k', 'node-b', ['10.244.1.5'], 'CrashLoopBackOff', false],
        ['web-7d4b9c-zzzzz', undefined, [], 'Pending', false],
      ],
    );
    assert.deepEqual(
      value.nodes.map((node) => [
        node.metadata.name,
        node.ready,
        node.kubeletVersion,
        node.osImage,
      ]),
      [
        ['node-a', true, 'v1.31.2', 'Ubuntu 24.04.1 LTS'],
        ['node-b', false, 'v1.31.2', 'Ubuntu 24.04.1 LTS'],
        ['node-c', true, 'v1.30.6', 'Ubuntu 24.04.1 LTS'],
      ],
    );
    assert.deepEqual(value.nodes[1]?.addresses, [
      { type: 'InternalIP', address: '192.168.77.11' },
      { type: 'ExternalIP', address: '203.0.113.9' },
    ]);
  });

  test('Endpoints and EndpointSlices are left out, and that is said', async () => {
    for (const text of [endpoints, slices]) {
      const { value, findings } = await parseObjects(text, 'endpoints');
      assert.deepEqual([value.endpoints, value.endpointSlices], [[], []]);
      assert.match(findings.map(({ message }) => message).join(), /does not tell enough/);
    }
  });

  test('a row whose blanks were lost is said, and costs itself alone', async () => {
    const broken = services.replace(/^shop +db +/m, 'shop db ');
    const { value, findings } = await parseObjects(broken, 'services.txt');
    assert.equal(value.services.length, 5);
    assert.match(findings.map(({ message }) => message).join(), /could not be read: 1\./);
  });

  test('YAML that speaks of NAME in capitals is none', async () => {
    const text =
      'kind: Service\nmetadata:\n  name: a\n  namespace: b\nspec: {clusterIP: 10.0.0.1}\n# \nx: |\n  NAME  AGE\n';
    assert.equal((await parseObjects(text, 'a.yaml')).value.services[0]?.fromTable, undefined);
  });

  test('a prompt ends a table, and is no row of it', async () => {
    const prompt = '[root@node-a ~]# kubectl get nodes -o wide\n';
    const { value, findings } = await parseObjects(
      `${pods}${prompt}${nodes}$ exit\nbye\n`,
      'all.txt',
    );
    assert.deepEqual([value.pods.length, value.nodes.length], [3, 3]);
    assert.deepEqual(
      findings.map(({ code }) => code),
      ['object-table', 'object-table'],
    );
  });

  test('where a table begins: in the first 4 KiB, and no YAML beside it', () => {
    const table = 'NAME   TYPE\n';
    assert.ok(isObjectTable(table));
    assert.ok(isObjectTable(`NAMESPACE   ${table}`));
    assert.ok(isObjectTable(`${'x'.repeat(4084)}\n${table}`));
    assert.ok(!isObjectTable(`${'x'.repeat(4096)}\n${table}`));
    assert.ok(isObjectTable(`${table}${'x'.repeat(4096)}\nkind: Service\n`));
    for (const line of [
      'kind: Service',
      '- kind: Service',
      '  "apiVersion": "v1"',
      'items:',
      'metadata:',
    ]) {
      assert.ok(!isObjectTable(`${table}${line}\n`), line);
    }
    assert.ok(isObjectTable(`${table}mankind: all\n`));
    for (const line of ['NAME', 'NAME  lower', 'A NAME   TYPE', 'RENAME   TYPE']) {
      assert.ok(!isObjectTable(`${line}\n`), line);
    }
  });

  /** The one object of a table with this row, or what is said. */
  async function only(heading: string, row: string) {
    const { value, findings } = await parseObjects(`${heading}\n${row}\n`, 'x');
    const [object] = [...value.services, ...value.pods, ...value.nodes];
    return object ?? findings.map(({ code }) => code).join();
  }

  test('names with the resource before them, and without a namespace', async () => {
    const heading = 'NAME                    TYPE        CLUSTER-IP';
    for (const [name, plain] of [
      ['service/web', 'web'],
      ['services.v1/web', 'web'],
      ['web', 'web'],
    ] as const) {
      const row = `${name.padEnd(24)}ClusterIP   10.96.0.5`;
      const object = await only(heading, row);
      assert.ok(typeof object !== 'string');
      assert.deepEqual(object.metadata, { name: plain, namespace: 'default', labels: {} });
    }
    assert.equal(
      await only(heading, `${''.padEnd(24)}ClusterIP   10.96.0.5`),
      'object-table,bad-object',
    );
  });

  test('cells that are no port, no load balancer yet, or no count of containers', async () => {
    const heading = 'NAME   TYPE           CLUSTER-IP   EXTERNAL-IP        PORT(S)';
    const spec = async (type: string, external: string, ports: string) => {
      const row = `web    ${type.padEnd(15)}10.96.0.5    ${external.padEnd(19)}${ports}`;
      const object = await only(heading, row);
      assert.ok(typeof object !== 'string' && object.kind === 'Service');
      return object;
    };
    const { spec: odd } = await spec(
      'ClusterIP',
      '<none>',
      '80,x/TCP,80/tcp,123456/TCP,80:1234567/TCP,80/TCP,',
    );
    assert.deepEqual(odd.ports, [{ name: '', protocol: 'TCP', port: 80, nodePort: undefined }]);
    const pending = await spec('LoadBalancer', '<pending>', '80:30080/TCP');
    assert.deepEqual(pending.status.loadBalancer.ingress, []);
    const six = await spec('LoadBalancer', 'fd00::9', '80:30080/TCP');
    assert.deepEqual(six.status.loadBalancer.ingress, [{ ip: 'fd00::9' }]);
    const named = await spec('LoadBalancer', '10.example.org', '80:30080/TCP');
    assert.deepEqual(named.status.loadBalancer.ingress, [{ hostname: '10.example.org' }]);
    const pod = 'NAME   READY   STATUS    RESTARTS   AGE   IP           NODE';
    assert.equal(
      await only(pod, 'web    x/1     Running   0          1d    10.244.0.5   node-a'),
      'object-table,bad-object',
    );
    const running = await only(
      pod,
      'web    1/2     Running   0          1d    10.244.0.5   node-a',
    );
    assert.ok(typeof running !== 'string' && running.kind === 'Pod');
    assert.equal(running.ready, false);
    const done = await only(pod, 'web    1/1     Completed 0          1d    <none>       node-a');
    assert.ok(typeof done !== 'string' && done.kind === 'Pod');
    assert.deepEqual([done.ready, done.podIPs], [false, []]);
  });

  test('a Node whose state is not told, and one of two addresses', async () => {
    const heading = 'NAME     STATUS    ROLES    AGE   VERSION   INTERNAL-IP   EXTERNAL-IP';
    const node = async (row: string) => {
      const object = await only(heading, row);
      assert.ok(typeof object !== 'string' && object.kind === 'Node');
      return [
        object.ready,
        object.addresses.map(({ type, address }) => `${type} ${address}`),
        object.metadata,
      ];
    };
    const metadata = { name: 'node-a', namespace: '', labels: {} };
    assert.deepEqual(
      await node('node-a   Unknown   <none>   1d    v1.30.0   <none>        <none>'),
      [undefined, [], metadata],
    );
    assert.deepEqual(
      await node('node-a             <none>   1d    v1.30.0   192.0.2.1     203.0.113.1'),
      [undefined, ['InternalIP 192.0.2.1', 'ExternalIP 203.0.113.1'], metadata],
    );
  });
});
