import assert from 'node:assert/strict';
import type { Dump } from '../../src/cluster/cluster';
import { wholeLines } from '../../src/cluster/pieces';
import { rulesDump } from '../../src/explorer/rulesDump';

function dump(name: string, text: string, more: Partial<Dump> = {}): Dump {
  const read = () => Promise.resolve(text);
  return {
    name,
    bytes: Buffer.byteLength(text),
    stderr: '',
    read,
    pieces: () => wholeLines([text]),
    ...more,
  };
}

const found = async (marks: readonly string[], ...dumps: Dump[]) => {
  const answer = await rulesDump({ node: 'n', dumps }, marks);
  return answer && [answer.dump.name, answer.mark];
};

const services = '*nat\n:KUBE-SERVICES - [0:0]\n';
const six = dump('ip6tables-nft-save.txt', `${services}:KUBE-SVC-SIX - [0:0]\n`);

suite('which dump holds a Service', () => {
  test('the one that has a mark, the best mark of it', async () => {
    const four = dump('iptables-nft-save.txt', `${services}"shop/web " KUBE-SVC-A\n:KUBE-SVC-A \n`);
    assert.deepEqual(await found([':KUBE-SVC-A ', 'KUBE-SVC-A', '"shop/web "'], six, four), [
      'iptables-nft-save.txt',
      ':KUBE-SVC-A ',
    ]);
    assert.deepEqual(await found(['KUBE-SVC-SIX'], six, four), [
      'ip6tables-nft-save.txt',
      'KUBE-SVC-SIX',
    ]);
  });

  test('a mark behind the first megabyte', async () => {
    const large = dump(
      'iptables-nft-save.txt',
      `${services}${'-A KUBE-SERVICES -j X\n'.repeat(100_000)}:KUBE-SVC-LATE \n`,
    );
    assert.ok(large.bytes > 2 * 1024 * 1024);
    assert.deepEqual(await found(['KUBE-SVC-NONE', ':KUBE-SVC-LATE '], large), [
      'iptables-nft-save.txt',
      ':KUBE-SVC-LATE ',
    ]);
  });

  test('none: the first with rules of kube-proxy, so that the trace can say so', async () => {
    const other = dump('iptables-legacy-save.txt', '*filter\n');
    assert.deepEqual(await found(['KUBE-SVC-NONE'], other, six), [
      'ip6tables-nft-save.txt',
      undefined,
    ]);
    assert.equal(await found(['x'], dump('ip-addr.txt', '1: lo\n')), undefined);
  });

  test('where no dump has the Service, those that lack rules are in doubt', async () => {
    const cut = dump('iptables-nft-save.txt', '*filter\n', {
      problem: { kind: 'incomplete', message: 'cut' },
    });
    const problem = { kind: 'exit-code', message: 'none' } as const;
    const none = ['ip_vs.txt', 'nft-list-ruleset.txt', 'iptables-legacy-save.txt'].map((name) =>
      dump(name, '', { problem }),
    );
    const doubts = async (...marks: string[]) =>
      (await rulesDump({ node: 'n', dumps: [cut, six, ...none] }, marks))?.doubts;
    assert.deepEqual(await doubts('KUBE-SVC-NONE'), [cut]);
    assert.deepEqual(await doubts('KUBE-SVC-SIX'), []);
    assert.deepEqual(await doubts('*filter'), [cut]);
  });

  test('a dump with a problem comes last', async () => {
    const cut = dump('iptables-nft-save.txt', `${services}KUBE-SVC-A\n`, {
      problem: { kind: 'incomplete', message: 'x' },
    });
    const whole = dump('iptables-legacy-save.txt', `${services}KUBE-SVC-A\n`);
    assert.deepEqual((await found(['KUBE-SVC-A'], cut, whole))?.[0], 'iptables-legacy-save.txt');
  });
});
