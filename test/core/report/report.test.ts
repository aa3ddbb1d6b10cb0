import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Finding } from '../../../src/core/finding';
import { clusterReport } from '../../../src/core/report/cluster';
import { clusterMarkdown, reportMarkdown } from '../../../src/core/report/markdown';
import { indexObjects } from '../../../src/core/objects/objectIndex';
import { reportOf } from '../../../src/core/report/report';
import { sortObjects } from '../../../src/core/objects/types';
import { finish } from '../../../src/core/work';
import { readObject } from '../../../src/syntax/objects/readObject';
import { nodeOf, sampleNode } from '../flow/sampleNode';
import { objectsOf, textsIn } from '../../dumps';
import { nat19, servers } from '../questions/ticket';

const links = {
  place: ({ source, line }: { source: string; line: number }) => `(${source}:${line + 1})`,
  page: (code: string) => `docs/${code}.md`,
};

suite('"What is wrong here?"', () => {
  test('a healthy node: nothing, with the mode, and what a Service does from each side', async () => {
    const { node } = await sampleNode('kubernetes-1.36-iptables/node-a');
    const report = finish(reportOf(node, {}));
    assert.match(report.verdict, /^Nothing is wrong in what the dumps show: .* iptables mode/);
    const service = finish(reportOf(node, { service: 'default/whoami' }));
    assert.equal(service.title, 'default/whoami on node-a');
    const texts = service.answers.map(({ question, answer }) => `${question} ${answer}`);
    assert.match(
      texts.join('\n'),
      /answer this node at 10\.99\.205\.136:3000\? Yes: .*10\.244\.0\.3:3000/,
    );
    assert.match(texts.join('\n'), /answer a pod at 10\.99\.205\.136:3000\? Yes: /);
    const dns = finish(reportOf(node, { service: 'kube-system/kube-dns' })).answers;
    assert.equal(dns.filter(({ question }) => question.includes('ping')).length, 1);
    assert.ok(dns.some(({ question }) => question.includes('dns-tcp')));
    const none = finish(reportOf(node, { service: 'default/nobody' }));
    assert.equal(none.verdict, 'No rule at hand is about this Service.');
  });

  test('a Service that kube-proxy writes no rules for: the objects tell why', async () => {
    const { node } = await sampleNode('kubernetes-1.36-iptables/node-a');
    const metadata = { name: 'db', namespace: 'shop' };
    const spec = { type: 'ClusterIP', clusterIP: 'None', ports: [{ port: 5432 }] };
    const db = readObject({ apiVersion: 'v1', kind: 'Service', metadata, spec });
    const objects = indexObjects(sortObjects([db!]));
    const verdict = (service: string) => finish(reportOf(node, { objects, service })).verdict;
    assert.match(
      verdict('shop/db'),
      /^No rule at hand is about this Service\. kube-proxy writes no rules for Service shop\/db: it is headless/,
    );
    assert.match(
      verdict('shop/nobody:x'),
      / The objects at hand have no Service shop\/nobody either\.$/,
    );
  });

  test('the worst finding is the verdict; every finding has its place and its page', async () => {
    const text = [
      '*nat',
      ':PREROUTING ACCEPT [0:0]',
      ':OUTPUT ACCEPT [0:0]',
      ':KUBE-SERVICES - [0:0]',
      ':KUBE-SVC-NPX46M4PTMTKRN6Y - [0:0]',
      '-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "default/kubernetes:https cluster IP" -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y',
      'COMMIT',
      '',
    ].join('\n');
    const { node } = await nodeOf(new Map([['iptables-save.txt', text]]));
    const report = finish(reportOf(node, {}));
    assert.match(report.verdict, /^Broken: No rule of nat PREROUTING leads to KUBE-SERVICES/);
    const markdown = reportMarkdown(report, links);
    assert.match(markdown, /^# What is wrong here\? node-a$/m);
    assert.match(
      markdown,
      /- No rule of nat OUTPUT .* \(iptables-save\.txt:3\) \[`services-not-reached`\]\(docs\/services-not-reached\.md\)/,
    );
    assert.match(markdown, /^- routes: .*`ip route show table all` would tell\.$/m);
  });

  test('an answer that is the verdict stands with its question, and is as sure as it is', async () => {
    const files = new Map([
      ['iptables-nat-S.txt', nat19],
      ['ipvsadm-Sn.txt', servers],
    ]);
    const { node } = await nodeOf(files);
    assert.match(
      finish(reportOf(node, {})).verdict,
      /^Likely broken: Do connections from this node to a ClusterIP get answers\? Likely not: no rule /,
    );
  });

  test('a dump that was cut on its way breaks nothing: that is told beside the verdict', async () => {
    const save = readFileSync('samples/kubernetes-1.36-iptables/node-a/iptables-save.txt', 'utf8');
    const cut = save.slice(save.indexOf('*nat'), save.lastIndexOf('-A KUBE-SVC-'));
    const { node } = await nodeOf(new Map([['nat.txt', cut]]));
    const { verdict, findings } = finish(reportOf(node, {}));
    assert.match(
      verdict,
      /^Nothing is wrong .* Not all could be read: Table nat ends without COMMIT/,
    );
    assert.deepEqual(
      findings.filter(({ severity }) => severity === 'error').map(({ code }) => code),
      ['commit-missing'],
    );
  });

  test('Services that no endpoint serves are told, in each mode, of one node and of all', async () => {
    for (const [mode, title] of [
      ['iptables', 'shop/orphan:http'],
      ['nftables', 'shop/orphan:http'],
      ['ipvs', '10.96.135.95:80/tcp'],
    ] as const) {
      const { node } = await sampleNode(`kubernetes-1.36-${mode}/node-a`);
      const report = finish(reportOf(node, {}));
      assert.ok(report.unanswered.includes(title), mode);
      assert.ok(!report.unanswered.includes('default/whoami:http'), mode);
      const line = /^Without an endpoint for this node, so that nobody answers: .*\.$/m;
      assert.match(reportMarkdown(report, links), line);
      assert.match(clusterMarkdown(clusterReport('all', [report], []), links), line);
    }
  });

  test('of a part of a table or listing no Service is said to be without endpoint', async () => {
    const nft = readFileSync(
      'samples/kubernetes-1.36-nftables/node-a/nft-list-ruleset.txt',
      'utf8',
    );
    const servers = readFileSync('samples/kubernetes-1.36-ipvs/node-a/ipvsadm-Ln.txt', 'utf8');
    for (const [name, text] of [
      ['nft-list-ruleset.txt', nft.split('\n').slice(0, 300).join('\n')],
      ['ipvsadm-Ln.txt', servers.split('\n').slice(1).join('\n')],
    ] as const) {
      const { node } = await nodeOf(new Map([[name, text]]));
      assert.deepEqual(finish(reportOf(node, {})).unanswered, [], name);
    }
  });

  test('what is to be seen to before 1.40 stands apart, and is of the node alone', async () => {
    const { node } = await nodeOf(new Map([['iptables-save.txt', '*nat\nCOMMIT\n']]));
    const range = { source: 'iptables-save.txt', line: 0, start: 0, end: 4 };
    const of = (severity: Finding['severity'], code: string): Finding => ({
      severity,
      code,
      message: `${code}.`,
      range,
    });
    const findings = [
      of('warning', 'ipvs-mode-ends'),
      of('information', 'services-not-reached'),
      of('warning', 'services-not-reached'),
    ];
    const codes = (list: readonly Finding[]) =>
      list.map(({ severity, code }) => `${severity} ${code}`);
    const report = finish(reportOf(node, { findings }));
    assert.deepEqual(codes(report.upgrade), ['warning ipvs-mode-ends']);
    assert.deepEqual(codes(report.findings), [
      'information services-not-reached',
      'warning services-not-reached',
    ]);
    assert.deepEqual(report.around, []);
    assert.equal(report.verdict, 'Look at this: services-not-reached.');
    const one = finish(reportOf(node, { findings, service: 'default/web' }));
    assert.deepEqual([codes(one.upgrade), codes(one.findings)], [[], []]);
    // Notes about the node are none of the Service's.
    assert.deepEqual(codes(one.around), ['warning services-not-reached']);
  });

  test('the releases that may have written the rules, with what tells them', async () => {
    const { node } = await sampleNode('kubernetes-1.20-iptables/node-a');
    const { release } = finish(reportOf(node, { findings: [] }));
    assert.match(release ?? '', /^kube-proxy 1\.\d+( to 1\.\d+)? writes such rules: \S.*\.$/);
    const report = finish(reportOf(node, { findings: [] }));
    assert.ok(reportMarkdown(report, links).includes(`\n\n${report.release}\n`));
  });

  test('objects beside the node are compared with its rules', async () => {
    const objects = await objectsOf(textsIn('samples/kubernetes-1.36-iptables/objects'));
    const lines = readFileSync('samples/kubernetes-1.36-iptables/node-a/iptables-save.txt', 'utf8');
    const text = lines.replace(/^-A KUBE-SERVICES .*default\/whoami.*\n/gm, '');
    const { node } = await nodeOf(new Map([['iptables-save.txt', text]]));
    const faults = (of: Parameters<typeof reportOf>[1]) =>
      finish(reportOf(node, of)).findings.map(({ code }) => code);
    assert.ok(faults({ objects }).includes('service-not-programmed'), faults({ objects }).join());
    assert.ok(!faults({}).includes('service-not-programmed'));
  });

  test('what is asked of a Service: a ping of its ClusterIP alone, its NodePort where it has one', async () => {
    const svc = 'KUBE-SVC-AAAAAAAAAAAAAAAA';
    const comment = '-m comment --comment "default/web:http';
    const external = `-A KUBE-SERVICES -d 203.0.113.9/32 -p tcp ${comment} external IP" -m tcp --dport 80 -j ${svc}`;
    const cluster = `-A KUBE-SERVICES -d 10.96.0.8/32 -p tcp ${comment} cluster IP" -m tcp --dport 80 -j ${svc}`;
    const port = `-A KUBE-NODEPORTS -p tcp ${comment}" -m tcp --dport 30080 -j ${svc}`;
    const asked = async (...rules: string[]) => {
      const heads = ['PREROUTING ACCEPT', 'KUBE-SERVICES -', 'KUBE-NODEPORTS -', `${svc} -`];
      const text = [
        '*nat',
        ...heads.map((head) => `:${head} [0:0]`),
        '-A PREROUTING -j KUBE-SERVICES',
        ...rules,
        '-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS',
        `-A ${svc} ${comment}" -j DNAT --to-destination 10.244.1.5:80`,
        'COMMIT',
        '',
      ].join('\n');
      const { node } = await nodeOf(new Map([['iptables-save.txt', text]]));
      const { answers } = finish(reportOf(node, { service: 'default/web', findings: [] }));
      const questions = answers.map(({ question }) => question).join('\n');
      return [/ping[^]*?([\d.]+\d)/i.exec(questions)?.[1], /\b30080\b/.test(questions)];
    };
    assert.deepEqual(await asked(external, cluster, port), ['10.96.0.8', true]);
    assert.deepEqual(await asked(external), [undefined, false]);
    assert.deepEqual(await asked(external, port), [undefined, true]);
  });

  test('of a node that is known to be in iptables mode nothing of ipvs mode is asked', async () => {
    const { node } = await sampleNode('kubernetes-1.36-iptables/node-a');
    assert.equal(finish(reportOf(node, { findings: [] })).answers.length, 1);
    const ipvs = await sampleNode('kubernetes-1.36-ipvs/node-a');
    assert.equal(finish(reportOf(ipvs.node, { findings: [] })).answers.length, 3);
  });

  test('texts of a dump can be no markup of ours', async () => {
    const { node } = await nodeOf(
      new Map([['iptables-save.txt', '*nat\n-A X -j NOWHERE\nCOMMIT\n']]),
      '<b>[x](http://evil)',
    );
    const markdown = reportMarkdown(finish(reportOf(node, {})), links);
    assert.match(markdown, /^# What is wrong here\? \\<b\\>\\\[x\\\]\(http:\/\/evil\)$/m);
  });

  test('a Service: what is wrong with it, and with the node as a whole, but not with others', async () => {
    const lines = (name: string, hash: string, address: string) => [
      `-A KUBE-SERVICES -d ${address}/32 -p tcp -m comment --comment "default/${name}:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-${hash}`,
      `-A KUBE-SVC-${hash} -m comment --comment "default/${name}:http" -j KUBE-SEP-${hash}`,
      `-A KUBE-SEP-${hash} -p tcp -m comment --comment "default/${name}:http" -m tcp -j DNAT --to-destination ${address.replace('96', '244')}:80`,
    ];
    const [web, web2] = ['AAAAAAAAAAAAAAAA', 'BBBBBBBBBBBBBBBB'];
    const text = [
      '*nat',
      ':PREROUTING ACCEPT [0:0]',
      ':OUTPUT ACCEPT [0:0]',
      ...['SERVICES', `SVC-${web}`, `SVC-${web2}`, `SEP-${web}`, `SEP-${web2}`].map(
        (one) => `:KUBE-${one} - [0:0]`,
      ),
      '-A PREROUTING -j KUBE-SERVICES',
      ...lines('web', web, '10.96.0.8'),
      ...lines('web2', web2, '10.96.0.9'),
      'COMMIT',
      '',
    ].join('\n');
    const { node } = await nodeOf(new Map([['iptables-save.txt', text]]));
    const report = finish(reportOf(node, { service: 'default/web' }));
    assert.deepEqual(
      report.findings.map(({ code }) => code),
      ['service-name-mismatch', 'hairpin-not-masqueraded'],
    );
    assert.deepEqual([...new Set(report.around.map(({ code }) => code))], ['services-not-reached']);
    assert.match(report.verdict, /^Broken: No rule of nat OUTPUT leads to KUBE-SERVICES/);
    assert.match(reportMarkdown(report, links), /^## Of the node as a whole$/m);

    const other = { ...node, name: 'node-b' };
    const reports = [report, finish(reportOf(other, { service: 'default/web' }))];
    const cluster = clusterReport('shop', reports, ['node-c: no dump.']);
    assert.match(cluster.verdict, /^Broken on all 2 nodes: No rule of nat OUTPUT/);
    const markdown = clusterMarkdown(cluster, links);
    assert.equal(markdown.match(/KUBE-SEP-A+ does not mark/g)?.length, 1);
    assert.match(markdown, /^- all 2 nodes: KUBE-SEP-A+ does not mark/m);
    assert.match(markdown, /^\| node-b \| iptables \| 1 \| 2 \|$/m);
    assert.match(markdown, /^## Not looked at\n\n- node-c: no dump\.$/m);
  });
});
