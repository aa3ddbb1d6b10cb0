import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { becomes, openSample, placeOf } from './samples';

const node = 'kubernetes-1.36-ipvs/node-a';

/** What VS Code answers inside the first `text` after `after` of a dump. */
async function ask<T>(command: string, file: string, text: string, after = ''): Promise<T> {
  const { document } = await openSample(`${node}/${file}`);
  const position = placeOf(document, text, after).translate(0, 1);
  return vscode.commands.executeCommand<T>(command, document.uri, position);
}

async function hover(file: string, text: string, after = ''): Promise<string> {
  const hovers = await ask<vscode.Hover[]>('vscode.executeHoverProvider', file, text, after);
  const contents = hovers.flatMap((each) => each.contents);
  return contents
    .map((content) => {
      assert.ok(content instanceof vscode.MarkdownString);
      assert.ok(!content.isTrusted && !content.supportHtml);
      return content.value.replace(/\\(.)/g, '$1');
    })
    .join('\n');
}

/** The lines that an answer leads to, with the files that they are in. */
async function linesAt(
  places: readonly (vscode.Location | vscode.LocationLink)[],
): Promise<string[]> {
  return Promise.all(
    places.map(async (place) => {
      const uri = 'targetUri' in place ? place.targetUri : place.uri;
      const range = 'targetUri' in place ? place.targetRange : place.range;
      const document = await vscode.workspace.openTextDocument(uri);
      return `${uri.path.split('/').at(-1)}: ${document.lineAt(range.start.line).text.trim()}`;
    }),
  );
}

async function definitions(file: string, text: string, after = ''): Promise<string[]> {
  return linesAt(await ask('vscode.executeDefinitionProvider', file, text, after));
}

async function references(file: string, text: string, after = ''): Promise<string[]> {
  return linesAt(await ask('vscode.executeReferenceProvider', file, text, after));
}

suite('dumps of a node in ipvs mode', () => {
  test('each is in its language', async () => {
    for (const [file, language] of [
      ['ipvsadm-Ln.txt', 'ipvsadm'],
      ['proc-net-ip_vs.txt', 'ipvsadm'],
      ['ipset-save.txt', 'ipset'],
      ['ipset-list.txt', 'ipset'],
      ['ip-addr.txt', 'ip-address'],
      ['ip-route.txt', 'ip-address'],
    ] as const) {
      assert.equal((await openSample(`${node}/${file}`)).document.languageId, language, file);
    }
  });

  test('hovers: a scheduler, a virtual server with its Service, hex, a set and an element', async () => {
    assert.match(await hover('ipvsadm-Ln.txt', ' rr'), /Round robin/);
    const server = await hover('ipvsadm-Ln.txt', '10.99.205.136:3000');
    assert.match(server, /Virtual server.*`default\/whoami`/);
    assert.match(server, /default\/whoami-\S+ on node-b/);
    assert.match(await hover('proc-net-ip_vs.txt', '0A63CD88:0BB8'), /`10\.99\.205\.136:3000` =/);
    const set = await hover('ipset-save.txt', 'KUBE-CLUSTER-IP', 'create KUBE-CLUSTER-IP');
    assert.match(set, /Every ClusterIP with each of its ports\./);
    assert.match(set, /3 rules name it/);
    const element = await hover('ipset-list.txt', '30089', 'Name: KUBE-NODE-PORT-TCP');
    assert.match(element, /NodePort of default\/web:http/);
    assert.match(await hover('ip-addr.txt', '10.99.205.136/32'), /ClusterIP of default\/whoami/);
  });

  test('a set in a rule says why it exists, beside what its option does', async () => {
    const text = await hover('iptables-save.txt', 'KUBE-LOOP-BACK', '--match-set KUBE-LOOP-BACK');
    assert.match(text, /hairpin/);
    assert.match(text, /--match-set/);
  });

  test('from a rule to its set and back', async () => {
    const to = await definitions('iptables-save.txt', 'KUBE-CLUSTER-IP', '--match-set KUBE-CL');
    assert.equal(to.length, 1);
    assert.match(to[0]!, /^ipset-(save|list)\.txt: (create|Name:) KUBE-CLUSTER-IP\b/);
    const back = await references('ipset-save.txt', 'KUBE-CLUSTER-IP', 'create KUBE-CLUSTER-IP');
    const rules = back.filter((line) => line.includes('--match-set KUBE-CLUSTER-IP dst,dst'));
    assert.equal(rules.length, 3);
    assert.ok(back.includes(to[0]!) || back.some((line) => line.includes('create KUBE-CLUSTER')));
  });

  test('a jump of a rule still leads to its chain alone', async () => {
    const to = await definitions('iptables-save.txt', 'KUBE-MARK-MASQ', 'dst,dst -j KUBE-MARK');
    assert.equal(to.length, 1);
    assert.match(to[0]!, /-A KUBE-MARK-MASQ/);
  });

  test('from a virtual server to the Service, kube-ipvs0 and the element of the set', async () => {
    const to = await definitions('ipvsadm-Ln.txt', '10.99.205.136:3000');
    assert.ok(to.some((line) => line.startsWith('services.yaml:')));
    assert.ok(to.some((line) => line.startsWith('ip-addr.txt: inet 10.99.205.136/32')));
    assert.ok(to.some((line) => line.endsWith('KUBE-CLUSTER-IP 10.99.205.136,tcp:3000')));
    const real = await definitions('ipvsadm-Ln.txt', '10.244.0.3:3000');
    assert.ok(real.some((line) => line.startsWith('pods.yaml:')));
    const all = await references('ip-addr.txt', '10.99.205.136/32');
    assert.ok(all.some((line) => line.startsWith('ipvsadm-Ln.txt: TCP  10.99.205.136:3000')));
  });

  test('the outline and what folds', async () => {
    for (const [file, name, child] of [
      ['ipvsadm-Ln.txt', 'TCP 10.99.205.136:3000', '10.244.0.3:3000'],
      ['ipset-list.txt', 'KUBE-CLUSTER-IP', '10.99.205.136,tcp:3000'],
      ['ip-addr.txt', 'kube-ipvs0', '10.99.205.136/32'],
    ] as const) {
      const { document } = await openSample(`${node}/${file}`);
      const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
        'vscode.executeDocumentSymbolProvider',
        document.uri,
      );
      const own = symbols.find((symbol) => symbol.name === name);
      assert.ok(own, name);
      assert.ok(
        own.children.some((each) => each.name === child),
        `${name} > ${child}`,
      );
      const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
        'vscode.executeFoldingRangeProvider',
        document.uri,
      );
      const { start, end } = own.range;
      assert.ok(folds.some((fold) => fold.start === start.line && fold.end === end.line));
    }
  });

  test('a pasted dump is known by its text, prose with a line like one is not', async () => {
    const open = (content: string) =>
      vscode.workspace.openTextDocument({ language: 'plaintext', content });
    // Opened first, so that it has been looked at when the dumps have become such.
    const prose = await open(
      'Notes\n\nThe node had\n\nno route:\n\ndefault via 10.0.0.1 dev eth0\n',
    );
    for (const [content, language] of [
      ['TCP  10.96.0.1:443 rr\n  -> 10.0.0.1:6443 Masq 1 0 0\n', 'ipvsadm'],
      ['$ ipset save\ncreate KUBE-CLUSTER-IP hash:ip,port family inet\n', 'ipset'],
      ['1: lo: <LOOPBACK,UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n', 'ip-address'],
    ] as const) {
      const { uri } = await open(content);
      await becomes(uri, language);
    }
    assert.equal(prose.languageId, 'plaintext');
  });
});
