import assert from 'node:assert/strict';
import { dumpCommand } from '../../../src/syntax/dumps/command';
import { outputsIn, outputsOf } from '../../../src/syntax/dumps/outputs';

suite('the command above an output', () => {
  test('what is asked, of which family and table', () => {
    for (const [line, expected] of [
      ['iptables-save', { kind: 'iptables-save', family: 4, table: undefined }],
      ['ip6tables-save -t nat', { kind: 'ip6tables-save', family: 6, table: 'nat' }],
      ['xtables-save', { kind: 'iptables-save', family: undefined, table: undefined }],
      ['iptables -S', { kind: 'iptables-S', family: 4, table: 'filter' }],
      ['iptables --list-rules -tnat', { kind: 'iptables-S', family: 4, table: 'nat' }],
      ['iptables --table=raw -nvL', { kind: 'iptables-L', family: 4, table: 'raw' }],
      ['iptables --table mangle -L', { kind: 'iptables-L', family: 4, table: 'mangle' }],
      ['iptables -vS', { kind: 'iptables-S', family: 4, table: 'filter' }],
      ['iptables -L cali-S', { kind: 'iptables-L', family: 4, table: 'filter' }],
      ['/usr/sbin/iptables-legacy -L', { kind: 'iptables-L', family: 4, table: 'filter' }],
      ['ip a', { kind: 'ip-addr', family: undefined }],
      ['ip -4 addr show', { kind: 'ip-addr', family: 4 }],
      ['ip -j address', { kind: 'ip-addr-json', family: undefined }],
      ['ip -json -6 addr', { kind: 'ip-addr-json', family: 6 }],
      ['ip -f inet6 addr', { kind: 'ip-addr', family: 6 }],
      ['ip -family inet rule', { kind: 'ip-rule', family: 4 }],
      ['ip -rc 1048576 -6 n', { kind: 'ip-neigh', family: 6 }],
      // Behind the object an option is none of ip's.
      ['ip addr show -4', { kind: 'ip-addr', family: undefined }],
      ['ip -o -4 a', { kind: 'ip-addr', family: 4 }],
      // Of another network namespace.
      ['ip -n blue addr', {}],
      ['ip -netns blue route', {}],
      ['ip netns exec blue ip addr', { kind: undefined, family: undefined }],
      ['ip', undefined],
      ['ip -4', undefined],
      ['ip ru ls', { kind: 'ip-rule', family: 4 }],
      ['ip -6 rule', { kind: 'ip-rule', family: 6 }],
      ['ip r', { kind: 'ip-route', family: 4, table: undefined }],
      ['ip route show table 100', { kind: 'ip-route', family: 4, table: '100' }],
      ['ip route show table all', { kind: 'ip-route', family: 4, table: undefined }],
      ['ip -6 route ls table local', { kind: 'ip-route', family: 6, table: 'local' }],
      ['ip route get 10.0.0.1', {}],
      ['netstat -rn', { kind: 'route-n', family: 4 }],
      ['netstat -nr', { kind: 'route-n', family: 4 }],
      ['netstat --route', { kind: 'route-n', family: 4 }],
      ['netstat -6 -rn', {}],
      ['netstat -tlnp', {}],
      ['netstat --routes', {}],
      ['ip link', { kind: 'ip-link', family: undefined }],
      ['ip n', { kind: 'ip-neigh', family: undefined }],
      ['ip neighbour show', { kind: 'ip-neigh', family: undefined }],
      ['ip maddr', { kind: 'ip-maddr', family: undefined }],
      ['ip -s xfrm state', { kind: undefined, family: undefined }],
      ['ip daddr 10.96.0.1', undefined],
      ['ip addrs', undefined],
      ['ipset save', { kind: 'ipset-save' }],
      ['ipset -S', { kind: 'ipset-save' }],
      ['ipset list -t', { kind: 'ipset-list' }],
      ['ipvsadm -Ln', { kind: 'ipvsadm-Ln' }],
      ['ipvsadm -Lnc', { kind: 'ipvsadm-Lnc' }],
      ['ipvsadm -L -n -c', { kind: 'ipvsadm-Lnc' }],
      ['ipvsadm -S -n', { kind: 'ipvsadm-Sn' }],
      ['ipvsadm -Ln --persistent-conn', { kind: 'ipvsadm-Ln' }],
      ['ipvsadm -L -n --connection', { kind: 'ipvsadm-Lnc' }],
      ['ipvsadm -Sn', { kind: 'ipvsadm-Sn' }],
      ['ipvsadm --save -n', { kind: 'ipvsadm-Sn' }],
      ['ipvsadm-save', { kind: 'ipvsadm-Sn' }],
      ['ipvsadm -Ln --stats', { kind: 'ipvsadm-stats' }],
      ['ipvsadm -Ln --rate', { kind: 'ipvsadm-stats' }],
      ['ipvsadm -L --timeout', { kind: 'ipvsadm-timeout' }],
      ['nft list ruleset', { kind: 'nft' }],
      ['nft -j list ruleset', { kind: 'nft-json' }],
      ['nft --json list ruleset', { kind: 'nft-json' }],
      ['nft list tables', {}],
      ['nft add rule ip x y accept', {}],
      ['nft -nj list ruleset', { kind: 'nft-json' }],
      ['nft -a list chain ip kube-proxy jumps', { kind: 'nft' }],
      ['bridge -d link', { kind: 'bridge-link' }],
      ['bridge fdb show', { kind: 'bridge-fdb' }],
      ['bridge vlan', {}],
      ['sysctl -a', { kind: 'sysctl' }],
      ['conntrack -L', { kind: 'conntrack' }],
      ['cat /proc/net/ip_vs', { kind: 'proc-ip_vs' }],
      ['cat /proc/4321/net/ip_vs', { kind: 'proc-ip_vs' }],
      ['cat /proc/1/net/nf_conntrack', { kind: 'conntrack' }],
      ['cat /proc/self/net/igmp6', { kind: 'proc-igmp' }],
      ['cat /proc/net/tcp', { kind: undefined }],
      ['grep -r . /proc/sys/net', { kind: 'sysctl' }],
      ['cat file.txt', undefined],
      ['cat /proc/net/route', { kind: 'proc-route' }],
      ['cat x /proc/sys/net/ipv4/ip_forward', { kind: 'sysctl' }],
      ['ifconfig -a', { kind: 'ifconfig' }],
      ['route -n', { kind: 'route-n', family: 4 }],
      ['arp -a', { kind: 'ip-neigh' }],
      ['uname -a', {}],
      ['hello', undefined],
    ] as const) {
      assert.deepEqual(dumpCommand(line), expected, line);
    }
  });

  test('objects of ip by each of their beginnings', () => {
    for (const [object, shortest, kind] of [
      ['address', 1, 'ip-addr'],
      ['route', 1, 'ip-route'],
      ['rule', 2, 'ip-rule'],
      ['link', 1, 'ip-link'],
      ['neighbour', 1, 'ip-neigh'],
      ['neighbor', 1, 'ip-neigh'],
      ['maddress', 1, 'ip-maddr'],
    ] as const) {
      for (let length = shortest; length <= object.length; length++) {
        const line = `ip ${object.slice(0, length)}`;
        assert.equal(dumpCommand(line)?.kind, kind, line);
        assert.equal(dumpCommand(`ip x${object.slice(0, length)}`)?.kind, undefined, line);
      }
      assert.equal(dumpCommand(`ip ${object}x`), undefined);
    }
  });

  test('as one calls it: alone, behind a prompt, a frame, sudo or kubectl; not in a sentence', () => {
    for (const line of [
      ...[
        '# ip rule',
        'root@node:~# ip rule',
        '[root@node ~]$ ip rule',
        '+ ip rule',
        '$ sudo ip rule',
      ],
      ...[
        '=== ip rule ===',
        '--- ip rule ---',
        '** ip rule **',
        '>> ip rule',
        'ip rule:',
        'sudo ip rule',
      ],
      ...['kubectl exec kube-proxy-x -- ip rule', "ssh node 'ip rule'", '/sbin/ip rule'],
    ]) {
      assert.equal(dumpCommand(line)?.kind, 'ip-rule', line);
    }
    for (const line of [
      '➜ ~ ip rule',
      '❯ ip rule',
      '└─$ ip rule',
      '╰─ ~ ip rule',
      '% ip rule',
      '] ip rule',
    ]) {
      assert.equal(dumpCommand(line)?.kind, 'ip-rule', line);
    }
    for (const line of [
      'see ~ ip rule',
      'a#b ip rule',
      '➜➜ ~ ip rule',
      'a➜ ~ ip rule',
      'a └─ ip rule',
      'ip rules',
      'trip rule',
      'the ip rule is gone',
      'my ip rule',
      `# ip rule ${' '.repeat(400)}`,
    ]) {
      assert.equal(dumpCommand(line), undefined, line);
    }
    assert.equal(dumpCommand('# ip rule'.padEnd(400))?.kind, 'ip-rule');
  });

  test('what its output went through, where that leaves lines out', () => {
    const filter = (line: string) => dumpCommand(line)?.filter;
    assert.equal(filter('iptables-save | grep -v cali'), 'grep');
    assert.equal(filter('iptables-save | sudo /usr/bin/head -5'), 'head');
    assert.equal(filter('iptables-save | tee x | tail -5'), 'tail');
    assert.equal(filter('iptables-save | tee x'), undefined);
    assert.equal(filter('iptables-save'), undefined);
    assert.equal(filter('sudo iptables-save |grep -c KUBE'), 'grep');
    assert.equal(
      filter("kubectl exec x -- sh -c 'ipvsadm -Ln | Select-String 443'"),
      'Select-String',
    );
    assert.equal(filter('Every 2.0s: ipvsadm -Ln      node-a: Mon Nov 11 10:03:07 2019'), 'watch');
    assert.equal(filter('Every 2s: ip addr'), 'watch');
    assert.equal(filter('Every 2.0s: uptime'), undefined);
    assert.equal(filter('uname -a | grep x'), 'grep');
    assert.equal(filter('iptables-save |sudo sort'), 'sort');
    assert.equal(filter('iptables-save |  sudo   uniq'), 'uniq');
    assert.equal(filter('iptables-save |'), undefined);
    assert.equal(filter('cat x | sudo iptables-save'), undefined);
  });
});

suite('the outputs of a text', () => {
  const rule = '0:\tfrom all lookup local';
  const route = 'default via 10.0.0.1 dev eth0';
  const outputs = (...lines: string[]) =>
    outputsOf(lines.join('\n')).map(({ kind, start, end, cut, command }) =>
      [kind, `${start}-${end}`, ...(cut ? ['cut'] : []), ...(command ? ['told'] : [])].join(' '),
    );

  test('are looked for with pauses, at least one for each 256 lines', () => {
    const long = outputsIn('x\n'.repeat(10_000));
    let pauses = 0;
    while (!long.next().done) pauses++;
    assert.ok(pauses >= 39, `${pauses} pauses`);
  });

  test('end where the next command stands, or where lines of another part begin', () => {
    assert.deepEqual(outputs('# ip rule', rule, '', '# ip route', route), [
      'ip-rule 1-3 told',
      'ip-route 4-5 told',
    ]);
    assert.deepEqual(outputs(rule, route), ['ip-rule 0-1', 'ip-route 1-2']);
    assert.deepEqual(outputs('# ip rule', rule, route), ['ip-rule 1-2 told', 'ip-route 2-3']);
    assert.deepEqual(outputs(rule, rule), ['ip-rule 0-2']);
    assert.deepEqual(outputs('', '  '), []);
  });

  test('are what is printed, whatever the command; of a command that tells nothing, unknown', () => {
    assert.deepEqual(outputs('# ip route', rule), ['ip-rule 1-2']);
    assert.deepEqual(outputs('# ip6tables-save', rule), ['ip-rule 1-2']);
    assert.deepEqual(outputs('# ip route', '*nat', ':A - [0:0]'), ['iptables-save 1-3']);
    // A mode is no part that ends another's output.
    assert.deepEqual(outputs(rule, 'ipvs', rule), ['ip-rule 0-3']);
    assert.deepEqual(outputs('# uname -a', 'Linux node-a 6.1.0'), ['unknown 1-2 told']);
    assert.deepEqual(outputs('# ip6tables-save', '*nat', ':A - [0:0]', 'COMMIT'), [
      'ip6tables-save 1-4 told',
    ]);
    assert.equal(outputs('# ip rule', 'RTNETLINK answers: Operation not permitted').length, 1);
  });

  test('below a heading each, of one command that went through hosts', () => {
    const command = 'for n in node-a node-b; do echo "== $n =="; ssh $n ip rule; done';
    const marked = (...lines: string[]) =>
      outputsOf(lines.join('\n')).map(({ kind, command: above, marks }) =>
        [kind, above?.kind, ...marks.map(({ name }) => name)].join(' '),
      );
    const heading = '== node-a ==';
    assert.deepEqual(marked(command, heading, rule, '== node-b ==', rule), [
      'ip-rule ip-rule node-a',
      'ip-rule ip-rule node-b',
    ]);
    // The command of an output that is there already is not that of those below headings.
    assert.deepEqual(marked('# ip rule', rule, heading, rule), [
      'ip-rule ip-rule',
      'ip-rule  node-a',
    ]);
    // Another command ends it, and so does a prompt, or a line of another kind.
    assert.deepEqual(marked('# ip rule', heading, rule, '# ip route', heading, route), [
      'ip-rule ip-rule node-a',
      'ip-route ip-route node-a',
    ]);
    assert.deepEqual(marked('# ip rule', heading, rule, '$ ls', heading, rule), [
      'ip-rule ip-rule node-a',
      'ip-rule  node-a',
    ]);
    assert.deepEqual(marked('# ip rule', heading, rule, route, heading, rule), [
      'ip-rule ip-rule node-a',
      'ip-route ',
      'ip-rule  node-a',
    ]);
    // Marks of a host and of what is on it stand for one output together.
    assert.deepEqual(marked('root@node-c:~# ssh node-b', '== node-a ==', '', rule, rule), [
      'ip-rule  node-b node-a',
    ]);
  });

  test('that a program refuses are what it says, not what was asked', () => {
    const refused = "Can't initialize ipvs: Protocol not available";
    assert.deepEqual(outputs('# ipvsadm -Ln', refused), ['stderr 1-2 told']);
    assert.deepEqual(outputs('# ipvsadm -Ln', 'nothing that is known'), ['ipvsadm-Ln 1-2 told']);
    // A Service's yaml has no part of a node: the command says what stands there.
    assert.deepEqual(outputs('# ip rule', 'apiVersion: v1'), ['ip-rule 1-2 told']);
  });

  test('go on over rules, elements, rows further in and empty lines', () => {
    for (const line of [
      '-A INPUT -j ACCEPT',
      '[12:34] -A INPUT -j ACCEPT',
      'add KUBE-CLUSTER-IP 10.96.0.1,tcp:443',
      ':INPUT ACCEPT [0:0]',
      '\tdefault via 10.0.0.1 dev eth0',
      '',
    ]) {
      assert.deepEqual(outputs(rule, line, rule), ['ip-rule 0-3'], line);
    }
    assert.deepEqual(outputs(rule, '[x:34] -A INPUT', '# ip route', route).length, 2);
  });

  test('a rule of one word with its handle is no prompt: `nft -a list ruleset`', () => {
    const listing = (rule: string) => [
      'table ip kube-proxy { # handle 1',
      '\tchain reject-chain { # handle 3',
      rule,
      '\t}',
      '}',
    ];
    for (const rule of ['\t\treject # handle 7', 'accept # handle 12']) {
      assert.deepEqual(outputs('# nft -a list ruleset', ...listing(rule)), ['nft 1-6 told'], rule);
    }
    assert.equal(outputs(...listing('node # ip rule')).length, 2);
  });

  test('lack lines where somebody says so; what begins with a number or an option says nothing', () => {
    assert.deepEqual(outputs(rule, '...', rule), ['ip-rule 0-3 cut']);
    assert.deepEqual(outputs('# ip rule', rule, '[snip]', '# ip route', route), [
      'ip-rule 1-3 cut told',
      'ip-route 4-5 told',
    ]);
    assert.deepEqual(outputs(rule, '1: ...', rule), ['ip-rule 0-3']);
    assert.deepEqual(outputs(rule, ' - ...', rule), ['ip-rule 0-3']);
  });
});
