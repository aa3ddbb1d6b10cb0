import assert from 'node:assert/strict';
import { openSnapshot } from '../../../src/cluster/snapshot/snapshot';
import type { Cluster } from '../../../src/cluster/cluster';
import type { ClusterError } from '../../../src/cluster/error';
import type { ApiServer } from '../server/apiServer';
import { missingBinary, prints, type ExecScript } from '../server/execServer';
import { gate, withLiveCluster } from '../server/liveCluster';
import { proxyPod } from '../server/sampleCluster';

const table = '*nat\n[1:60] -A KUBE-SERVICES -j KUBE-NODEPORTS\nCOMMIT\n# Completed on x\n';

/** A live cluster whose node answers each command by `answer`; the commands in their order. */
async function withNode(
  answer: (command: readonly string[]) => ExecScript,
  body: (cluster: Cluster, commands: readonly string[], server: ApiServer) => Promise<void>,
): Promise<void> {
  const commands: string[] = [];
  await withLiveCluster(
    {
      objects: { nodes: [{ metadata: { name: 'node-a' } }], pods: [proxyPod('node-a')] },
      exec: ({ command }) => {
        commands.push(command.join(' '));
        return answer(command);
      },
    },
    (cluster, server) => body(cluster, commands, server),
  );
}

const never = () => new AbortController().signal;

suite('counters as they are now', () => {
  test('of one table, or of the family: the command that only reads, and nothing else', () =>
    withNode(
      () => prints(table),
      async (cluster, commands) => {
        const read = await cluster.counters!('node-a', 'iptables-nft-save.txt', 'nat', never());
        let text = '';
        for await (const piece of read.pieces()) text += piece;
        assert.equal(text, table);
        assert.match(read.taken, /^\d{4}-.*Z$/);
        await cluster.counters!('node-a', 'ip6tables-legacy-save.txt', undefined, never());
        assert.deepEqual(commands, ['iptables-nft-save -c -t nat', 'ip6tables-legacy-save -c']);
        assert.equal(cluster.heldDumps('node-a'), undefined, 'no capture is made of it');
      },
    ));

  test('of nft without the elements of sets; of IPVS by ipvsadm, or by what /proc has', () =>
    withNode(
      ([program]) =>
        program === 'ipvsadm'
          ? missingBinary
          : prints(program === 'nft' ? 'table ip nat {\n}\n' : 'IP Virtual Server\n'),
      async (cluster, commands) => {
        const ask = (dump: string, table?: string) =>
          cluster.counters!('node-a', dump, table, never());
        await ask('nft-list-ruleset.txt', 'ip kube-proxy');
        await ask('nft-list-ruleset.txt');
        await assert.rejects(
          ask('ipvsadm-Ln-exact-stats.txt'),
          (error: ClusterError) => error.reason === 'not-found',
        );
        await ask('ip_vs.txt');
        await ask('ip_vs_stats.txt');
        assert.deepEqual(commands, [
          'nft -t list table ip kube-proxy',
          'nft -t list ruleset',
          'ipvsadm -Ln --stats --exact',
          'cat /proc/net/ip_vs',
          'cat /proc/net/ip_vs_stats',
        ]);
      },
    ));

  test('no other command and no other word as a table', () =>
    withNode(
      () => prints(table),
      async (cluster, commands) => {
        for (const [dump, name] of [
          ['iptables-nft-save.txt', '-w'],
          ['nft-list-ruleset.txt', 'ip -f'],
          ['nft-list-ruleset.txt', 'ip kube-proxy; list'],
          ['ip_vs.txt', 'nat'],
          ['ipset-save.txt', undefined],
        ] as const) {
          await assert.rejects(
            cluster.counters!('node-a', dump, name, never()),
            /No command reads/,
          );
        }
        assert.deepEqual(commands, []);
      },
    ));

  test('two who ask at once are answered one after the other', async () => {
    let running = 0;
    let most = 0;
    const [first, held] = [gate(), gate()];
    await withNode(
      () => async (session) => {
        most = Math.max(most, ++running);
        first.open();
        await held.opened;
        running--;
        await prints(table)(session);
      },
      async (cluster, commands, server) => {
        const ask = () => cluster.counters!('node-a', 'iptables-nft-save.txt', 'nat', never());
        const all = [ask(), ask(), ask()];
        await first.opened;
        // A request of our own goes the whole way: a second command would have come before.
        await fetch(`${server.url}/version`);
        held.open();
        await Promise.all(all);
        assert.equal(most, 1);
        assert.equal(commands.length, 3);
      },
    );
  });

  test('what is cut or fails is an error with its reason, never some of the counters', async () => {
    const reason = (script: ExecScript) =>
      withNode(
        () => script,
        async (cluster) => {
          const asked = cluster.counters!('node-a', 'iptables-nft-save.txt', 'nat', never());
          await assert.rejects(asked, /^ClusterError: iptables-nft-save -c -t nat: /);
        },
      );
    await reason(prints('*nat\n[1:60] -A KUBE-SERVICES'));
    await reason(prints('', 'Another app is currently holding the xtables lock.\n', 4));
  });

  test('cancelled, it ends at once', async () => {
    const stop = new AbortController();
    await withNode(
      () => () => {
        stop.abort();
        return new Promise(() => undefined);
      },
      async (cluster) => {
        const asked = cluster.counters!('node-a', 'iptables-nft-save.txt', 'nat', stop.signal);
        await assert.rejects(asked, /Cancelled/);
      },
    );
  });

  test('a snapshot has none to read', () => {
    assert.equal(openSnapshot('/none').counters, undefined);
  });
});
