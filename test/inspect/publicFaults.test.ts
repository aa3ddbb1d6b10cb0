import assert from 'node:assert/strict';
import { ask } from '../../src/inspect/ask';
import { check } from '../../src/inspect/check';
import { trace } from '../../src/inspect/trace';
import { inward, run } from './madeNode';

const fixtures = 'test/fixtures/public-faults';

suite('inputs after public reports', function () {
  this.timeout(60_000);

  const traces: readonly (readonly [string, readonly string[], RegExp, RegExp?])[] = [
    [
      'one-table-per-file',
      inward,
      /DNAT to 198.51.100.5[^]*100 % => DROP: the policy of filter FORWARD/,
    ],
    [
      'ipv6-routing-rules-ignored',
      ['--src', '[2001:db8:2::10]:1', '--dst', '[2001:db8:9::1]:80/tcp', '--local'],
      /out by eth1 via 2001:db8:2::1 {2}\(ip-6-route-table-100.txt:1\)/,
    ],
    [
      'local-route-in-numbered-table',
      ['--src', '192.0.2.99:1', '--dst', '203.0.113.5:80/tcp', '--in', 'eth0'],
      /out by eth0 via 192.0.2.1/,
    ],
    [
      'local-route-in-numbered-table',
      ['--src', '192.0.2.99:1', '--dst', '203.0.113.5:80/tcp', '--in', 'eth0', '--mark', '0x200'],
      /to the node itself/,
    ],
    [
      'findings-do-not-reach-the-trace',
      inward,
      /ACCEPT if the tables of iptables-legacy, which are missing, .*line 5/,
      /100 %/,
    ],
    [
      'absent-dump-counts-as-empty',
      inward,
      /ACCEPT if the tables filter, .*which are missing/,
      /100 %/,
    ],
    [
      'ip-rule-words',
      ['--src', '198.51.100.10:1', '--dst', '203.0.113.5:80/tcp', '--local'],
      /out by eth1 via 198.51.100.1/,
    ],
    ['several-commands-in-one-file', inward, /100 % => DROP: the policy of filter INPUT/],
    [
      'folder-names-of-one-node',
      ['--src', '198.51.100.10:1', '--dst', '203.0.113.5:80/tcp', '--local'],
      /out by eth1 via 198.51.100.1/,
    ],
    ['utf-16-in-trace', inward, /100 % => DROP: the policy of filter INPUT/],
    ['ip-link-as-addresses', inward, /to the node itself/, /delivered by/],
    ['old-iptables-listing-flags', [...inward, '--flags', 'SYN'], /filter INPUT: policy/, /^\?/m],
    [
      'wording-interfaces-not-in-listing',
      inward,
      /-i and -o .*unknown: iptables -L without -v does not print them/,
      /in\/out interfaces/,
    ],
    [
      'ipvs-route-and-local-on-this-node',
      ['--src', '192.0.2.99:40000', '--dst', '192.0.2.200:443/tcp', '--in', 'eth0'],
      /100 % => ACCEPT: delivered to the node itself, 192.0.2.99:40000 > 192.0.2.200:443$/m,
    ],
    [
      'ipvs-route-and-local-on-this-node',
      ['--src', '192.0.2.99:40000', '--dst', '192.0.2.200:6443/tcp', '--in', 'eth0'],
      /100 % => ACCEPT: delivered to the node itself, 192.0.2.99:40000 > 192.0.2.200:6443$/m,
      /by eth0/,
    ],
    [
      'known-connections-ignored',
      ['--src', '10.12.0.14:43145', '--dst', '10.15.240.10:53/udp', '--in', 'cbr0'],
      /known connection {2}\(conntrack-L.txt:1\)[^]*100 % => ACCEPT: delivered by eth0/,
      /DNAT/,
    ],
    [
      'non-terminating-targets',
      ['--src', '192.0.2.99:1000', '--dst', '198.51.100.20:80/tcp', '--in', 'eth0'],
      /CLASSIFY[^]*100 % => ACCEPT: delivered by eth1/,
      /UNKNOWN|not modelled/,
    ],
    ['family-guessed-from-mac-or-time', inward, /MAC source[^]*DROP rule/],
  ];
  for (const [name, args, expected, never] of traces) {
    test(`${name}: ${args.join(' ')}`, async () => {
      const text = await run(trace, `${fixtures}/${name}`, ...args);
      assert.match(text, expected);
      if (never) assert.doesNotMatch(text, never);
    });
  }

  test('ask-says-no-without-a-dump: one device of `ip addr`, ipvsadm with names', async () => {
    const folder = `${fixtures}/ask-says-no-without-a-dump`;
    assert.match(await run(ask, folder), /do its parts agree\?\n {2}(Yes|Unknown):/);
    assert.match(
      await run(ask, folder, '--ping', '10.96.0.1'),
      /Yes: kube-ipvs0 holds 10.96.0.1, .*, unless it rejects .* 1.26 and later/,
    );
  });

  test('ask-ping-nobody-has-the-address', async () => {
    const text = await run(
      ask,
      `${fixtures}/ask-ping-nobody-has-the-address`,
      '--ping',
      '10.244.0.9',
    );
    assert.match(text, /Unknown: no rule takes .* leaves by veth1; whether 10.244.0.9 answers/);
  });

  test('nodeport-that-no-service-has', async () => {
    const folder = `${fixtures}/nodeport-that-no-service-has`;
    const text = await run(ask, folder, '--nodeport', '31999');
    assert.match(text, /No rule of KUBE-NODEPORTS takes 31999\/tcp on this node: it goes to no/);
    assert.match(text, /error: No Service has the NodePort/);
    assert.doesNotMatch(await run(ask, folder, '--nodeport', '30080'), /goes to no Service/);
  });

  test('restore-input-forms: `* nat`, built-in chains undeclared, `--to-port`', async () => {
    for (const file of ['istio.rules', 'undeclared.rules']) {
      const text = await run(check, `${fixtures}/restore-input-forms/${file}`);
      assert.doesNotMatch(text, /error/, text);
      assert.match(text, /\bnat\b/);
    }
  });

  test('table-told-by-the-file-name', async () => {
    const folder = `${fixtures}/table-told-by-the-file-name`;
    const text = await run(check, `${folder}/iptables-t-nat-L-KUBE-SERVICES-n.txt`);
    assert.match(text, /nat +1 chains/);
    assert.doesNotMatch(text, /table-not-named/);
    const asked = await run(ask, folder);
    assert.match(asked, /Yes: .*rules ask kube-proxy's sets/);
    assert.doesNotMatch(asked, /^ {2}No: .*virtual servers/m);
  });
});
