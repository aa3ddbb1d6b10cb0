import assert from 'node:assert/strict';
import { parseObjects } from '../../../src/syntax/objects/objects';

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
});
