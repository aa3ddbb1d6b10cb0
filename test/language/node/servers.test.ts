import assert from 'node:assert/strict';
import { nodeHoverAt } from '../../../src/language/node/hover';
import { ipvsTokens } from '../../../src/language/node/ipvsTokens';
import { textLines } from '../../../src/syntax/textLines';
import { toMarkdown } from '../../../src/workspace/hover/markdown';
import { objectsOf } from '../../dumps';
import { contextOf, placeOf } from './context';

/** The hover in the middle of a word of one of a node's texts, without Markdown's escapes. */
async function hover(
  texts: Readonly<Record<string, string>>,
  name: string,
  language: 'ipvsadm' | 'ipset' | 'ip-address',
  word: string,
  objects = {},
): Promise<string> {
  const files = new Map(Object.entries<string>(objects));
  const known = files.size > 0 ? await objectsOf(files) : undefined;
  const context = await contextOf(texts, name, language, known);
  const { line, column } = placeOf(context, word);
  const content = await nodeHoverAt(context, line, column);
  return content ? toMarkdown(content.blocks).replace(/\\(.)/g, '$1') : '';
}

const table = (row: string) => ({ 'ipvsadm-Ln.txt': row });
const lo = '1: lo: <LOOPBACK,UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n';
const ipvs0 =
  '5: kube-ipvs0: <BROADCAST,NOARP> mtu 1500\n    inet 10.96.0.2/32 scope global kube-ipvs0\n';

suite('whether a node takes the packets to a virtual server', () => {
  const accusation = /No device of this node holds the address/;
  const server = table('TCP  10.96.0.1:443 rr\n');
  const cases: [string, Record<string, string>, boolean][] = [
    ['no dump of the devices', {}, false],
    ['all devices, none with the address', { 'ip-addr.txt': lo + ipvs0 }, true],
    [
      'the address among several of several devices',
      { 'ip-addr.txt': `${lo + ipvs0}    inet 10.96.0.1/32 scope global kube-ipvs0\n` },
      false,
    ],
    ['one device alone: another may hold it', { 'ip-addr.txt': ipvs0 }, false],
    [
      'a local route to the address, which decides (fib_lookup)',
      {
        'ip-addr.txt': lo + ipvs0,
        'ip-route.txt':
          'default via 192.168.77.1 dev eth0\nlocal 10.96.0.1 dev kube-ipvs0 table local proto kernel scope host\n',
      },
      false,
    ],
  ];
  for (const [name, beside, accused] of cases) {
    test(name, async () => {
      const said = await hover({ ...server, ...beside }, 'ipvsadm-Ln.txt', 'ipvsadm', '10.96.0.1');
      assert.match(said, /Virtual server/);
      assert.equal(accusation.test(said), accused, said);
    });
  }

  test('a firewall mark has no address that a device could lack', async () => {
    const said = await hover(
      { ...table('FWM  7 rr\n  -> 10.0.0.1:0 Masq 1 0 0\n'), 'ip-addr.txt': lo },
      'ipvsadm-Ln.txt',
      'ipvsadm',
      'FWM',
    );
    assert.match(said, /firewall mark 7/);
    assert.doesNotMatch(said, accusation);
  });
});

suite('shares of new connections by the scheduler', () => {
  const of = (scheduler: string, ...weights: number[]) =>
    table(
      `TCP  10.96.0.1:443 ${scheduler}\n${weights.map((weight, i) => `  -> 10.0.0.${i + 1}:1 Masq ${weight} 0 0\n`).join('')}`,
    );
  const cases: [Record<string, string>, string, string][] = [
    // ip_vs_rr.c: a weight counts only as 0 or not 0.
    [of('rr', 1, 3, 0), '10.0.0.2', '50 % of new connections (rr)'],
    [of('rr', 1, 3, 0), '10.0.0.3', 'weight 0, no new connections'],
    // ip_vs_wrr.c: as often as its weight.
    [of('wrr', 1, 3, 0), '10.0.0.2', 'weight 3, 75 % of new connections (wrr)'],
    [of('wrr', 1, 3, 0), '10.0.0.1', 'weight 1, 25 % of new connections (wrr)'],
    // Others go by what connections are open, or by the packet.
    [of('sh', 1, 3), '10.0.0.2', 'weight 3, chosen by sh'],
  ];
  for (const [texts, server, share] of cases) {
    test(`${texts['ipvsadm-Ln.txt']!.split('\n', 1)[0]!} ${server}: ${share}`, async () => {
      const said = await hover(texts, 'ipvsadm-Ln.txt', 'ipvsadm', server);
      assert.match(said, /Real server/);
      assert.ok(said.split('\n').includes(share), said);
    });
  }
});

suite('the Pod of a real server', () => {
  const texts = table('TCP  10.96.0.1:443 rr\n  -> 10.244.0.3:6443 Masq 1 0 0\n');
  const pod = (name: string, ip: string, extra = '') =>
    `- metadata: {name: ${name}, namespace: shop}\n  spec: {nodeName: node-b${extra}}\n  status: {podIP: ${ip}, podIPs: [{ip: ${ip}}]}\n`;
  const list = (...pods: string[]) => ({
    'pods.yaml': `apiVersion: v1\nkind: PodList\nitems:\n${pods.join('')}`,
  });
  const server = (objects: object) =>
    hover(texts, 'ipvsadm-Ln.txt', 'ipvsadm', '10.96.0.1', objects);

  test('is named with its node', async () => {
    const said = await server(list(pod('cart', '10.244.0.3'), pod('web', '10.244.0.4')));
    assert.match(said, /10\.244\.0\.3:6443.* shop\/cart on node-b: _100 % of new connections/);
  });

  test('is not guessed among two that have the address', async () => {
    const said = await server(list(pod('cart', '10.244.0.3'), pod('web', '10.244.0.3')));
    assert.doesNotMatch(said, /shop\/|node-b/);
  });
});

suite('words of rows', () => {
  /** `kind=value` of each token of a line. */
  function tokens(line: string, above = ''): string[] {
    const text = above + line;
    const number = text.split('\n').length - 1;
    return ipvsTokens(textLines(text), number, 'x').map(({ kind, value }) => `${kind}=${value}`);
  }
  const legend = 'Prot LocalAddress:Port Scheduler Flags\n';
  const remote = '  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n';

  const cases: [string, string, string[]][] = [
    ['a legend is no row', remote.trimEnd(), []],
    [
      'a connection of ipvsadm -Lnc',
      'TCP 01:53  TIME_WAIT   10.244.0.4:58956   10.96.0.1:443      192.168.77.1:6443',
      [
        'protocol=TCP',
        'expires=01:53',
        'state=TIME_WAIT',
        'address=10.244.0.4',
        'port=58956',
        'address=10.96.0.1',
        'port=443',
        'address=192.168.77.1',
        'port=6443',
      ],
    ],
    [
      'a connection of ip_vs_conn, with its ports in hexadecimal',
      'TCP 0A63CD88 B5E0 0A63CD88 0BB8 0AF40004 0bb8 TIME_WAIT        39',
      [
        'protocol=TCP',
        'address=10.99.205.136',
        'port=46560',
        'address=10.99.205.136',
        'port=3000',
        'address=10.244.0.4',
        'port=3000',
        'state=TIME_WAIT',
        'expires=39 s',
      ],
    ],
    ['a connection that was cut', 'TCP 0A63CD88 B5E0 0A63CD88 0BB8 0AF40004 0BB8 TIME_WAIT', []],
    ['a port of five digits', 'TCP 0A63CD88 B5E00 0A63CD88 0BB8 0AF40004 0BB8 TIME_WAIT 39', []],
    ['the last port is none', 'TCP 0A63CD88 B5E0 0A63CD88 0BB8 0AF40004 zzzz TIME_WAIT 39', []],
    [
      'hexadecimal without a header tells itself',
      'TCP  0A600001:01BB rr',
      ['protocol=TCP', 'address=10.96.0.1', 'port=443', 'scheduler=rr'],
    ],
    [
      'a real server of /proc without a header, at its indentation',
      '  -> 0AF40003:192B Masq 1 0 0',
      [
        'arrow=->',
        'address=10.244.0.3',
        'port=6443',
        'forward=Masq',
        'weight=1',
        'active-connections=0',
        'inactive-connections=0',
      ],
    ],
    [
      'IPv6 of /proc without a header',
      'TCP  [fd00:0010:0096:0000:0000:0000:0000:0001]:01BB rr',
      ['protocol=TCP', 'address=fd00:10:96::1', 'port=443', 'scheduler=rr'],
    ],
  ];
  for (const [name, line, expected] of cases) {
    test(name, () => assert.deepEqual(tokens(line), expected));
  }

  test('the columns are those of the header above, over the legend of real servers', () => {
    const row = '  -> 10.0.0.1:1 Masq 1 2 3';
    const counted = ['active-connections=2', 'inactive-connections=3'];
    assert.deepEqual(tokens(row, legend + remote).slice(-2), counted);
    const stats = `Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n  -> RemoteAddress:Port\n`;
    const own = tokens('  -> 10.0.0.1:1  1 2 3 4 5', `${stats}TCP 10.96.0.1:1 9 9 9 9 9\n`);
    assert.deepEqual(own.slice(-5), [
      'connections=1',
      'in-packets=2',
      'out-packets=3',
      'in-bytes=4',
      'out-bytes=5',
    ]);
  });
});

suite('an element of one of kube-proxy’s sets', () => {
  const services = {
    'services.yaml': `apiVersion: v1
kind: ServiceList
items:
- metadata: {name: web, namespace: shop}
  spec: {type: NodePort, clusterIP: 10.96.0.7, clusterIPs: [10.96.0.7], ports: [{name: a, port: 80, nodePort: 30089, protocol: TCP}]}
- metadata: {name: dns, namespace: shop}
  spec: {type: NodePort, clusterIP: 10.96.0.8, clusterIPs: [10.96.0.8], ports: [{name: b, port: 53, nodePort: 30089, protocol: UDP}]}
- metadata: {name: edge, namespace: shop}
  spec: {type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 31999, clusterIP: 10.96.0.9, clusterIPs: [10.96.0.9], ports: [{name: c, port: 81, nodePort: 30090, protocol: TCP}]}
`,
  };
  const ipvs =
    'TCP  192.168.77.2:30089 rr\nTCP  10.96.0.7:80 rr\nUDP  192.168.77.2:30089 rr\nUDP  10.96.0.8:53 rr\nTCP  10.96.0.9:81 rr\nTCP  192.168.77.2:30090 rr\n';
  const set = (name: string, type: string, element: string) => ({
    'ipvsadm-Ln.txt': ipvs,
    'ipset-save.txt': `create ${name} ${type}\nadd ${name} ${element}\n`,
    'ip-addr.txt': `${lo}2: eth0: <UP> mtu 1500\n    inet 192.168.77.2/24 scope global eth0\n`,
  });
  const ports = 'bitmap:port range 0-65535';
  const cases: [Record<string, string>, string, RegExp, RegExp?][] = [
    // A Service for TCP and one for UDP may have the same number (Kubernetes allocates port and protocol).
    [set('KUBE-NODE-PORT-TCP', ports, '30089'), '30089', /NodePort of shop\/web:a\./],
    [set('KUBE-NODE-PORT-LOCAL-UDP', ports, '30089'), '30089', /NodePort of shop\/dns:b\./],
    [set('KUBE-NODE-PORT-TCP', ports, '30111'), '30111', /port 30111/, /NodePort of/],
    [set('MINE', ports, '30089'), '30089', /of `MINE`/, /NodePort of/],
    [
      set('KUBE-HEALTH-CHECK-NODE-PORT', ports, '31999'),
      '31999',
      /healthCheckNodePort of shop\/edge\./,
    ],
    [
      set('KUBE-HEALTH-CHECK-NODE-PORT', ports, '31998'),
      '31998',
      /port 31998/,
      /healthCheckNodePort/,
    ],
    [set('KUBE-NODE-PORT-TCP', ports, '31999'), '31999', /port 31999/, /healthCheckNodePort/],
    [
      set('A', 'hash:ip,port,net', '10.0.0.1,tcp:80,10.2.0.0/16'),
      'tcp:80',
      /Looked up as dst,dst,src: destination address, destination port, source address\./,
    ],
    [set('A', 'list:set size 8', 'B'), 'add A B', /set B/, /Looked up/],
  ];
  for (const [texts, word, expected, not] of cases) {
    test(texts['ipset-save.txt']!.split('\n')[1]!, async () => {
      const context = await contextOf(
        texts,
        'ipset-save.txt',
        'ipset',
        await objectsOf(new Map(Object.entries(services))),
      );
      const line = 1;
      const text = texts['ipset-save.txt']!.split('\n')[1]!;
      const column = word.startsWith('add') ? text.length - 1 : text.indexOf(word) + 1;
      const content = await nodeHoverAt(context, line, column);
      const said = content ? toMarkdown(content.blocks).replace(/\\(.)/g, '$1') : '';
      assert.match(said, expected);
      if (not) assert.doesNotMatch(said, not);
    });
  }
});
