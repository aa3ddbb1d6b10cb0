import assert from 'node:assert/strict';
import { programmed } from '../../../src/core/kubeproxy/programmed';
import { fatesOf } from '../../../src/core/questions/fates';
import { askNodePort } from '../../../src/core/questions/nodePort';
import { askService } from '../../../src/core/questions/service';
import { finish } from '../../../src/core/work';
import { edited, rules, type Edit } from '../findings/cases/case';
import { routed, server, smallIpvs } from '../findings/cases/small';
import type { Files } from '../findings/checkText';
import { nodeOf } from '../flow/sampleNode';

const read = async (files: Files) => (await nodeOf(new Map(Object.entries(files)))).node;
const first = (chain: string, rule: string): Edit => [
  rules,
  new RegExp(`^-A ${chain} `, 'm'),
  `-A ${chain} ${rule}\n$&`,
];
const without = (...names: readonly string[]): Files =>
  Object.fromEntries(Object.entries(routed).filter(([name]) => !names.includes(name)));

/** The answer of each who asks: a pod and the node at the ClusterIP, a client and the node at the node port. */
async function answers(files: Files) {
  const node = await read(files);
  const [port] = finish(programmed(node)).ports;
  return finish(askService(node, port!));
}

suite('what becomes of a packet to a Service', () => {
  const through = /^Yes: 50 % to 10\.244\.0\.3:3000, [^;]*; 50 % to 10\.244\.0\.4:3000, [^;]*\.$/;

  test('a node whose dumps tell all: from everywhere to the endpoints', async () => {
    const all = await answers(routed);
    assert.deepEqual(
      all.map(({ question }) => question.replace(/^Does default\/whoami answer /, '')),
      [
        'a pod at 10.99.205.136:3000?',
        'this node at 10.99.205.136:3000?',
        'a client outside at 192.168.77.10:30089?',
        'this node at 192.168.77.10:30089?',
      ],
    );
    for (const { answer, certainty, command } of all) {
      assert.match(answer, through);
      assert.deepEqual([certainty, command], ['certain', undefined]);
    }
  });

  test('what no rule takes leaves as it came, or meets the node’s own processes', async () => {
    const files = edited(routed, [[rules, '-A PREROUTING -j KUBE-SERVICES\n', '']]);
    const [pod, node, outside] = await answers(files);
    assert.match(pod!.answer, /^No: LOST \(no rule .* takes it, and it leaves as it came\)\.$/);
    assert.match(node!.answer, through);
    assert.match(outside!.answer, /^No: LOST \(no rule .* only a process of the node itself/);
  });

  test('another port of the node is somebody’s who answers', async () => {
    const redirect = '-p tcp -m tcp --dport 30089 -j REDIRECT --to-ports 8080';
    const [, , outside] = await answers(edited(routed, [first('PREROUTING', redirect)]));
    assert.equal(outside!.answer, 'Yes: to 192.168.77.10:8080 on the node itself.');
  });

  test('an endpoint of another node: the answer passes this node by, which masquerades nothing', async () => {
    const elsewhere: readonly Edit[] = ['3', '4'].map((n) => [
      rules,
      new RegExp(`10\\.244\\.0\\.${n}\\b`, 'g'),
      `10.244.1.${n}`,
    ]);
    const [pod, , outside] = await answers(edited(routed, elsewhere));
    assert.match(pod!.answer, /^Yes: 50 % to 10\.244\.1\.3:3000, /);
    const lost =
      /^No: (?:50 % )?LOST \(it goes on to 10\.244\.1\.3 on another node with the client's own/;
    assert.match(outside!.answer, lost);
    assert.equal(outside!.certainty, 'certain');
  });

  test('ipvs mode: only the ClusterIP is no source that answers come back to', async () => {
    const small = smallIpvs(
      server('10.96.0.1:443', '10.244.0.3:3000') + server('192.168.77.10:30080', '10.244.0.3:3000'),
      '-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT\n',
    );
    const ports =
      'create KUBE-NODE-PORT-TCP bitmap:port range 0-65535\nadd KUBE-NODE-PORT-TCP 30080\n';
    const node = await read({ ...small, 'ipset-save.txt': `${small['ipset-save.txt']}${ports}` });
    const ofNode = finish(programmed(node)).ports.flatMap((port) =>
      finish(askService(node, port)).filter(({ question }) => question.includes('this node')),
    );
    assert.deepEqual(
      ofNode.map(({ question, answer }) => [question, answer]),
      [
        [
          'Does 10.96.0.1:443/tcp answer this node at 10.96.0.1:443?',
          'No: LOST (it leaves with the ClusterIP 10.96.0.1 as its source, and the answer never comes back).',
        ],
        [
          'Does 192.168.77.10:30080/tcp answer this node at 192.168.77.10:30080?',
          'Yes: 100 % to 10.244.0.3:3000, which sees the source 192.168.77.10.',
        ],
      ],
    );
  });

  test('the rule that refuses is shown', async () => {
    const drop = '-d 10.244.0.3/32 -j DROP';
    const files = edited(routed, [first('FORWARD', drop)]);
    const [pod] = await answers(files);
    assert.match(pod!.answer, /^No: DROP \(a DROP rule\); 50 % to 10\.244\.0\.4:3000, /);
    assert.deepEqual(
      pod!.findings.map(({ code, range }) => [code, files[rules]!.split('\n')[range.line]]),
      [['way-ends', `-A FORWARD ${drop}`]],
    );
  });

  test('of many endpoints six are told, and how many more there are', async () => {
    const chain = (i: number) => `KUBE-SEP-AAAAAAAAAAAAAAA${'ABCDEF'[i]}`;
    const [more, jumps] = [
      (i: number) => `-A ${chain(i)} -p tcp -m tcp -j DNAT --to-destination 10.244.0.2${i}:3000\n`,
      (i: number) =>
        `-A KUBE-SVC-DC3OOLRZIWFKJHLB -m statistic --mode random --probability 0.1 -j ${chain(i)}\n`,
    ];
    const all = [0, 1, 2, 3, 4, 5];
    const [pod] = await answers(
      edited(routed, [
        [rules, ':KUBE-SERVICES', `${all.map((i) => `:${chain(i)} - [0:0]\n`).join('')}$&`],
        [rules, /^-A KUBE-SVC-\S+ -m statistic/m, `${all.map(jumps).join('')}$&`],
        [rules, '-A KUBE-SERVICES -d', `${all.map(more).join('')}$&`],
      ]),
    );
    assert.equal(pod!.answer.split('10.244.0.').length - 1, 6);
    assert.match(pod!.answer, /; and 2 ways more\.$/);
  });
});

suite('which rule of others keeps a packet from those of a Service', () => {
  const own = '-A KUBE-SERVICES -d 10.99.205.136/32';
  const toNodePorts = '-A KUBE-SERVICES -m addrtype';
  const behind = (rule: string): Edit => [rules, toNodePorts, `${rule}\n${toNodePorts}`];
  const none = [undefined, undefined, undefined, undefined];
  const pre = (text: string) => [text, undefined, text, undefined];
  const out = (text: string) => [undefined, text, undefined, text];
  for (const [what, edits, expected] of [
    ['none', [], none],
    ['what comes in', [first('PREROUTING', '-j ACCEPT')], pre('rule 1 of nat PREROUTING (ACCEPT)')],
    ['what the node sends', [first('OUTPUT', '-j RETURN')], out('rule 1 of nat OUTPUT (RETURN)')],
    [
      'before all Services',
      [first('KUBE-SERVICES', '-j RETURN')],
      Array(4).fill('rule 1 of nat KUBE-SERVICES (RETURN)'),
    ],
    [
      'behind its ClusterIP, before all node ports',
      [behind('-A KUBE-SERVICES -j ACCEPT')],
      [undefined, undefined].concat(Array(2).fill('rule 2 of nat KUBE-SERVICES (ACCEPT)')),
    ],
    [
      'behind its own rule, which asks for somebody else',
      [
        [rules, own, own.replace('-d', '-s 10.9.9.0/24 -d')],
        behind('-A KUBE-SERVICES -d 10.99.205.136/32 -j RETURN'),
      ],
      none,
    ],
    [
      'in a chain that others call before',
      [first('PREROUTING', '-j MINE'), [rules, toNodePorts, `-A MINE -j ACCEPT\n${toNodePorts}`]],
      pre('rule 1 of nat MINE (ACCEPT)'),
    ],
    [
      'that leads back to the hook: what is left out there is not kept',
      [first('PREROUTING', '-j MINE'), [rules, toNodePorts, `-A MINE -j RETURN\n${toNodePorts}`]],
      none,
    ],
    [
      'a chain that leads back to the hook is none, where nothing leads to Services',
      [
        [rules, '-A PREROUTING -j KUBE-SERVICES\n', ''],
        [rules, toNodePorts, `-A PREROUTING -j MINE\n-A MINE -j RETURN\n${toNodePorts}`],
      ],
      none,
    ],
    [
      'nor what is asked behind the way out',
      [
        [rules, '-A PREROUTING -j KUBE-SERVICES\n', ''],
        [rules, toNodePorts, `-A POSTROUTING -j MINE\n-A MINE -j ACCEPT\n${toNodePorts}`],
      ],
      none,
    ],
    [
      'a chain of kube-proxy’s own is none of others',
      [
        [rules, '-A PREROUTING -j KUBE-SERVICES\n', ''],
        [rules, toNodePorts, `-A PREROUTING -j KUBE-OWN\n-A KUBE-OWN -j ACCEPT\n${toNodePorts}`],
      ],
      none,
    ],
    [
      'of another table',
      [
        [rules, 'COMMIT\n*filter', '-A PREROUTING -j ACCEPT\nCOMMIT\n*filter'],
        [rules, '-A PREROUTING -j KUBE-SERVICES\n', ''],
      ],
      none,
    ],
  ] as readonly (readonly [string, readonly Edit[], readonly (string | undefined)[]])[]) {
    test(what, async () => {
      const kept = (await answers(edited(routed, edits))).map(
        ({ answer }) => /: (rule .*) keeps it from the Service's rules/.exec(answer)?.[1],
      );
      assert.deepEqual(kept, expected);
    });
  }
});

suite('what the node’s dumps do not tell is as it usually is', () => {
  /** For each who asks, whether something is made up, and what would tell it. */
  async function usual(files: Files) {
    const node = await read(files);
    const [port] = finish(programmed(node)).ports;
    return finish(fatesOf(node, port!)).map(({ usual }) => usual?.commands.join(', '));
  }
  const [addresses, routes] = ['ip addr', 'ip route show table all'];
  /** Rules of which the end is cut off, without those that the node's own packets meet. */
  const noOutput: readonly Edit[] = [
    [rules, '-A OUTPUT -j KUBE-SERVICES\n', ''],
    [rules, /:OUTPUT ACCEPT \[0:0\]\n(?=:POSTROUTING)/, ''],
    [rules, /COMMIT\n$/, ''],
  ];
  for (const [text, files, expected] of [
    ['nothing where they tell all', routed, [undefined, undefined, undefined, undefined]],
    [
      'devices of pods and clients, and by what the node’s own packets leave',
      without('ip-route.txt'),
      [routes, routes, routes, undefined],
    ],
    [
      'a pod of this node, where no route and no bridge tells of any',
      edited(routed, [
        ['ip-route.txt', /^(?:local )?10\.244\..*\n/gm, ''],
        ['ip-addr.txt', /^3: cni0[^]*$/m, ''],
      ]),
      ['', undefined, undefined, undefined],
    ],
    [
      'the source that the node’s own packets have',
      without('ip-addr.txt'),
      [undefined, addresses, undefined, undefined],
    ],
    [
      'rules that the node’s own packets meet, where they are not at hand',
      edited(routed, noOutput),
      [undefined, '', undefined, ''],
    ],
    [
      'of one family, where those of the other are whole',
      { ...edited(routed, noOutput), 'ip6tables-save.txt': '*nat\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n' },
      [undefined, '', undefined, ''],
    ],
  ] as const) {
    test(text, async () => assert.deepEqual(await usual(files), expected));
  }

  test('without `ip addr`: the node’s address by its routes', async () => {
    const main = edited(without('ip-addr.txt'), [['ip-route.txt', /^local .*\n/gm, '']]);
    for (const files of [without('ip-addr.txt'), main]) {
      const outside = (await answers(files))[2]!;
      assert.match(outside.question, /at 192\.168\.77\.10:30089\?$/);
      assert.match(outside.answer, /^(?:Yes|Likely): 50 % to 10\.244\.0\.3:3000/);
    }
  });

  test('an address that stands for the node’s own is the node’s, whatever its routes are', async () => {
    const files = edited(without('ip-addr.txt'), [
      ['ip-route.txt', /^192\.168\.77\.0.*\n/m, ''],
      ['ip-route.txt', /^local 192\.168\.77\.10 .*\n/m, ''],
    ]);
    const outside = (await answers(files))[2]!;
    assert.match(outside.question, /answer a client outside at NodePort 30089\?$/);
    assert.match(outside.answer, /^Likely: 50 % to 10\.244\.0\.3:3000/);
    assert.match(
      askNodePort(await read(files), { port: 30089 }).answer,
      /^Likely: by default\/whoami to 10\.244\.0\.3:3000/,
    );
  });
});
