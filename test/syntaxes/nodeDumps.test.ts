import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { IGrammar } from 'vscode-textmate';
import { loadGrammar, scopes } from './tokenize';

/** A check of one grammar: the scoped pieces of the text are exactly these. */
function checker(name: string): (text: string, ...expected: string[]) => Promise<void> {
  let grammar: Promise<IGrammar> | undefined;
  return async (text, ...expected) => {
    grammar ??= loadGrammar(name);
    assert.deepEqual(scopes(await grammar, text), expected);
  };
}

/** Lines of a sample that get no scope at all. */
async function unscoped(name: string, sample: string): Promise<string[]> {
  const grammar = await loadGrammar(name);
  const text = readFileSync(new URL(`../../samples/${sample}`, import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && scopes(grammar, line).length === 0);
}

suite('TextMate grammar ipvsadm', () => {
  const is = checker('ipvsadm');

  test('a table, also without leading blanks', async () => {
    const server = [
      '-> -> punctuation.definition.real-server',
      '10.244.0.2 -> constant.numeric.address',
      ': -> punctuation.separator.port',
      '8080 -> constant.numeric.port',
      'Masq -> support.class.forward',
    ];
    await is(
      'TCP  [fd00::1]:80 sh (sh-port) persistent 600 ops\n  -> 10.244.0.2:8080              Masq    1      0          3         ',
      'TCP -> keyword.control.protocol',
      '[fd00::1] -> constant.numeric.address',
      ': -> punctuation.separator.port',
      '80 -> constant.numeric.port',
      'sh -> support.class.scheduler',
      '(sh-port) -> storage.modifier.flag',
      'persistent -> storage.modifier.persistent',
      '600 -> constant.numeric',
      'ops -> storage.modifier.flag',
      ...server,
      '1 -> constant.numeric',
      '0 -> constant.numeric',
      '3 -> constant.numeric',
    );
    await is(
      '-> 10.244.0.2:8080              Masq    0      2',
      ...server,
      '0 -> invalid.deprecated.draining',
      '2 -> constant.numeric',
    );
  });

  test('/proc/net/ip_vs and its connections', async () => {
    await is(
      'TCP  0A637BF9:2328 rr  persistent 2700000 FFFFFFFF\nTCP 0A63CD88 B5E0 0A63CD88 0BB8 0AF40004 0BB8 TIME_WAIT        39',
      'TCP -> keyword.control.protocol',
      '0A637BF9 -> constant.numeric.address',
      ': -> punctuation.separator.port',
      '2328 -> constant.numeric.port',
      'rr -> support.class.scheduler',
      'persistent -> storage.modifier.persistent',
      '2700000 -> constant.numeric',
      'FFFFFFFF -> constant.numeric.address',
      'TCP -> keyword.control.protocol',
      '0A63CD88 B5E0 -> constant.numeric.address',
      '0A63CD88 0BB8 -> constant.numeric.address',
      '0AF40004 0BB8 -> constant.numeric.address',
      'TIME_WAIT -> constant.language.state',
      '39 -> constant.numeric.time',
    );
  });

  test('connections and saved commands', async () => {
    await is(
      'UDP 03:44  UDP         192.168.77.1:51079 10.0.0.1:80 10.244.0.47:7777',
      'UDP -> keyword.control.protocol',
      '03:44 -> constant.numeric.time',
      'UDP -> constant.language.state',
      ...['192.168.77.1 51079', '10.0.0.1 80', '10.244.0.47 7777'].flatMap((each) => [
        `${each.split(' ')[0]} -> constant.numeric.address`,
        ': -> punctuation.separator.port',
        `${each.split(' ')[1]} -> constant.numeric.port`,
      ]),
    );
    await is(
      '-a -t 10.0.0.1:80 -r 10.0.0.2:8080 -m -w 0',
      '-a -> keyword.other.command',
      '-t -> variable.parameter.option',
      '10.0.0.1 -> constant.numeric.address',
      ': -> punctuation.separator.port',
      '80 -> constant.numeric.port',
      '-r -> variable.parameter.option',
      '10.0.0.2 -> constant.numeric.address',
      ': -> punctuation.separator.port',
      '8080 -> constant.numeric.port',
      '-m -> variable.parameter.option',
      '-w -> variable.parameter.option',
      '0 -> invalid.deprecated.draining',
    );
  });

  test('every line of the samples has scopes', async () => {
    assert.deepEqual(await unscoped('ipvsadm', 'kubernetes-1.36-ipvs/node-a/ipvsadm-Ln.txt'), []);
    assert.deepEqual(
      await unscoped('ipvsadm', 'kubernetes-1.36-ipvs/node-a/proc-net-ip_vs.txt'),
      [],
    );
  });
});

suite('TextMate grammar ipset', () => {
  const is = checker('ipset');

  test('save', async () => {
    await is(
      'create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024\nadd KUBE-CLUSTER-IP 10.96.0.1,tcp:443 timeout 30 comment "a, b"',
      'create -> keyword.other.command',
      'KUBE-CLUSTER-IP -> entity.name.type.set',
      'hash:ip,port -> support.class.set-type',
      'family -> variable.parameter.option',
      'inet -> constant.numeric',
      'hashsize -> variable.parameter.option',
      '1024 -> constant.numeric',
      'add -> keyword.other.command',
      'KUBE-CLUSTER-IP -> entity.name.type.set',
      '10.96.0.1 -> constant.numeric.address',
      ', -> punctuation.separator.element',
      'tcp -> keyword.control.protocol',
      ': -> punctuation.separator.port',
      '443 -> constant.numeric.port',
      'timeout -> variable.parameter.option',
      '30 -> constant.numeric',
      'comment -> variable.parameter.option',
      '"a, b" -> string.quoted.double',
    );
  });

  test('list', async () => {
    await is(
      'Name: KUBE-NODE-PORT-TCP\nNumber of entries: 1\nMembers:\n30089\nfd00::1,udp:53,fd00::/64 nomatch',
      'Name: -> keyword.other.field',
      'KUBE-NODE-PORT-TCP -> entity.name.type.set',
      'Number of entries -> keyword.other.field',
      '1 -> constant.numeric',
      'Members: -> keyword.other.field',
      '30089 -> constant.numeric.port',
      'fd00::1 -> constant.numeric.address',
      ', -> punctuation.separator.element',
      'udp -> keyword.control.protocol',
      ': -> punctuation.separator.port',
      '53 -> constant.numeric.port',
      ', -> punctuation.separator.element',
      'fd00::/64 -> constant.numeric.address',
      'nomatch -> keyword.operator.logical.negation',
    );
  });

  test('every line of the samples has scopes', async () => {
    for (const name of ['ipset-save.txt', 'ipset-list.txt']) {
      assert.deepEqual(await unscoped('ipset', `kubernetes-1.36-ipvs/node-a/${name}`), [], name);
    }
  });
});

suite('TextMate grammar ip-address', () => {
  const is = checker('ip-address');

  test('a device and its addresses', async () => {
    await is(
      '25: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 state DOWN\n    inet 10.96.0.1/32 scope global kube-ipvs0',
      '25 -> constant.numeric.index',
      'kube-ipvs0 -> entity.name.type.device',
      'BROADCAST -> storage.modifier.flag',
      'NOARP -> storage.modifier.flag',
      'mtu -> variable.parameter.option',
      '1500 -> constant.numeric',
      'state -> variable.parameter.option',
      'DOWN -> constant.language.state',
      'inet -> keyword.control.family',
      '10.96.0.1/32 -> constant.numeric.address',
      'scope -> variable.parameter.option',
      'global -> constant.language',
    );
  });

  test('routes and rules', async () => {
    await is(
      'local fd00::1 dev lo table local metric 0\n0:\tfrom all fwmark 0x1/0x1 lookup local',
      'local -> keyword.control.route-type',
      'fd00::1 -> constant.numeric.address',
      'dev -> variable.parameter.option',
      'lo -> entity.name.type.device',
      'table -> variable.parameter.option',
      'local -> entity.name.section.table',
      'metric -> variable.parameter.option',
      '0 -> constant.numeric',
      '0 -> constant.numeric.priority',
      'from -> variable.parameter.option',
      'fwmark -> variable.parameter.option',
      '0x1/0x1 -> constant.numeric',
      'lookup -> variable.parameter.option',
      'local -> entity.name.section.table',
    );
  });

  test('every line of the samples has scopes', async () => {
    for (const name of ['ip-addr.txt', 'ip-route.txt', 'ip-6-route.txt']) {
      const sample = `kubernetes-1.36-iptables/node-a/${name}`;
      assert.deepEqual(await unscoped('ip-address', sample), [], name);
    }
  });
});
