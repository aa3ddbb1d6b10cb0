import assert from 'node:assert/strict';
import { withChainHeads } from '../../../src/syntax/pasted/chainHeads';
import { readPasted } from '../../../src/syntax/pasted/pasted';

const row =
  'KUBE-SVC-OQCLJJ5GLLNFY3XB  tcp  --  0.0.0.0/0   10.96.200.7   /* default/web:http cluster IP */ tcp dpt:80';
const head = 'Chain KUBE-SERVICES (1 references)';

/** The lines that a text is read as, and where each was taken from. */
function read(...lines: readonly string[]) {
  return (withChainHeads(lines) ?? []).map(({ text, line }) => `${line} ${text}`);
}

suite('rows of a chain whose head a filter took away', () => {
  const commands: Readonly<Record<string, string>> = {
    'root at a node': '[root@node-a ~]# iptables -t nat -nL KUBE-SERVICES | grep web',
    'letters apart': '$ sudo iptables -t nat -n -L KUBE-SERVICES | grep -i web',
    'with counts': '# iptables -t nat -nvL KUBE-SERVICES|egrep "web|api"',
  };
  for (const [name, command] of Object.entries(commands)) {
    test(`${name}: the command names the chain`, () => {
      const own = command.includes('nvL') ? `    3   180 ${row}` : row;
      assert.deepEqual(read(command, own, own), [
        `0 ${command}`,
        `0 ${head}`,
        `1 ${own}`,
        `2 ${own}`,
      ]);
    });
  }

  test('of each command its own chain', () => {
    const [one, two] = ['KUBE-SERVICES', 'KUBE-NODEPORTS'].map(
      (chain) => `$ iptables -t nat -nL ${chain} | grep web`,
    );
    assert.deepEqual(read(one!, row, two!, row), [
      `0 ${one}`,
      `0 ${head}`,
      `1 ${row}`,
      `2 ${two}`,
      `2 Chain KUBE-NODEPORTS (1 references)`,
      `3 ${row}`,
    ]);
  });

  const others: Readonly<Record<string, readonly string[]>> = {
    'the head came through': [
      '$ iptables -t nat -nL KUBE-SERVICES | grep -e Chain -e web',
      head,
      row,
    ],
    'no filter': ['$ iptables -t nat -nL KUBE-SERVICES', row],
    'the command names no chain': ['$ iptables -t nat -nL | grep web', row],
    'a built-in chain, whose policy is not told': ['$ iptables -nL FORWARD | grep ACCEPT', row],
    'rules as commands have their chain': ['$ iptables -t nat -S KUBE-SERVICES | grep web', row],
    'nothing was found': ['$ iptables -t nat -nL KUBE-SERVICES | grep web', '$ ls'],
    'no prompt': ['iptables -t nat -nL KUBE-SERVICES | grep web', row],
  };
  for (const [name, lines] of Object.entries(others)) {
    test(`left as it is: ${name}`, () => assert.equal(withChainHeads(lines), undefined));
  }

  test('a place of a row is that of its line in the text', () => {
    const pasted = readPasted(`$ iptables -t nat -nL KUBE-SERVICES | grep web\n${row}\n`);
    assert.equal(pasted.text.split('\n')[2], row);
    const place = { source: 'paste.txt', line: 2, start: 0, end: 8 };
    assert.deepEqual(pasted.original(place), { ...place, line: 1 });
  });
});
