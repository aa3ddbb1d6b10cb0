import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask } from '../../src/inspect/ask';
import { check } from '../../src/inspect/check';
import type { Command } from '../../src/inspect/command';
import { trace } from '../../src/inspect/trace';

const fixtures = 'test/fixtures/public-faults';
const inward = ['--src', '192.0.2.99:1000', '--dst', '192.0.2.10:80/tcp', '--in', 'eth0'];

/** What a command prints. */
async function run(command: Command, ...args: readonly string[]): Promise<string> {
  const lines: string[] = [];
  const { log, error } = console;
  console.log = (text: string) => void lines.push(text);
  console.error = console.log;
  try {
    await command.run(args);
  } finally {
    Object.assign(console, { log, error });
  }
  return lines.join('\n');
}

/** Files of one node, made for a test. */
async function withFiles(
  files: Readonly<Record<string, string>>,
  test: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'node-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    await test(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const address = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 state UNKNOWN
    inet 127.0.0.1/8 scope host lo
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP
    inet 192.0.2.10/24 brd 192.0.2.255 scope global eth0
3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP
    inet 198.51.100.10/24 brd 198.51.100.255 scope global eth1
`;
const routes = `default via 192.0.2.1 dev eth0
192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.10
198.51.100.0/24 dev eth1 proto kernel scope link src 198.51.100.10
`;
const dropping = '*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n';
const nat = `*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -d 192.0.2.10/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 198.51.100.5:8080
COMMIT
`;

suite('inputs after public reports', () => {
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
      /ACCEPT if the tables of iptables-legacy, which no dump shows, .*line 5/,
      /100 %/,
    ],
    [
      'absent-dump-counts-as-empty',
      inward,
      /ACCEPT if the tables filter, .*no dump shows/,
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
    ['old-iptables-listing-flags', [...inward, '--flags', 'SYN'], /filter INPUT policy/, /^\?/m],
    [
      'wording-interfaces-not-in-listing',
      inward,
      /-i and -o .*unknown: iptables -L without -v does not print them/,
      /in\/out interfaces/,
    ],
    ['family-guessed-from-mac-or-time', inward, /MAC source[^]*DROP rule/],
  ];
  for (const [name, args, expected, never] of traces) {
    test(`${name} ${args.includes('--mark') ? 'with a mark' : ''}`.trim(), async () => {
      const text = await run(trace, `${fixtures}/${name}`, ...args);
      assert.match(text, expected);
      if (never) assert.doesNotMatch(text, never);
    });
  }

  test('ask-says-no-without-a-dump: one device of `ip addr`, ipvsadm with names', async () => {
    const folder = `${fixtures}/ask-says-no-without-a-dump`;
    assert.match(await run(ask, folder), /do its parts agree\?\n {2}(Yes|Unknown):/);
    assert.match(await run(ask, folder, '--ping', '10.96.0.1'), /Yes: kube-ipvs0 holds 10.96.0.1/);
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

suite('other inputs of the same kinds', () => {
  const here = { 'ip-addr.txt': address, 'ip-route.txt': routes };

  test('two saves of other tables, each without a name for it', async () => {
    await withFiles({ ...here, 'nat.txt': nat, 'filter.txt': dropping }, async (folder) => {
      const text = await run(trace, folder, ...inward);
      assert.match(text, /DNAT[^]*DROP: the policy of filter FORWARD/);
    });
  });

  test('`iptables-save -t nat` alone proves nothing of filter', async () => {
    await withFiles({ ...here, 'iptables-save-t-nat.txt': nat }, async (folder) => {
      assert.match(await run(trace, folder, ...inward), /ACCEPT if the tables filter/);
    });
  });

  test('a whole iptables-save proves that a table is not loaded', async () => {
    await withFiles({ ...here, 'iptables-save.txt': nat }, async (folder) => {
      assert.match(await run(trace, folder, ...inward), /100 % => ACCEPT: delivered by eth1/);
    });
  });

  test('a save that is cut proves nothing of the tables behind', async () => {
    const cut = nat.replace('COMMIT\n', '');
    await withFiles({ ...here, 'iptables-save.txt': cut }, async (folder) => {
      const text = await run(trace, folder, ...inward);
      assert.match(text, /which is cut off/);
      assert.doesNotMatch(text, /100 %/);
    });
  });

  test('an excerpt without PREROUTING', async () => {
    const excerpt = '-N KUBE-SERVICES\n-A KUBE-SERVICES -d 10.96.0.1/32 -j ACCEPT\n';
    await withFiles({ ...here, 'iptables-nat-S.txt': excerpt }, async (folder) => {
      const text = await run(trace, folder, ...inward);
      assert.match(
        text,
        /chain.* PREROUTING of nat.*, which no dump shows, do(es)? not translate it/,
      );
    });
  });

  for (const [form, text] of Object.entries({
    frames: `=== ip addr ===\n${address}=== ip route ===\n${routes}=== iptables-save ===\n${dropping}`,
    'set -x': `+ ip addr\n${address}+ ip route show\n${routes}+ iptables-save\n${dropping}`,
    'bare commands': `ip addr\n${address}\nip route\n${routes}\niptables-save\n${dropping}`,
    'no commands at all': `${address}${routes}${dropping}`,
  })) {
    test(`several commands in one file: ${form}`, async () => {
      await withFiles({ 'node.txt': text }, async (folder) => {
        assert.match(
          await run(trace, folder, ...inward),
          /100 % => DROP: the policy of filter INPUT/,
        );
      });
    });
  }

  test('`ip neigh`, `ip route get` and `ip link` are no routes and no addresses', async () => {
    const text = `# ip link\n1: lo: <LOOPBACK,UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default\n# ip neigh\n192.0.2.1 dev eth1 lladdr 00:11:22:33:44:55 REACHABLE\n# ip route get 192.0.2.10\n192.0.2.10 dev eth1 src 192.0.2.11 uid 0\n`;
    await withFiles(
      { ...here, 'iptables-save.txt': dropping, 'more.txt': text },
      async (folder) => {
        assert.match(
          await run(trace, folder, ...inward),
          /100 % => DROP: the policy of filter INPUT/,
        );
      },
    );
  });

  test('one family per file, one set per file', async () => {
    const set = (name: string, entry: string) =>
      `create ${name} hash:ip family inet hashsize 1024 maxelem 65536\nadd ${name} ${entry}\n`;
    const rules = `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -m set --match-set one src -j DROP\n-A INPUT -m set --match-set two src -j REJECT\nCOMMIT\n`;
    const files = {
      'ip-4-addr.txt': address,
      'ip-6-addr.txt': '1: lo: <LOOPBACK,UP> mtu 65536\n    inet6 ::1/128 scope host\n',
      'ip-route.txt': routes,
      'ipset-save-one.txt': set('one', '10.0.0.1'),
      'ipset-save-two.txt': set('two', '192.0.2.99'),
      'iptables-save.txt': rules,
    };
    await withFiles(files, async (folder) => {
      assert.match(await run(trace, folder, ...inward), /100 % => REJECT/);
    });
  });

  test('headerless IPv6 rules under the name of ip6tables, times and MACs are no addresses', async () => {
    const six = '*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT DROP [0:0]\nCOMMIT\n';
    const four = `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -m time --timestart 12:30:00 --timestop 13:00:00 -j ACCEPT\nCOMMIT\n`;
    const files = { ...here, 'ip6tables-save.txt': six, 'iptables-save.txt': four };
    await withFiles(files, async (folder) => {
      assert.doesNotMatch(await run(trace, folder, ...inward), /=> DROP/);
      const checked = await run(check, join(folder, 'ip6tables-save.txt'));
      assert.match(checked, /IPv6/);
    });
  });

  test('ifconfig and route -n serve where `ip` is missing', async () => {
    const ifconfig = `eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500
        inet 192.0.2.10  netmask 255.255.255.0  broadcast 192.0.2.255
eth1: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500
        inet 198.51.100.10  netmask 255.255.255.0  broadcast 198.51.100.255
lo: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536
        inet 127.0.0.1  netmask 255.0.0.0
`;
    const table = `Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
0.0.0.0         192.0.2.1       0.0.0.0         UG    0      0        0 eth0
192.0.2.0       0.0.0.0         255.255.255.0   U     0      0        0 eth0
198.51.100.0    0.0.0.0         255.255.255.0   U     0      0        0 eth1
`;
    const files = { 'ifconfig.txt': ifconfig, 'route-n.txt': table, 'iptables-save.txt': nat };
    await withFiles(files, async (folder) => {
      assert.match(await run(trace, folder, ...inward), /out by eth1 {2}\(route-n.txt:5\)/);
    });
  });

  for (const names of [
    ['iptables_-t_nat_-S', 'iptables_-S', 'ip_addr_show', 'ip_route_list_table_main'],
    ['iptables-Lnv-2016-06-27_16-29-01', 'ip-addr-2016-06-27_16-29-02', 'ip-route-ls'],
  ]) {
    test(`names of commands are no nodes: ${names.join(' ')}`, async () => {
      const files = Object.fromEntries(
        names.map((name) => [
          `${name}.txt`,
          name.includes('route') ? routes : name.includes('addr') ? address : '-P INPUT ACCEPT\n',
        ]),
      );
      await withFiles(files, async (folder) => {
        assert.doesNotMatch(await run(trace, folder, ...inward), /several nodes/);
      });
    });
  }
});
