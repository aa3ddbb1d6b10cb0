import assert from 'node:assert/strict';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { outcomeText } from '../../src/inspect/expected/report';
import { ask } from '../../src/inspect/ask';
import { check } from '../../src/inspect/check';
import { compare } from '../../src/inspect/compare';
import { expected, judgeCase } from '../../src/inspect/expected';
import type { RecordedCase } from '../../src/inspect/expected/case';
import { lay } from '../../src/inspect/lay';
import { migration } from '../../src/inspect/migration';
import { plural } from '../../src/inspect/plural';
import { ready } from '../../src/inspect/ready';
import { replay } from '../../src/inspect/replay';
import { sarif } from '../../src/inspect/sarif';
import { trace } from '../../src/inspect/trace';
import { address, dropping, ended, inward, nat, routes, withFiles } from './madeNode';

const node = {
  'iptables-save.txt': dropping + nat,
  'ip-addr.txt': address,
  'ip-route.txt': routes,
};

const accepting = dropping.replaceAll('DROP', 'ACCEPT');

suite('what a command that was asked wrongly says', function () {
  this.timeout(60_000);

  // Exit code 1 says that something is wrong with a node; 2, that nothing was looked at.
  const cases: [typeof check, string, RegExp][] = [
    [check, '', /No folder or file is named\.\n\ncheck /],
    [check, '--what x', /--what/],
    [compare, 'a', /Name two folders of dumps\.\n\ncompare /],
    [compare, 'a b c', /Name two folders of dumps/],
    [compare, 'a b --what', /--what.*\n\ncompare /s],
    [compare, 'samples/none samples/none', /no such file/],
    [ready, '', /No folder is named\.\n\nready /],
    [expected, '', /No folder is named\.\n\nexpected /],
    [migration, '', /No folder is named\.\n\nmigration /],
    [replay, '', /No folder is named\.\n\nreplay /],
    [lay, '', /Name one file, and the node's folder after --node\.\n\nlay /],
    [lay, 'a b --node c', /Name one file/],
    [lay, 'a', /Name one file/],
    [lay, '--node c', /Name one file/],
    [lay, 'samples/none --node c', /^does not exist/],
    [lay, 'package.json --node c', /./],
    [trace, 'samples/none --src 10.0.0.1 --dst 10.0.0.2:80', /no such file/],
    [ask, 'samples/none', /no such file/],
    [ask, '', /Name one folder of dumps\.\n\nask /],
    [ask, 'a b', /Name one folder of dumps\./],
    [ask, 'a --what', /--what/],
    [ask, 'a --ping x', /--ping is an address/],
    [ask, 'a --nodeport 0', /--nodeport is PORT/],
    [ask, 'a --nodeport 65536', /--nodeport is PORT/],
    [ask, 'a --nodeport 1.5', /--nodeport is PORT/],
    [ask, 'a --nodeport 80/what', /--nodeport is PORT/],
  ];
  for (const [command, args, expectedText] of cases) {
    test(`${command.help.split(' ', 1)[0]!} ${args}`, async () => {
      const { code, text } = await ended(command, ...args.split(' ').filter(Boolean));
      assert.match(text, expectedText);
      assert.equal(code, 2);
    });
  }
});

suite('inspect check, compare and lay of small nodes', function () {
  this.timeout(60_000);

  test('the exit code of check is by the worst of all that was named', () =>
    withFiles(
      { 'good.txt': dropping, 'bad.txt': '*nat\n-A X -p tcp foo -j DROP\nCOMMIT\n' },
      async (folder) => {
        const [good, bad] = [join(folder, 'good.txt'), join(folder, 'bad.txt')];
        assert.equal((await ended(check, good)).code, 0);
        const both = await ended(check, bad, good);
        assert.equal(both.code, 1);
        assert.match(both.text, /bad\.txt:2:13: error: /);
        assert.match(both.text, /good\.txt/);
        const json = JSON.parse((await ended(check, bad, good, '--json')).text) as {
          code: string;
        }[];
        assert.ok(json.some(({ code }) => code === 'bad-argument'));
        assert.match((await ended(check, bad, '--sarif')).text, /"version": "2\.1\.0"/);
      },
    ));

  test('a node without all dumps: what is missing, and that the counts are of what is there', () =>
    withFiles({ 'iptables-save.txt': dropping }, async (folder) => {
      const { text } = await ended(check, folder);
      assert.match(text, /: \d+ errors?, \d+ warnings?, \d+ notes?, in what the dumps show\n/);
      assert.match(text, /\nmissing: /);
    }));

  test('compare: no difference; one that breaks traffic; both places, below the folders as typed', () =>
    withFiles({}, async (folder) => {
      const sample = await readFile(
        'samples/kubernetes-1.36-iptables/node-a/iptables-save.txt',
        'utf8',
      );
      const [a, b] = [join(folder, 'a'), join(folder, 'b')];
      const write = async (own: string, rules: string) => {
        await mkdir(own, { recursive: true });
        await writeFile(join(own, 'iptables-save.txt'), rules);
      };
      await write(a, sample);
      await write(b, sample);
      const same = await ended(compare, a, b);
      assert.equal(same.code, 0);
      assert.match(same.text, /^No difference in what both show\.$/m);
      assert.match(same.text, /^not compared: /m);
      const rule = 'DNAT --to-destination 10.244.0.4:3000';
      await write(b, sample.replace(rule, 'DNAT --to-destination 10.244.0.99:3000'));
      const other = await ended(compare, a, b);
      assert.match(other.text, /^(?:error|warning|information): .*default\/whoami/m);
      // Which endpoints a node has may rightly be its own: a warning.
      assert.equal(other.code, 0);
      for (const own of [a, b])
        assert.ok(other.text.includes(`  ${join(own, 'iptables-save.txt')}:`), other.text);
      const read = JSON.parse((await ended(compare, a, b, '--json')).text) as {
        differences: object[];
      };
      assert.ok(read.differences.length > 0);
    }));

  test('lay: the options in either order, connections, and the exit code where the kernel says otherwise', () =>
    withFiles({ ...node, 'iptables-save.txt': accepting + nat }, (folder) =>
      withFiles({}, async (traces) => {
        const line = (rule: number) =>
          `TRACE: nat:PREROUTING:rule:${rule} IN=eth0 OUT= MAC=aa:bb SRC=192.0.2.99 DST=192.0.2.10 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=1 DF PROTO=TCP SPT=1000 DPT=80 SEQ=1 ACK=0 WINDOW=1 RES=0x00 SYN URGP=0\n`;
        const connection =
          'tcp      6 86400 ESTABLISHED src=192.0.2.99 dst=192.0.2.10 sport=1000 dport=80 src=198.51.100.5 dst=192.0.2.99 sport=8080 dport=1000 [ASSURED] mark=0 use=1\n';
        for (const [name, text, code, said] of [
          ['agrees', line(1), 0, /1 of 1 steps laid on rules[^\n]*$/],
          ['differs', line(9), 1, / differ/],
          ['connection', connection, 0, /^tcp .*198\.51\.100\.5/],
          [
            'many',
            Array.from({ length: 502 }, (_, i) => connection.replace('=1000', `=${1000 + i}`)).join(
              '',
            ),
            0,
            /^and 2 connections more$/m,
          ],
          ['both', line(1) + connection, 0, /laid on rules.*\n\n.*198\.51\.100\.5/s],
        ] as const) {
          const file = join(traces, name);
          await writeFile(file, text);
          const after = await ended(lay, file, '--node', folder);
          assert.match(after.text, said, name);
          assert.equal(after.code, code, `${name}: ${after.text}`);
          assert.deepEqual(await ended(lay, '--node', folder, file), after);
        }
        assert.equal(
          (await ended(lay, join(traces, 'agrees'), '--node', join(folder, 'none'))).code,
          2,
        );
      }),
    ));

  test('a dump packed by gzip is read by its first two bytes, whatever its name', () =>
    withFiles({ 'ip-addr.txt': address, 'ip-route.txt': routes }, async (folder) => {
      await writeFile(join(folder, 'iptables-save.txt'), gzipSync(dropping + nat));
      const { text } = await ended(trace, folder, ...inward);
      assert.match(text, /nat PREROUTING 1: DNAT to 198\.51\.100\.5:8080/);
    }));
});

suite('inspect ready, expected and migration', function () {
  this.timeout(60_000);

  test('a node in nftables mode needs no answer; one without objects lacks something', () =>
    withFiles(node, async (folder) => {
      const sample = 'samples/kubernetes-1.36-nftables/node-a';
      const mode = await ended(ready, sample);
      assert.deepEqual(mode, { code: 0, text: `${sample}: runs in nftables mode` });
      const bare = await ended(ready, folder);
      assert.equal(bare.code, 2);
      assert.ok(bare.text.startsWith(`${folder}: `), bare.text);
    }));

  test('a node whose packets fare differently there', async () => {
    const { code, text } = await ended(ready, 'samples/kubernetes-1.36-iptables/node-a');
    assert.equal(code, 1);
    assert.match(text, /^\*\*\d+ of \d+ packets fare differently\.\*\*$/m);
  });

  test('recorded cases: equal, and one with a rule taken out is told as a diff', async () => {
    const folder = 'test/fixtures/expected/nftables';
    const { code, text } = await ended(expected, folder);
    assert.equal(code, 0);
    assert.match(text, /^kp-01000\.json: equal \(151 rules\)$/m);
    assert.match(text, /^equal 4 differ 0 of 4$/m);
    const recorded = JSON.parse(
      await readFile(join(folder, 'kp-01000.json'), 'utf8'),
    ) as RecordedCase;
    const rule = /^\t\tct state new jump firewall-check.*\n/m;
    const lacking = { ...recorded, ruleset: recorded.ruleset.replace(rule, '') };
    const said = outcomeText(judgeCase('x', lacking));
    assert.match(said, /^x: 1 rules differ \(151 rules/);
    assert.match(said, /\n {2}- kube-proxy \S+: ct state new jump firewall-check/);
    const added = {
      ...recorded,
      ruleset: recorded.ruleset.replace(rule, '$&\t\tip daddr 10.9.9.9 drop\n'),
    };
    assert.match(
      outcomeText(judgeCase('x', added)),
      /\n {2}\+ kube-proxy \S+: ip daddr 10\.9\.9\.9 drop$/,
    );
  });

  test('a recording of a migration: each packet equal; a kernel that answers otherwise is told', () =>
    withFiles({}, async (folder) => {
      const text = await readFile('test/fixtures/migration/mig-300006.json', 'utf8');
      await writeFile(join(folder, 'a.json'), text);
      await writeFile(join(folder, 'notes.txt'), 'no recording');
      const same = await ended(migration, folder);
      assert.equal(same.code, 0);
      assert.match(
        same.text,
        /^a\.json: equal (\d+) differ 0 of \1\n(?:.*\n)*equal \1 differ 0 of \1$/m,
      );
    }));
});

suite('folders with several things in them', function () {
  this.timeout(60_000);

  test('expected: the nodes of a dump, its objects are none; without objects nothing is known', () =>
    withFiles({}, async (folder) => {
      const sample = 'samples/kubernetes-1.36-iptables';
      for (const name of ['objects', 'node-a']) {
        await cp(join(sample, name), join(folder, name), { recursive: true });
      }
      await writeFile(join(folder, 'notes.json'), '{"about": "no recording"}');
      const { text, code } = await ended(expected, folder);
      assert.equal(code, 0);
      assert.match(text, /^\S+\/node-a\/iptables-save-c\.txt: equal \(\d+ rules\)$/m);
      assert.match(text, /^equal 2 differ 0 of 2$/m);
      await rm(join(folder, 'objects'), { recursive: true });
      assert.equal((await ended(expected, folder)).text, 'equal 0 differ 0 of 0');
    }));

  test('check of a folder of nodes: each with its findings, then how many Services there are', () =>
    withFiles({}, async (folder) => {
      for (const name of ['a', 'b']) {
        await mkdir(join(folder, name));
        await writeFile(join(folder, name, 'iptables-save.txt'), dropping);
      }
      const good = await ended(check, folder);
      assert.match(good.text, /\nnode a\n(?:.*\n)+node b\n/);
      assert.match(good.text, /\n0 Services/);
      assert.equal(good.code, 0);
      await writeFile(
        join(folder, 'b', 'iptables-save.txt'),
        '*nat\n-A X -p tcp foo -j DROP\nCOMMIT\n',
      );
      const bad = await ended(check, folder);
      assert.match(bad.text, /bad-argument/);
      assert.equal(bad.code, 1);
    }));

  test('check of one folder’s objects, named or near', () =>
    withFiles({}, async (folder) => {
      const own = join(folder, 'nodes', 'a');
      await mkdir(own, { recursive: true });
      await writeFile(
        join(own, 'iptables-save.txt'),
        await readFile('samples/kubernetes-1.36-iptables/node-a/iptables-save.txt'),
      );
      const service = (name: string) =>
        `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: shop}\nspec: {clusterIP: 10.96.77.7, clusterIPs: [10.96.77.7], ports: [{port: 80}]}\n---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\naddressType: IPv4\nmetadata: {name: ${name}-1, namespace: shop, labels: {kubernetes.io/service-name: ${name}}}\nports: [{port: 8080, name: ''}]\nendpoints: [{addresses: [10.244.0.77], conditions: {ready: true}}]\n`;
      for (const [place, name] of [
        ['objects', 'near'],
        ['other', 'named'],
      ] as const) {
        await mkdir(join(folder, place));
        await writeFile(join(folder, place, 'services.yaml'), service(name));
        // An editor's copy.
        await writeFile(join(folder, place, 'services.yaml~'), service('copy'));
      }
      const near = (await ended(check, own)).text;
      assert.match(near, /Service shop\/near\./);
      assert.doesNotMatch(near, /shop\/copy/);
      await rename(join(folder, 'objects', 'services.yaml'), join(folder, 'objects', 'all.yml'));
      assert.equal((await ended(check, own)).text.replaceAll('all.yml', 'services.yaml'), near);
      const named = await ended(check, own, '--objects', join(folder, 'other'));
      assert.match(named.text, /Service shop\/named\./);
      assert.doesNotMatch(named.text, /Service shop\/near\./);
    }));

  test('ask: each question alone, all of them without one, a Service that has no rules by right', async () => {
    const sample = 'samples/kubernetes-1.36-iptables';
    const of = (...args: string[]) => ended(ask, join(sample, 'node-a'), ...args);
    const named = ['--objects', join(sample, 'objects'), '--service'];
    const port = await of('--nodeport', '30089');
    assert.match(port.text, /^[^\n]*30089[^\n]*\n/);
    assert.doesNotMatch(port.text, /ping|ipvs mode/i);
    const headless = await of(...named, 'shop/db');
    assert.match(headless.text, /^Why does shop\/db not answer\?\n {2}(?!Unknown)/);
    assert.equal(headless.code, 0);
    const nobody = await of(...named, 'shop/nobody');
    assert.match(nobody.text, /have no Service shop\/nobody/);
    const unknown = await of('--service', 'shop/nobody');
    assert.match(unknown.text, /^Why does shop\/nobody not answer\?\n {2}Unknown/);
    const json = JSON.parse((await of('--nodeport', '30089', '--json')).text) as object[];
    assert.equal(json.length, 1);
    const page = await of('--markdown');
    assert.match(page.text, /^#/);
    assert.doesNotMatch(page.text, /^Why does/m);
    assert.ok(JSON.parse((await of('--json')).text));
  });

  test('a trace of which nothing tells where it comes in asks for that', () =>
    withFiles({ 'iptables-save.txt': dropping }, async (folder) => {
      const asked = await ended(trace, folder, ...inward.slice(0, 4));
      assert.equal(asked.code, 2);
      assert.match(asked.text, /: say --in DEVICE, or --local for a packet of the node itself\.$/);
      assert.equal((await ended(trace, folder, ...inward)).code, 0);
    }));

  test('a trace without --in says what it assumed', () =>
    withFiles(node, async (folder) => {
      const { text } = await ended(trace, folder, ...inward.slice(0, 4));
      assert.match(text, /^assumed: .*eth0/m);
    }));
});

suite('small words of the command line', () => {
  for (const [count, what, said] of [
    [0, 'device', '0 devices'],
    [1, 'device', '1 device'],
    [2, 'address', '2 addresses'],
    [2, 'IP address', '2 IP addresses'],
    [2, 'address range', '2 address ranges'],
    [2, 'connection of IPVS', '2 connections of IPVS'],
    [3, 'line in a chain', '3 lines in a chain'],
    [1, 'connection of IPVS', '1 connection of IPVS'],
  ] as const) {
    test(said, () => assert.equal(plural(count, what), said));
  }

  test('SARIF: rules sorted, each once; levels; places from 1; the node; what is related', () => {
    const range = { source: 'a b/iptables-save.txt', line: 4, start: 2, end: 9 };
    const other = { source: 'ip-addr.txt', line: 0, start: 3, end: 1 };
    const finding = (code: string, severity: 'error' | 'warning' | 'information', extra = {}) => ({
      code,
      severity,
      message: `about ${code}`,
      range,
      ...extra,
    });
    const log = sarif([
      finding('missing-chain', 'error', { node: 'node-a' }),
      finding('bad-argument', 'warning', { related: [{ message: 'see', range: other }] }),
      finding('missing-chain', 'information'),
      finding('endpoint-stale', 'error'),
    ]) as {
      runs: [
        {
          tool: { driver: { rules: { id: string; help?: unknown }[] } };
          results: Record<string, unknown>[];
        },
      ];
    };
    const [{ tool, results }] = log.runs;
    assert.deepEqual(
      tool.driver.rules.map(({ id }) => id),
      ['bad-argument', 'endpoint-stale', 'missing-chain'],
    );
    // Only a check of a node has a page.
    const [, stale, missing] = tool.driver.rules;
    assert.deepEqual(missing, { id: 'missing-chain' });
    assert.deepEqual(stale?.help, { text: 'docs/findings/endpoint-stale.md' });
    assert.deepEqual(
      results.map(({ ruleId, ruleIndex, level }) => [ruleId, ruleIndex, level]),
      [
        ['missing-chain', 2, 'error'],
        ['bad-argument', 0, 'warning'],
        ['missing-chain', 2, 'note'],
        ['endpoint-stale', 1, 'error'],
      ],
    );
    const physicalLocation = {
      artifactLocation: { uri: 'a%20b/iptables-save.txt' },
      region: { startLine: 5, startColumn: 3, endColumn: 10 },
    };
    assert.deepEqual(results[0], {
      ruleId: 'missing-chain',
      ruleIndex: 2,
      level: 'error',
      message: { text: 'about missing-chain' },
      locations: [{ physicalLocation, logicalLocations: [{ name: 'node-a', kind: 'node' }] }],
      relatedLocations: [],
    });
    assert.deepEqual(results[1]!['locations'], [{ physicalLocation }]);
    assert.deepEqual(results[1]!['relatedLocations'], [
      {
        message: { text: 'see' },
        physicalLocation: {
          artifactLocation: { uri: 'ip-addr.txt' },
          region: { startLine: 1, startColumn: 4, endColumn: 4 },
        },
      },
    ]);
  });
});
