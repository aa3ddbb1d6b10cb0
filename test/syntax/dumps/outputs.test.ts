import assert from 'node:assert/strict';
import { outputsOf } from '../../../src/syntax/dumps/outputs';
import { kindOfLine } from '../../../src/syntax/dumps/recognize';

/** How many expressions are tried while something is done. */
function expressionsTried(action: () => void): number {
  const { test: own } = RegExp.prototype;
  let tried = 0;
  RegExp.prototype.test = function (text) {
    tried++;
    return own.call(this, text);
  };
  try {
    action();
  } finally {
    RegExp.prototype.test = own;
  }
  return tried;
}

suite('what it costs to find the outputs of a text', () => {
  test('a line of no kind is known as that without asking each kind', () => {
    const tried = expressionsTried(() => assert.equal(kindOfLine('a1', []), undefined));
    assert.ok(tried > 0 && tried <= 15, `${tried} expressions`);
  });

  test('short lines of no kind cost a handful of expressions each', () => {
    const lines = Array.from({ length: 1000 }, (_, i) => `a${i % 10}`);
    const tried = expressionsTried(() => outputsOf(lines.join('\n')));
    assert.ok(tried > 0 && tried < 30 * lines.length, `${tried / lines.length} expressions a line`);
  });
});

suite('where an output ends in what somebody wrote', () => {
  const table = [
    '[root@localhost ~]# ipvsadm -Ln',
    'IP Virtual Server version 1.2.1 (size=4096)',
    'Prot LocalAddress:Port Scheduler Flags',
    '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn',
    'TCP  10.96.0.1:443 rr',
    '  -> 192.168.10.20:6443           Masq    1      2          0',
  ];
  const endOf = (...below: string[]) =>
    outputsOf([...table, ...below].join('\n')).find(({ kind }) => kind === 'ipvsadm-Ln')?.end;

  test('sentences below it are not its lines, in whatever language', () => {
    assert.equal(endOf('', '3、查看网卡：'), table.length + 1);
    assert.equal(endOf('3、查看网卡：', '', '请帮忙看看。'), table.length);
    assert.equal(endOf('', '2. And here are the addresses of the node:'), table.length + 1);
    assert.equal(endOf('', 'Why does the ClusterIP not answer?'), table.length + 1);
  });

  test('a line that the reader should complain of stays', () => {
    assert.equal(endOf('TCP  10.96.0.10:53'), table.length + 1);
    assert.equal(endOf('Segmentation fault'), table.length + 1);
  });

  test('a prompt ends it, whatever was typed there and whoever prompts', () => {
    for (const prompt of ['[root@localhost ~]# kubectl get svc', '$ curl -m 3 10.96.0.1']) {
      assert.equal(endOf(prompt, 'NAME   TYPE'), table.length, prompt);
    }
  });

  test('a comment of iptables-save ends nothing', () => {
    const save = [
      '*nat',
      ':PREROUTING ACCEPT [0:0]',
      'COMMIT',
      '# Completed on Tue Mar  8',
      '*raw',
    ];
    assert.deepEqual(
      outputsOf(save.join('\n')).map(({ start, end }) => [start, end]),
      [[0, save.length]],
    );
  });
});
