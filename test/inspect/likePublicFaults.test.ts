import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ask } from '../../src/inspect/ask';
import { check } from '../../src/inspect/check';
import { trace } from '../../src/inspect/trace';
import { address, dropping, inward, nat, routes, run, withFiles } from './madeNode';

suite('other inputs of the same kinds', function () {
  this.timeout(60_000);

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
        /chain.* PREROUTING of nat.*, which (is|are) missing, do(es)? not translate it/,
      );
    });
  });

  for (const [form, text] of Object.entries({
    frames: `=== ip addr ===\n${address}=== ip route ===\n${routes}=== iptables-save ===\n${dropping}`,
    'set -x': `+ ip addr\n${address}+ ip route show\n${routes}+ iptables-save\n${dropping}`,
    'bare commands': `ip addr\n${address}\nip route\n${routes}\niptables-save\n${dropping}`,
    'no commands at all': `${address}${routes}${nat.replace(/-A.*\n/, '')}${dropping}`,
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

  for (const [target, printed] of [
    ['TEE --gateway 192.0.2.7', 'TEE gw:192.0.2.7'],
    ['IDLETIMER --timeout 60 --label x', 'timeout:60 label:x'],
    ['LED --led-trigger-id x', 'led-trigger-id:"x"'],
    ['SECMARK --selctx system_u:object_r:x:s0', 'SECMARK selctx system_u:object_r:x:s0'],
  ] as const) {
    test(`${target} lets the packet go on, as a save and as a listing`, async () => {
      const save = dropping.replace(
        'COMMIT',
        `-A INPUT -p tcp -j ${target}\n-A INPUT -p tcp -j ACCEPT\nCOMMIT`,
      );
      const [name] = target.split(' ');
      const listing = `Chain INPUT (policy DROP 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination
    0     0 ${name!.padEnd(10)} tcp  --  *      *       0.0.0.0/0            0.0.0.0/0            tcp dpt:80 ${printed}
    0     0 ACCEPT     tcp  --  *      *       0.0.0.0/0            0.0.0.0/0
`;
      for (const [file, text] of Object.entries({
        'iptables-save.txt': save,
        'iptables-nvL.txt': listing,
      })) {
        await withFiles({ ...here, [file]: text }, async (folder) => {
          const told = await run(trace, folder, ...inward);
          assert.match(
            told,
            new RegExp(`filter INPUT 1: ${name}[^]*ACCEPT.*: delivered to the node`),
          );
          assert.doesNotMatch(told, /not modelled|UNKNOWN/);
        });
      }
    });
  }

  test('HMARK leaves the mark open, TARPIT takes the packet or not', async () => {
    for (const target of ['HMARK --hmark-tuple src --hmark-mod 2', 'TARPIT']) {
      const text = dropping.replace('COMMIT', `-A INPUT -j ${target}\n-A INPUT -j ACCEPT\nCOMMIT`);
      await withFiles({ ...here, 'iptables-save.txt': text }, async (folder) => {
        assert.match(await run(trace, folder, ...inward), /=> UNKNOWN/);
      });
    }
  });

  const known = '192.0.2.99 dst=192.0.2.10 sport=1000 dport=80';
  const reply = 'src=198.51.100.5 dst=192.0.2.99 sport=8080 dport=1000';
  for (const [file, line] of Object.entries({
    'conntrack-L.txt': `tcp      6 86391 ESTABLISHED src=${known} ${reply} [ASSURED] mark=0 use=1`,
    nf_conntrack: `ipv4     2 tcp      6 86391 ESTABLISHED src=${known} ${reply} [ASSURED] mark=0 zone=0 use=2`,
    'conntrack_-L_-o_extended': `ipv4     2 tcp      6 86391 ESTABLISHED src=${known} ${reply} [ASSURED] mark=0 use=1`,
  })) {
    test(`a connection that ${file} knows goes where it went before`, async () => {
      await withFiles(
        {
          ...here,
          'iptables-save.txt': dropping.replace(':FORWARD DROP', ':FORWARD ACCEPT'),
          [file]: line,
        },
        async (folder) => {
          const text = await run(trace, folder, ...inward, '--flags', 'ACK');
          assert.match(text, new RegExp(`known connection  \\(${file}:1\\)`));
          assert.match(text, /delivered by eth1, 192.0.2.99:1000 > 198.51.100.5:8080/);
        },
      );
    });
  }

  for (const [protocol, end] of [
    ['tcp', '30081'],
    ['udp', '30081/udp'],
  ] as const) {
    test(`a NodePort that nobody has, by ${protocol}; in an excerpt it is unknown`, async () => {
      await withFiles({ ...here, 'iptables-save.txt': nat }, async (folder) => {
        assert.match(
          await run(ask, folder, '--nodeport', end),
          new RegExp(`No rule .* takes 30081/${protocol} .* goes to no Service`),
        );
      });
      await withFiles({ ...here, 'iptables-S.txt': '-P INPUT ACCEPT\n' }, async (folder) => {
        assert.match(
          await run(ask, folder, '--nodeport', end),
          /Unknown: .*the nat table, which is missing/,
        );
      });
    });
  }

  const saved = (time: string, text: string) =>
    `# Generated by iptables-save v1.8.9 (nf_tables) on Sat Nov 21 ${time} 2026\n${text}`;
  const accepting = dropping.replaceAll('DROP', 'ACCEPT');

  test('the same dump twice: the newer one counts, and the older one is named', async () => {
    for (const [old, young] of [
      ['iptables-save.txt', 'iptables-save-2.txt'],
      ['iptables-save-c.txt', 'iptables-save.txt'],
    ] as const) {
      const files = { [old]: saved('08:00:00', dropping), [young]: saved('09:00:00', accepting) };
      await withFiles({ ...here, ...files }, async (folder) => {
        const text = await run(trace, folder, ...inward);
        assert.match(text, /=> ACCEPT/);
        assert.match(text, new RegExp(`note: ${old} of 2026-11-21 08:00:00 is not read`));
      });
    }
  });

  test('two captures one after the other in one file: the newer one counts', async () => {
    const text = saved('08:00:00', dropping) + saved('09:00:00', accepting);
    await withFiles({ ...here, 'iptables-save.txt': text }, async (folder) => {
      assert.match(await run(trace, folder, ...inward), /=> ACCEPT: delivered to the node/);
    });
  });

  test('tables that were dumped at different times are said', async () => {
    const files = {
      'nat.txt': saved('08:00:00', nat.replace('192.0.2.10/32', '192.0.2.11/32')),
      'filter.txt': saved('09:00:00', accepting),
    };
    await withFiles({ ...here, ...files }, async (folder) => {
      const text = await run(trace, folder, ...inward);
      assert.match(
        text,
        /ACCEPT if .*what nat.txt shows \(nat\), taken 2026-11-21 08:00:00 and not/,
      );
      assert.doesNotMatch(text, /100 %/);
    });
    const close = { ...files, 'filter.txt': saved('08:00:02', accepting) };
    await withFiles({ ...here, ...close }, async (folder) => {
      assert.doesNotMatch(await run(trace, folder, ...inward), /did not change since/);
    });
  });

  const filterListing = `Chain INPUT (policy ACCEPT)
target     prot opt source               destination
KUBE-X     all  --  anywhere             anywhere             ctstate NEW

Chain FORWARD (policy ACCEPT)
target     prot opt source               destination

Chain OUTPUT (policy ACCEPT)
target     prot opt source               destination

Chain KUBE-X (1 references)
target     prot opt source               destination
`;
  const ipvsNat = nat.replace(
    /-A .*/,
    `-N KUBE-SERVICES
-N KUBE-NODE-PORT
-A PREROUTING -j KUBE-SERVICES
-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODE-PORT
-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT
-A KUBE-NODE-PORT -p tcp -m set --match-set KUBE-NODE-PORT-TCP dst -j MARK --set-xmark 0x4000/0x4000`,
  );
  const virtualAlone =
    'IP Virtual Server version 1.2.1 (size=4096)\nTCP  192.0.2.10:30080 rr\n  -> 198.51.100.5:8080            Masq    1      0          0\n';
  for (const [what, file, text, answer] of [
    ['filter alone', 'iptables-L.txt', filterListing, /, if .*the nat table.* not translate it/],
    ['rules of ipvs mode alone', 'iptables-save.txt', ipvsNat, /Unknown: `ipvsadm -Ln` is missing/],
    [
      'virtual servers alone',
      'ipvsadm-Ln.txt',
      virtualAlone,
      /198.51.100.5:8080.*, if .*the nat table/,
    ],
  ] as const) {
    test(`where a NodePort goes, by ${what}: no sure answer`, async () => {
      await withFiles({ ...here, [file]: text }, async (folder) => {
        assert.match(await run(ask, folder, '--nodeport', '30080'), answer);
      });
    });
  }

  test('a ping to an own address is let through only by rules that are seen', async () => {
    await withFiles(here, async (folder) => {
      const told = await run(ask, folder, '--ping', '192.0.2.10');
      assert.match(told, /Likely: eth0 holds 192.0.2.10, .* This holds if the tables filter/);
    });
    await withFiles({ ...here, 'iptables-save.txt': accepting }, async (folder) => {
      const told = await run(ask, folder, '--ping', '192.0.2.10');
      assert.match(told, /Yes: eth0 holds 192.0.2.10/);
      assert.doesNotMatch(told, /This holds if/);
    });
  });

  const nftNat = `table ip nat {
\tchain PREROUTING {
\t\ttype nat hook prerouting priority dstnat; policy accept;
\t\t# [snip]
\t}
}
`;
  for (const [where, files] of Object.entries<Record<string, string>>({
    'before the first table': { 'iptables-save.txt': `[...]\n${accepting}` },
    'behind the last table': { 'iptables-save.txt': `${accepting}...\n` },
    'as a comment': {
      'iptables-save.txt': accepting.replace('COMMIT', '# ... more rules\nCOMMIT'),
    },
    'as a comment in Chinese': {
      'iptables-save.txt': accepting.replace('COMMIT', '#（中间省略）\nCOMMIT'),
    },
    'in a listing of nft': { 'iptables-save.txt': accepting, 'nft.txt': nftNat },
  })) {
    test(`lines that somebody left out and said so: ${where}`, async () => {
      await withFiles({ ...here, ...files }, async (folder) => {
        assert.doesNotMatch(await run(trace, folder, ...inward), /100 %/);
      });
    });
  }

  test('routes of which some were left out send nobody by the default route', async () => {
    const [gateway] = routes.split('\n');
    const files = { 'ip-addr.txt': address, 'iptables-save.txt': nat };
    for (const text of [`${gateway}\n...\n`, `$ ip route | grep -v cali\n${gateway}\n`]) {
      await withFiles({ ...files, 'routes.txt': text }, async (folder) => {
        const told = await run(trace, folder, ...inward);
        assert.doesNotMatch(told, /by eth0/);
        assert.match(told, /out by an unknown device/);
      });
    }
  });

  test('a command with a filter behind it shows some lines alone', async () => {
    for (const [command, filter] of [
      ['$ sudo iptables-save | grep -v cali', 'grep'],
      ['iptables-save|head -40', 'head'],
      ['[root@node ~]# iptables-save | sort', 'sort'],
      ['# kubectl exec -n kube-system kube-proxy-abcde -- iptables-save | grep -v cali', 'grep'],
    ] as const) {
      await withFiles(
        { ...here, 'rules.txt': `${command}\n${nat}${accepting}` },
        async (folder) => {
          const told = await run(trace, folder, ...inward);
          assert.ok(
            told.includes(`what \`${filter}\` left out of rules.txt changes nothing`),
            told,
          );
        },
      );
    }
    const files = { 'rules.txt': `$ sudo iptables-save | tee rules.txt\n${nat}${accepting}` };
    await withFiles({ ...here, ...files }, async (folder) => {
      assert.match(await run(trace, folder, ...inward), /100 % => ACCEPT: delivered by eth1/);
    });
    const listing =
      'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n';
    const ipvs = {
      'iptables-save.txt': accepting,
      'ipvs.txt': `# ipvsadm -Ln | head -5\n${listing}`,
    };
    await withFiles({ ...here, ...ipvs }, async (folder) => {
      assert.match(await run(trace, folder, ...inward), /ACCEPT if no virtual server .*head left/);
    });
  });

  test('one table in a file that says nothing of iptables-save proves nothing of the others', async () => {
    await withFiles({ ...here, 'rules.txt': nat }, async (folder) => {
      assert.match(await run(trace, folder, ...inward), /ACCEPT if the tables filter/);
    });
    await withFiles({ ...here, 'rules.txt': `# iptables-save\n${nat}` }, async (folder) => {
      assert.match(await run(trace, folder, ...inward), /100 % => ACCEPT: delivered by eth1/);
    });
  });

  test('rules of nft that lost their indentation are no commands of ip', async () => {
    const text = nftNat
      .replaceAll('\t', '')
      .replace('# [snip]', 'ip daddr 192.0.2.10 tcp dport 80 dnat to 198.51.100.5:8080');
    await withFiles({ ...here, 'nft.txt': text }, async (folder) => {
      assert.match(
        await run(trace, folder, ...inward),
        /delivered by eth1, .* > 198.51.100.5:8080/,
      );
    });
  });

  for (const line of [
    '> -A INPUT -j DROP',
    '-A INPUT - conntrack --ctstate NEW -j DROP',
    'A INPUT -p tcp -j DROP',
  ]) {
    test(`a line that could not be read reaches the verdict: ${line}`, async () => {
      const save = accepting.replace('COMMIT', `${line}\nCOMMIT`);
      await withFiles({ ...here, 'iptables-save.txt': save }, async (folder) => {
        const text = await run(trace, folder, ...inward);
        assert.match(text, /line 5|could not be read/);
        assert.doesNotMatch(text, /100 % => ACCEPT/);
      });
    });
  }

  test('`Table is incompatible` reaches the verdict', async () => {
    const save = `${accepting}# Table \`nat' is incompatible, use 'nft' tool.\n`;
    await withFiles({ ...here, 'iptables-save.txt': save }, async (folder) => {
      const text = await run(trace, folder, ...inward);
      assert.match(text, /could not print of the nat table/);
      assert.doesNotMatch(text, /100 % => ACCEPT/);
    });
  });

  const virtual = `TCP  192.0.2.10:80 rr persistent 600
  -> 198.51.100.5:8080            Masq    1      0          0
  -> 198.51.100.6:8080            Masq    1      0          0
`;
  for (const [form, text] of Object.entries({
    'a template of persistence': `IPVS connection entries
pro expire state       source             virtual            destination
TCP 09:31  ASSURED     192.0.2.99:0       192.0.2.10:80      198.51.100.6:8080
`,
    'a connection, by /proc/net/ip_vs_conn': `Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
TCP C0000263 03E8 C000020A 0050 C6336406 1F90 ESTABLISHED     894
`,
  })) {
    test(`IPVS goes where it went before: ${form}`, async () => {
      const files = { 'iptables-save.txt': accepting, 'ipvsadm-Ln.txt': virtual };
      await withFiles({ ...here, ...files, 'connections.txt': text }, async (folder) => {
        const told = await run(trace, folder, ...inward);
        assert.match(told, /connections.txt:\d/);
        assert.match(told, /100 % => ACCEPT: delivered by eth1, 192.0.2.99:1000 > 198.51.100.6/);
      });
    });
  }
});
