import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { ask } from '../../src/inspect/ask';
import { check } from '../../src/inspect/check';
import { readNodeFolder } from '../../src/inspect/nodeFiles';
import { trace } from '../../src/inspect/trace';
import { address, dropping, inward, routes, run, withFiles } from './madeNode';

const sampleNode = 'samples/kubernetes-1.36-iptables/node-a';

/** The three dumps as one session in a terminal. */
const session = `root@node-a:~# ip addr
${address}root@node-a:~# ip route
${routes}root@node-a:~# iptables-save
${dropping}`;
const lines = session.trimEnd().split('\n');

suite('a node as it was pasted', function () {
  this.timeout(60_000);

  for (const [form, text] of Object.entries({
    'quoted in a mail': lines.map((line) => `> ${line}`).join('\r\n'),
    'fenced in an issue': `The node:\n\`\`\`console\n${session}\`\`\`\nAny idea?\n`,
    'by `cat -n`': lines.map((line, i) => `${String(i + 1).padStart(6)}\t${line}`).join('\n'),
    'indented as code': lines.map((line) => `    ${line}`).join('\n'),
    coloured: session.replace(/eth\d/g, (name) => `\u001b[36m${name}\u001b[0m`),
    'with no-break spaces': session.replaceAll(' ', '\u00a0'),
  })) {
    test(form, async () => {
      await withFiles({ 'node.txt': text }, async (folder) => {
        const told = await run(trace, folder, ...inward);
        assert.match(told, /100 % => DROP: the policy of filter INPUT/);
      });
    });
  }

  test('a block of Jira whose brace begins the file is no JSON', async () => {
    await withFiles({ 'node.txt': `{noformat}${session}{noformat}` }, async (folder) => {
      const told = await run(trace, folder, ...inward);
      assert.match(told, /100 % => DROP: the policy of filter INPUT/);
    });
  });

  test('rows of one chain, grepped: their answer stands at their own line', async () => {
    const row = (target: string, to: string) => `${target}  tcp  --  0.0.0.0/0  ${to}`;
    const text = `Only this:
$ iptables -t nat -nL KUBE-SERVICES | grep web
${row('KUBE-SVC-LOLE4ISW44XBNF3G', '10.96.0.9   /* shop/web cluster IP */ tcp dpt:80')}
`;
    await withFiles({ 'node.txt': text }, async (folder) => {
      const told = await run(ask, folder, '--ping', '10.96.0.9');
      assert.match(told, /Likely not: the rules of 10\.96\.0\.9 ask for a port/);
      assert.match(told, /\(node\.txt:3\)/);
      const page = await run(ask, folder, '--service', 'shop/web', '--markdown');
      assert.doesNotMatch(page, /node\.txt:[^3]/);
      assert.match(await run(check, folder), /node\.txt:3:1: .*service-name-mismatch/);
    });
  });

  test('`netstat -rn` is of the routes', async () => {
    const table = `Kernel IP routing table
Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface
0.0.0.0         192.0.2.1       0.0.0.0         UG        0 0          0 eth0
192.0.2.0       0.0.0.0         255.255.255.0   U         0 0          0 eth0
198.51.100.0    0.0.0.0         255.255.255.0   U         0 0          0 eth1
`;
    const text = session.replace(`ip route\n${routes}`, `netstat -rn\n${table}`);
    await withFiles({ 'node.txt': text }, async (folder) => {
      const told = await run(trace, folder, ...inward);
      assert.match(told, /100 % => DROP: the policy of filter INPUT/);
      assert.doesNotMatch(told, /No dump of the routes/);
    });
  });

  test('wrapped at 80 columns: the rule counts, in the line where it begins', async () => {
    const comment = 'an entry that somebody explained at length, so that it is long enough';
    const rule = `-A INPUT -p tcp -m comment --comment "${comment}" -m tcp --dport 80 -j ACCEPT`;
    const save = dropping.replace('COMMIT', `${rule}\nCOMMIT`);
    const wrapped = save
      .split('\n')
      .flatMap((line) => line.match(/.{1,80}/g) ?? [''])
      .join('\n');
    const files = { 'ip-addr.txt': address, 'ip-route.txt': routes, 'iptables-save.txt': wrapped };
    await withFiles(files, async (folder) => {
      const told = await run(trace, folder, ...inward);
      assert.match(told, /filter INPUT 1: ACCEPT {2}\(iptables-save.txt:5\)/);
      assert.match(told, /100 % => ACCEPT/);
      assert.doesNotMatch(await run(check, `${folder}/iptables-save.txt`), /error|warning/);
    });
  });

  test('wrapped where a port begins the rest: no chain is made of it', async () => {
    const sample = await readFile(`${sampleNode}/iptables-save.txt`, 'utf8');
    const wrapped = sample
      .split('\n')
      .flatMap((line) => line.match(/.{1,120}/g) ?? [''])
      .join('\n');
    assert.match(wrapped, /^:\d+/m);
    await withFiles({ 'iptables-save.txt': wrapped }, async (folder) => {
      assert.match(await run(check, folder), /: 0 errors, 0 warnings/);
    });
  });

  test('`iptables-save | grep KUBE`: the tables are told apart without their names', async () => {
    const sample = await readFile(`${sampleNode}/iptables-save.txt`, 'utf8');
    const rules = sample.split('\n').filter((line) => line.includes('KUBE'));
    const files = {
      'ip-addr.txt': await readFile(`${sampleNode}/ip-addr.txt`, 'utf8'),
      'ip-route.txt': await readFile(`${sampleNode}/ip-route.txt`, 'utf8'),
      'rules.txt': `$ sudo iptables-save | grep KUBE\n${rules.join('\n')}\n`,
    };
    await withFiles(files, async (folder) => {
      assert.doesNotMatch(await run(check, folder), /declared twice/);
      const told = await run(ask, folder, '--service', 'default/whoami');
      assert.match(
        told,
        /what `grep` left out of rules.txt changes nothing\. `iptables-save` would/,
      );
      assert.doesNotMatch(told, /no rule at hand is about/);
      // That `grep` left lines out is told once, and what decides stands behind each end.
      assert.doesNotMatch(told, /which is cut off/);
      assert.match(
        told,
        /Unknown: to 10.244.0.3:3000 \(if the policy of filter OUTPUT is ACCEPT\), which sees the source 10.244.0.1; /,
      );
      // Steps of the way are no findings.
      assert.match(told, /^ {2}This rule of the address asks for a port. {2}\(rules.txt:\d+\)$/m);
      assert.doesNotMatch(told, /information:/);
    });
  });

  test('one file with the outputs of several commands is a node: checked, traced and asked as its folder is', async () => {
    const dump = (name: string) => readFile(`${sampleNode}/${name}`, 'utf8');
    const pasted = [
      '[root@node-a ~]# iptables-save',
      (await dump('iptables-save.txt')).replace('COMMIT', '-A INPUT -p tcp foo -j DROP\nCOMMIT'),
      '[root@node-a ~]# ip addr',
      await dump('ip-addr.txt'),
      '[root@node-a ~]# ip route',
      await dump('ip-route.txt'),
    ].join('\n');
    await withFiles({ 'session.txt': pasted }, async (folder) => {
      const file = `${folder}/session.txt`;
      const of = (told: string) => told.split('\n').slice(1);
      const told = await run(check, file);
      assert.match(told, /session.txt:\d+:17: error: No option takes "foo"/);
      assert.deepEqual(of(told), of(await run(check, folder)));
      assert.equal(await run(trace, file, ...inward), await run(trace, folder, ...inward));
      const service = ['--service', 'default/whoami'];
      assert.equal(await run(ask, file, ...service), await run(ask, folder, ...service));
    });
  });

  test('what is wrong is where the file has it, behind the quote or the number', async () => {
    const broken = dropping.replace('COMMIT', '-A INPUT -p tcp foo -j DROP\nCOMMIT');
    const rows = broken.trimEnd().split('\n');
    for (const [text, place] of [
      [broken, /:5:17: error: No option takes "foo"/],
      [rows.map((row) => `> ${row}`).join('\n'), /:5:19: error: No option takes "foo"/],
      [rows.map((row, i) => `     ${i + 1}\t${row}`).join('\n'), /:5:24: error/],
      [`\`\`\`\n${broken}`, /:6:17: error/],
    ] as const) {
      const files = { 'ip-addr.txt': address, 'ip-route.txt': routes, 'iptables-save.txt': text };
      await withFiles(files, async (folder) => assert.match(await run(check, folder), place));
    }
  });

  test('nft on one line: the trace, and where its rules stand in the file', async () => {
    const listing = `# nft list ruleset\ntable ip filter { chain INPUT { type filter hook input priority filter; policy accept; ip saddr 192.0.2.99 tcp dport 80 counter packets 0 bytes 0 drop } chain FORWARD { type filter hook forward priority filter; policy drop; } }\n`;
    const files = { 'ip-addr.txt': address, 'ip-route.txt': routes, 'nft-ruleset.txt': listing };
    await withFiles(files, async (folder) => {
      const told = await run(trace, folder, ...inward);
      assert.match(told, /filter INPUT 1: DROP {2}\(nft-ruleset.txt:2\)/);
      assert.match(told, /100 % => DROP/);
      const json = await run(trace, folder, ...inward, '--json');
      assert.ok(json.includes(`"start": ${listing.split('\n')[1]!.indexOf('ip saddr')}`));
    });
  });

  test('an IPVS table whose blanks a page took away is no table of /proc', async () => {
    const rows = 'TCP 192.0.2.10:80 rr -> 198.51.100.5:8080 Masq 1 0 0';
    const text = `${version}${columns}`.replace(/\s+/g, ' ') + rows;
    const open = dropping.replaceAll('DROP', 'ACCEPT');
    const files = { 'ip-addr.txt': address, 'ip-route.txt': routes, 'iptables-save.txt': open };
    await withFiles({ ...files, 'ipvs.txt': text }, async (folder) => {
      const told = await run(trace, folder, ...inward);
      assert.match(told, /100 % => ACCEPT: delivered by eth1, .* > 198.51.100.5:8080/);
    });
  });

  test('a ClusterIP that leaves the node as it came has no answer', async () => {
    const rows =
      'TCP  10.96.0.1:443 rr\n  -> 198.51.100.5:6443            Masq    1      0          0\n';
    const open = dropping.replaceAll('DROP', 'ACCEPT');
    const files = { 'ip-addr.txt': address, 'ip-route.txt': routes, 'iptables-save.txt': open };
    await withFiles({ ...files, 'ipvs.txt': version + columns + rows }, async (folder) => {
      const told = await run(ask, folder, '--service', '10.96.0.1:443/tcp');
      assert.match(told, /No: LOST \(no rule or virtual server takes it/);
      assert.doesNotMatch(told, /Yes/);
    });
  });

  test('output behind a refused option counts (kubernetes/kubernetes#36835)', async () => {
    const text = `peter@node:~$ sudo iptables-save -L\niptables-save: invalid option -- 'L'\n${dropping}`;
    const files = { 'ip-addr.txt': address, 'ip-route.txt': routes, 'rules.txt': text };
    await withFiles(files, async (folder) =>
      assert.match(await run(trace, folder, ...inward), /DROP: the policy of filter INPUT/),
    );
  });

  test('`ip route get` alone is no dump of the routes, `watch` shows one screen', async () => {
    const get =
      '$ ip route get 10.96.0.10\n10.96.0.10 via 192.0.2.1 dev eth0 src 192.0.2.10 uid 0\n    cache\n';
    const files = { 'ip-addr.txt': address, 'iptables-save.txt': dropping };
    await withFiles({ ...files, 'route.txt': get }, async (folder) =>
      assert.match(await run(check, folder), /No dump of the routes is at hand/),
    );
    const watched = `Every 2.0s: ipvsadm -Ln          node-a: Mon Nov 11 10:03:07 2019\n\n${version}${columns}`;
    const open = { ...files, 'iptables-save.txt': dropping.replaceAll('DROP', 'ACCEPT') };
    await withFiles({ ...open, 'ip-route.txt': routes, 'ipvs.txt': watched }, async (folder) =>
      assert.match(await run(trace, folder, ...inward), /ACCEPT if no virtual server/),
    );
  });

  test("kube-proxy's log tells its mode, with its flags before", async () => {
    const log = `I1121 13:40:41.626112   12696 flags.go:64] FLAG: --bind-address-hard-fail="false"\n${'I1121 13:40:41.626159   12696 flags.go:64] FLAG: --cluster-cidr=""\n'.repeat(80)}I1121 13:40:41.818851   12696 server_linux.go:254] "Using nftables Proxier"\n`;
    const files = { 'ip-addr.txt': address, 'kube-proxy.log': log, 'RC.txt': 'x\n' };
    await withFiles({ ...files, 'iptables-save.txt': dropping }, async (folder) => {
      const { state, unread } = await readNodeFolder(folder);
      assert.deepEqual(state.proxyMode, {
        name: 'nftables',
        source: 'kube-proxy.log',
        says: 'runs',
      });
      assert.deepEqual(unread, ['RC.txt']);
    });
  });

  test('a file of no known kind is named', async () => {
    const files = {
      'ip-addr.txt': address,
      'iptables-save.txt': dropping,
      'w.txt': 'Mon Jul 10\n',
    };
    await withFiles(files, async (folder) => {
      assert.match(
        await run(check, folder),
        /^not read: w.txt: no dump of a known kind is in it$/m,
      );
      const told = await run(trace, folder, ...inward);
      assert.match(told, /^not read: w.txt: no dump of a known kind is in it$/m);
    });
  });

  test('check says what it could not look at', async () => {
    await withFiles({ 'iptables-save.txt': dropping }, async (folder) => {
      const told = await run(check, folder);
      assert.match(told, /0 warnings, \d+ notes, in what the dumps show/);
      assert.match(told, /^missing: No dump of the virtual servers is at hand.$/m);
    });
  });

  const brief = `lo               UNKNOWN        127.0.0.1/8 ::1/128
eth0             UP             192.0.2.10/24 fe80::1/64
eth1@if7         UP             198.51.100.10/24
dummy0           DOWN
`;
  const links = `lo               UNKNOWN        00:00:00:00:00:00 <LOOPBACK,UP,LOWER_UP>
eth0             UP             52:54:00:00:00:01 <BROADCAST,MULTICAST,UP,LOWER_UP>
`;
  const one = `1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever
2: eth0    inet 192.0.2.10/24 brd 192.0.2.255 scope global eth0\\       valid_lft forever preferred_lft forever
3: eth1    inet 198.51.100.10/24 brd 198.51.100.255 scope global eth1\\       valid_lft forever preferred_lft forever
`;
  const detailed = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00 promiscuity 0 minmtu 0 maxmtu 0 numtxqueues 1
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
2: eth0@if5: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000
    link/ether 52:54:00:00:00:01 brd ff:ff:ff:ff:ff:ff promiscuity 0
    veth numtxqueues 1 numrxqueues 1 gso_max_size 65536
    inet 192.0.2.10/24 brd 192.0.2.255 scope global dynamic noprefixroute eth0
       valid_lft 3422sec preferred_lft 3422sec
`;
  for (const [form, text] of Object.entries({
    '`ip -br addr`': brief,
    '`ip -br link` and `ip -br addr`': `# ip -br link\n${links}# ip -br addr\n${brief}`,
    '`ip -o addr`': one,
    '`ip -d addr`': detailed,
  })) {
    test(`${form} tells the node's own addresses`, async () => {
      const files = { 'network.txt': text, 'ip-route.txt': routes, 'iptables-save.txt': dropping };
      await withFiles(files, async (folder) => {
        const told = await run(trace, folder, ...inward);
        assert.match(
          told,
          /routing: to the node itself[^]*100 % => DROP: the policy of filter INPUT/,
        );
      });
    });
  }

  test('`ip -br link` alone tells no address', async () => {
    const files = { 'ip-br-link.txt': links, 'iptables-save.txt': dropping };
    await withFiles(files, async (folder) => {
      assert.doesNotMatch(await run(trace, folder, ...inward), /100 %/);
    });
  });

  for (const [form, text] of Object.entries({
    'without header and indentation': `TCP  192.0.2.10:80 rr\n-> 198.51.100.5:8080             Masq    1      0          0\n`,
    'with names of ports': `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  192.0.2.10:http rr
  -> 198.51.100.5:http-alt        Masq    1      0          0
`,
  })) {
    test(`ipvsadm ${form}`, async () => {
      const open = dropping.replaceAll('DROP', 'ACCEPT');
      const files = { 'ip-addr.txt': address, 'ip-route.txt': routes, 'iptables-save.txt': open };
      await withFiles({ ...files, 'ipvsadm.txt': text }, async (folder) => {
        const told = await run(trace, folder, ...inward);
        assert.match(told, /delivered by eth1, 192.0.2.99:1000 > 198.51.100.5:8080/);
        assert.match(await run(ask, folder), /ipvs/);
      });
    });
  }

  /** Port 80 of the node is a virtual server, which these texts do not show whole. */
  const version = 'IP Virtual Server version 1.2.1 (size=4096)\n';
  const columns =
    'Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n';
  const other =
    'TCP  198.51.100.10:443 rr\n  -> 198.51.100.5:8080            Masq    1      0          0\n';
  const counted = `TCP  192.0.2.10:80                       0        0        0        0        0
  -> 198.51.100.5:8080                   0        0        0        0        0
`;
  for (const [form, text] of Object.entries({
    'a part without header': other,
    '`ipvsadm -Ln -t VIP`': columns + other,
    'a row that is cut': `${version}${columns}TCP  192.0.2.10:80 rr\n  -> 198.51.1`,
    'lines that were left out': `${version}${columns}${other}...\n`,
    'a name of the virtual server': `${version}${columns}TCP  node-a:http rr\n  -> 198.51.100.5:8080            Masq    1      0          0\n`,
    'a name of the real server': `${version}${columns}TCP  192.0.2.10:http rr\n  -> web-0.web.default.svc.cluste Masq    1      0          0\n`,
    '`--stats` alone': `${version}Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n  -> RemoteAddress:Port\n${counted}`,
    '`--stats` without its header': counted,
  })) {
    test(`ipvsadm, ${form}: no sure verdict on what it may serve`, async () => {
      const open = dropping.replaceAll('DROP', 'ACCEPT');
      const files = { 'ip-addr.txt': address, 'ip-route.txt': routes, 'iptables-save.txt': open };
      await withFiles({ ...files, 'ipvsadm.txt': text }, async (folder) => {
        const told = await run(trace, folder, ...inward);
        assert.match(told, /UNKNOWN: the dump of IPVS lacks|ACCEPT if no virtual server that the/);
        assert.doesNotMatch(told, /100 % => ACCEPT/);
        assert.doesNotMatch(await run(check, folder), /virtual-server-without|address-without/);
        assert.match(await run(ask, folder, '--nodeport', '30080'), /Unknown/);
      });
    });
  }

  test('a listing of ipvsadm with names: rows with addresses are used', async () => {
    const rows = `TCP  node-a:https rr\n  -> web-0.web.default.svc.cluste Masq    1      0          0\nTCP  192.0.2.10:http rr\n  -> 198.51.100.5:8080            Masq    1      0          0\n`;
    const open = dropping.replaceAll('DROP', 'ACCEPT');
    const files = { 'ip-addr.txt': address, 'ip-route.txt': routes, 'iptables-save.txt': open };
    await withFiles({ ...files, 'ipvsadm.txt': version + columns + rows }, async (folder) => {
      const told = await run(trace, folder, ...inward);
      assert.match(told, /ACCEPT if .*delivered by eth1, 192.0.2.99:1000 > 198.51.100.5:8080/);
    });
  });

  test('`iptables -L` without -n and -v: names of ports count, names of hosts are open', async () => {
    const listing = (host: string) => `Chain INPUT (policy DROP)
target     prot opt source               destination
ACCEPT     tcp  --  ${host.padEnd(20)} anywhere             tcp dpt:http

Chain FORWARD (policy DROP)
target     prot opt source               destination

Chain OUTPUT (policy ACCEPT)
target     prot opt source               destination
`;
    const files = { 'ip-addr.txt': address, 'ip-route.txt': routes };
    await withFiles({ ...files, 'iptables-L.txt': listing('anywhere') }, async (folder) => {
      const told = await run(trace, folder, ...inward);
      assert.match(told, /filter INPUT 1: ACCEPT[^]*-v does not print them/);
    });
    await withFiles({ ...files, 'iptables-L.txt': listing('bastion.example') }, async (folder) => {
      const told = await run(trace, folder, ...inward);
      assert.match(told, /bastion.example/);
      assert.doesNotMatch(told, /100 %/);
    });
  });
});
