import assert from 'node:assert/strict';
import { finish } from '../../../src/core/work';
import { outputsIn } from '../../../src/syntax/dumps/outputs';
import { ofOneHost, severalHosts } from '../../../src/syntax/node/ofOneHost';

const rule = '0:\tfrom all lookup local\n';
const route = 'default via 10.0.0.1 dev eth0\n';
const nat = '-P PREROUTING ACCEPT\n-N KUBE-SERVICES\n';

/** `HOST: KIND ...` of each host that a text holds; undefined where it is of one. */
function hosts(text: string): string[] | undefined {
  const found = severalHosts(finish(outputsIn(text)));
  return (
    found && Array.from(found, ([name, own]) => `${name}: ${own.map(({ kind }) => kind).join(' ')}`)
  );
}

function one(text: string, wanted = 'other') {
  const { host, outputs, others, text: left } = ofOneHost(text, finish(outputsIn(text)), wanted);
  return { host, kinds: outputs.map(({ kind }) => kind), others, text: left };
}

suite('the outputs of one of several hosts', () => {
  const a = `root@node-a:~# ip rule\n${rule}`;
  const b = `root@node-b:~# ip rule\n${rule}`;
  const more = `root@node-b:~# ip route\n${route}`;

  test('prompts of two hosts, whatever they ran', () => {
    assert.deepEqual(hosts(a + b + more), ['node-a: ip-rule', 'node-b: ip-rule ip-route']);
    assert.deepEqual(hosts(a + more), ['node-a: ip-rule', 'node-b: ip-route']);
    assert.equal(hosts(a), undefined);
    assert.equal(hosts(`${a}root@node-a:~# ip route\n${route}`), undefined);
    assert.equal(hosts(''), undefined);
  });

  test('one name with its domain and without is one host', () => {
    const full = a.replace('node-a', 'node-a.example.test');
    assert.equal(hosts(a + full.replace('ip rule', 'ip route').replace(rule, route)), undefined);
    assert.deepEqual(hosts(a + b + full), ['node-a: ip-rule ip-rule', 'node-b: ip-rule']);
  });

  test('what stands above the first host is of none', () => {
    assert.deepEqual(hosts(`# ip route\n${route}${a}${b}`), ['node-a: ip-rule', 'node-b: ip-rule']);
  });

  test('headings tell hosts where two hold the same command’s output', () => {
    const two = (one: string, other: string) =>
      `=== worker-1 ===\n${one}=== worker-2 ===\n${other}`;
    const same = `$ ip rule\n${rule}`;
    assert.deepEqual(hosts(two(same, same)), ['worker-1: ip-rule', 'worker-2: ip-rule']);
    // Sections of one node, each with its own command, table or family.
    assert.equal(hosts(two(same, `$ ip route\n${route}`)), undefined);
    assert.equal(hosts(two(same, `$ ip -6 rule\n${rule}`)), undefined);
    const tables = ['nat', 'mangle'].map((table) => `$ iptables -t ${table} -S\n${nat}`);
    assert.equal(hosts(two(tables[0]!, tables[1]!)), undefined);
    assert.deepEqual(hosts(two(tables[0]!, tables[0]! + tables[1]!)), [
      'worker-1: iptables-S',
      'worker-2: iptables-S iptables-S',
    ]);
    // One heading again is no second host.
    assert.equal(hosts(two(same, same).replace('worker-2', 'worker-1')), undefined);
  });

  test('below prompts of several hosts, headings tell none', () => {
    const headed = a.replace('root', '=== pre-check ===\nroot') + b;
    assert.deepEqual(hosts(headed), ['node-a: ip-rule', 'node-b: ip-rule']);
    const within = `root@node-a:~# ./all.sh\n=== worker-1 ===\n$ ip rule\n${rule}=== worker-2 ===\n$ ip rule\n${rule}`;
    assert.deepEqual(hosts(within), ['worker-1: ip-rule', 'worker-2: ip-rule']);
  });

  test('the host that is asked for counts, else the one of most outputs, of as many the first', () => {
    assert.deepEqual(one(a + b + more, 'node-a'), {
      ...{ host: 'node-a', kinds: ['ip-rule'], others: ['node-b'] },
      text: `${a}root@node-b:~# ip rule\n\nroot@node-b:~# ip route\n`,
    });
    assert.equal(one(a + b + more, 'node-a.example.test').host, 'node-a');
    assert.deepEqual(one(a + b + more), {
      ...{ host: 'node-b', kinds: ['ip-rule', 'ip-route'], others: ['node-a'] },
      text: `root@node-a:~# ip rule\n\n${b}${more.trimEnd()}`,
    });
    assert.equal(one(b + a).host, 'node-b');
    assert.equal(one(more + b + a).host, 'node-b');
  });

  test('a text of one host is left as it is', () => {
    assert.deepEqual(one(a, 'node-b'), {
      ...{ host: undefined, kinds: ['ip-rule'], others: [], text: a },
    });
  });
});
