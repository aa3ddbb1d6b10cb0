import assert from 'node:assert/strict';
import { findingsByService } from '../../../src/core/findings/byService';
import { checkNode } from '../../../src/core/findings/checkNode';
import { programmed } from '../../../src/core/kubeproxy/programmed';
import { finish } from '../../../src/core/work';
import { nodeOf } from '../flow/sampleNode';
import { edited, rules, type Edit } from './cases/case';
import { healthy, routed } from './cases/small';
import { findingsOf } from './checkText';

suite('findings name the other place that they speak of', () => {
  const before = (line: string, more: string): Edit => [rules, line, `${more}\n${line}`];
  const hook = '-A PREROUTING -j KUBE-SERVICES';
  const cases: Readonly<Record<string, readonly [edits: readonly Edit[], other: RegExp]>> = {
    'duplicate-jump': [[before(hook, hook)], /^-A PREROUTING -j KUBE-SERVICES$/],
    'uneven-shares': [
      [[rules, '--probability 0.50000000000', '--probability 0.60000000000']],
      /-j KUBE-SEP-AJHR67BPPEH4YV3Z$/,
    ],
    'rule-never-matches': [
      [before('-A INPUT', '-A INPUT -s 10.0.0.0/8 -j ACCEPT\n-A INPUT -s 10.1.0.0/16 -j DROP')],
      /^-A INPUT -s 10\.0\.0\.0\/8/,
    ],
    'host-port-hides-node-port': [
      [
        before(
          hook,
          '-A PREROUTING -j CNI-HOSTPORT-DNAT\n-A CNI-HOSTPORT-DNAT -p tcp -m tcp --dport 30089 -j X',
        ),
      ],
      /^-A KUBE-NODEPORTS /,
    ],
    'masquerade-bit-set-by-others': [
      [before(hook, '-A PREROUTING -i tun0 -j MARK --set-xmark 0x4000/0x4000')],
      /^-A KUBE-MARK-MASQ /,
    ],
    'mark-without-masquerade': [
      [[rules, '-A KUBE-POSTROUTING -j MASQUERADE --random-fully\n', '']],
      /^-A KUBE-MARK-MASQ /,
    ],
    'masquerade-of-two-releases': [
      [
        before(
          '-A KUBE-POSTROUTING -m mark !',
          '-A KUBE-POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE',
        ),
      ],
      /^-A KUBE-POSTROUTING -j MASQUERADE/,
    ],
    'forwarding-off': [
      [['sysctl.txt', '', 'net.ipv4.ip_forward = 0\n']],
      /^-A KUBE-SERVICES -d 10\.99\.205\.136/,
    ],
    'dropped-by-other-rules': [
      [before('-A FORWARD', '-A FORWARD -p tcp -j DROP')],
      /KUBE-SVC-DC3OOLRZIWFKJHLB/,
    ],
    'translated-by-other-rules': [
      [
        before(
          '-A OUTPUT -j',
          '-A OUTPUT -d 10.99.0.0/16 -p tcp -j DNAT --to-destination 10.0.0.9:80',
        ),
      ],
      /^-A KUBE-SERVICES -d 10\.99\.205\.136/,
    ],
    'service-rules-passed-over': [
      [before('-A OUTPUT -j', '-A OUTPUT -d 10.99.0.0/16 -j ACCEPT')],
      /^-A KUBE-SERVICES -d 10\.99\.205\.136/,
    ],
  };
  for (const [code, [edits, other]] of Object.entries(cases)) {
    test(code, async () => {
      const files = edited(routed, edits);
      const found = (await findingsOf(files, code)).filter((one) => one.code === code);
      assert.ok(found.length > 0);
      for (const { range, related = [] } of found) {
        assert.deepEqual(related.length, 1);
        const [{ message, range: place }] = related as [(typeof related)[number]];
        assert.match(files[place.source]!.split('\n')[place.line]!, other);
        assert.notEqual(message, '');
        assert.notDeepEqual([place.source, place.line], [range.source, range.line]);
      }
    });
  }
});

suite('which Service a finding is about', () => {
  const ipvsadm = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.96.0.50:80 rr
  -> 10.244.0.2:8080              Masq    1      0          0
  -> 10.244.1.2:8080              Masq    0      0          0
TCP  10.96.0.51:80 rr
`;

  const told = async (files: Readonly<Record<string, string>>) => {
    const { node } = await nodeOf(new Map(Object.entries(files)));
    const { ports } = finish(programmed(node));
    const by = finish(findingsByService(finish(checkNode(node)), ports));
    const codes = (some: readonly { readonly code: string }[]) => some.map(({ code }) => code);
    return {
      services: Object.fromEntries([...by.services].map(([name, some]) => [name, codes(some)])),
      node: codes(by.node),
    };
  };

  test('of IPVS by the row: the virtual server, and each of its real servers', async () => {
    const { services, node } = await told({ 'ipvsadm-Ln.txt': ipvsadm });
    assert.deepEqual(services, {
      '10.96.0.50:80/tcp': ['real-server-drained'],
      '10.96.0.51:80/tcp': ['virtual-server-without-real-server'],
    });
    // What ends with a release is of the node, also where such a row shows the mode.
    assert.ok(node.includes('ipvs-mode-ends'));
  });

  test('of IPVS that names rows of several Services: the node', async () => {
    const two = `${ipvsadm}TCP  10.96.0.52:80 rr\n`;
    const { services, node } = await told({ 'ipvsadm-Ln.txt': two });
    assert.deepEqual(services, { '10.96.0.50:80/tcp': ['real-server-drained'] });
    assert.ok(node.includes('virtual-server-without-real-server'));
  });

  test('a Service without endpoints is told once, with the addresses that it has in ipvs mode', async () => {
    const files = {
      'ipvsadm-Ln.txt': `${ipvsadm}TCP  192.0.2.1:30080 rr\nTCP  192.0.2.2:30080 rr\nTCP  192.0.2.3:30080 rr\n`,
      'objects.yaml': `apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { type: NodePort, clusterIP: 10.96.0.51, ports: [{ port: 80, nodePort: 30080 }] }
`,
    };
    const found = (await findingsOf(files)).filter(
      ({ code }) => code === 'virtual-server-without-real-server',
    );
    assert.deepEqual(
      found.map(({ message, service, range }) => [message, service, range.line]),
      [
        [
          'shop/web has no real server at 10.96.0.51:80/tcp, 192.0.2.1:30080/tcp, 192.0.2.2:30080/tcp and 1 more: it has no endpoint that could serve there, and connections are refused.',
          'shop/web',
          6,
        ],
      ],
    );
  });

  test('of rules by the word of the check; what is about none is of the node', async () => {
    const shares = [[rules, '--probability 0.50000000000', '--probability 0.60000000000']] as const;
    const lost = [[rules, '-m tcp --dport 3000 -j KUBE-SVC', '-m tcp -j KUBE-SVC']] as const;
    assert.deepEqual((await told(edited(healthy, shares))).services, {
      'default/whoami': ['uneven-shares'],
    });
    const { services, node } = await told(edited(healthy, lost));
    assert.ok(node.includes('service-rule-without-port'));
    assert.deepEqual(services, {});
  });

  test('a comment that does not fit is of the Service whose rule has it', async () => {
    const wrong = [[rules, '"default/whoami cluster IP"', '"default/other cluster IP"']] as const;
    const { services } = await told(edited(healthy, wrong));
    assert.deepEqual(Object.values(services).flat(), ['service-name-mismatch']);
  });

  test('another place that it names takes it away only where that is of another Service', async () => {
    const { node } = await nodeOf(new Map([['ipvsadm-Ln.txt', ipvsadm]]));
    const { ports } = finish(programmed(node));
    const range = (line: number) => ({ source: 'ipvsadm-Ln.txt', line, start: 0, end: 1 });
    const named = (code: string, line: number, ...others: readonly number[]) => {
      const related = others.map((one) => ({ message: 'm', range: range(one) }));
      const finding = {
        severity: 'warning',
        code,
        message: 'm',
        range: range(line),
        related,
      } as const;
      return [...finish(findingsByService([finding], ports)).services.keys()].join();
    };
    const [first, second] = ['10.96.0.50:80/tcp', '10.96.0.51:80/tcp'];
    const code = 'real-server-drained';
    assert.equal(named(code, 3), first);
    assert.equal(named(code, 5), first);
    assert.equal(named(code, 6), second);
    assert.equal(named(code, 99), '');
    // Its own row, and a line that is of no Service.
    assert.equal(named(code, 3, 4, 0), first);
    assert.equal(named(code, 3, 0, 6), '');
    // Of an upgrade, whatever row shows it; of no check, the row alone tells.
    assert.equal(named('ipvs-mode-ends', 3), '');
    assert.equal(named('no-such-check', 3), first);
  });

  test('nothing found is about nobody', () => {
    assert.deepEqual(finish(findingsByService([], [])), { services: new Map(), node: [] });
  });
});

suite('the order of what is found', () => {
  test('the worst first', async () => {
    const files = edited(healthy, [
      [rules, '-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0\n', ''],
      [rules, '--probability 0.50000000000', '--probability 0.60000000000'],
      [rules, '-A PREROUTING -j KUBE-SERVICES\n', ''],
      // Told while the rules are read, before any check.
      [rules, '"default/whoami cluster IP"', '"default/other cluster IP"'],
    ]);
    const found = (await findingsOf(files)).map(({ severity }) => severity);
    const order = ['error', 'warning', 'information'];
    assert.deepEqual(
      found,
      [...found].sort((left, right) => order.indexOf(left) - order.indexOf(right)),
    );
    assert.deepEqual([...new Set(found)], order);
  });

  test('what a chain without a share for some of its connections says', async () => {
    const message = async (...edits: readonly Edit[]) =>
      (await findingsOf(edited(healthy, edits), 'uneven-shares'))[0]!.message;
    const half = '--probability 0.50000000000';
    const whole = await message([rules, half, '--probability 0.60000000000']);
    assert.match(whole, /gets 60 % .* 40 %; kube-proxy gives each the same\.$/);
    const last = '-A KUBE-SVC-DC3OOLRZIWFKJHLB -j';
    const lost = await message(
      [rules, half, '--probability 0.30000000000'],
      [rules, last, last.replace('-j', '-m statistic --mode random --probability 0.5 -j')],
    );
    assert.match(
      lost,
      /gets 35 % .* 30 %; kube-proxy gives each the same\. 35 % of it goes to none\.$/,
    );
  });
});

suite('what a finding says of many', () => {
  const told = async (edits: readonly Edit[], code: string) => {
    const found = (await findingsOf(edited(healthy, edits), code)).filter(
      (one) => one.code === code,
    );
    return found.map(({ message }) => message);
  };

  test('chains that lead back to themselves: the first six, in their order', async () => {
    const loop = (length: number) => {
      const names = Array.from({ length }, (_, i) => `c${i}`);
      const jumps = names.map((name, i) => `-A ${name} -j ${names[(i + 1) % length]}\n`);
      return told([[rules, /^-A INPUT/m, `-A INPUT -j c0\n${jumps.join('')}$&`]], 'chain-loop');
    };
    assert.match((await loop(1)).join(), /themselves: c0 -> c0\. /);
    assert.match((await loop(2)).join(), /themselves: c0 -> c1 -> c0\. /);
    assert.match((await loop(6)).join(), /: c0 -> c1 -> c2 -> c3 -> c4 -> c5 -> c0\. /);
    assert.match((await loop(7)).join(), /: c0 -> c1 -> c2 -> c3 -> c4 -> c5 -> \.\.\. -> c0\. /);
  });
});
