import assert from 'node:assert/strict';
import * as l10n from '@vscode/l10n';
import { ClusterError, type ClusterErrorReason } from '../../src/cluster/error';
import type { Finding } from '../../src/core/finding';
import { distinct, faultRows } from '../../src/explorer/tree/findings';
import { faultCount } from '../../src/workspace/findings/faultCount';
import type { TreeNode, TreeWorld } from '../../src/explorer/tree/node';
import { inPages } from '../../src/explorer/tree/pages';
import { emptyNode, remarkNodes, stateNode } from '../../src/explorer/tree/states';

const world = { l10n } as Partial<TreeWorld> as TreeWorld;

suite('rows that say why there is nothing', () => {
  test('each reason has words, an icon and what to do next', () => {
    const refresh = 'kubeProxyInspector.refreshExplorer';
    const select = 'kubeProxyInspector.selectKubeconfig';
    const cases: Record<ClusterErrorReason, readonly [string, string, string]> = {
      'no-kubeconfig': ['No kubeconfig', 'info', select],
      'bad-kubeconfig': ['The kubeconfig is broken', 'error', select],
      unreachable: ['Unreachable', 'debug-disconnect', refresh],
      tls: ['Not trusted', 'shield', refresh],
      credentials: ['Not logged in', 'key', refresh],
      forbidden: ['Forbidden', 'lock', refresh],
      'not-found': ['The cluster answered with an error', 'error', refresh],
      expired: ['The cluster answered with an error', 'error', refresh],
      throttled: ['The cluster is busy', 'error', refresh],
      timeout: ['No answer', 'debug-disconnect', refresh],
      cancelled: ['Cancelled', 'circle-slash', refresh],
      incomplete: ['Not captured whole', 'error', refresh],
      'no-pod': ['No kube-proxy pod', 'warning', refresh],
      'broken-snapshot': ['Not a snapshot', 'error', refresh],
      server: ['The cluster answered with an error', 'error', refresh],
    };
    for (const [reason, [label, icon, command]] of Object.entries(cases)) {
      const row = stateNode(world, 'p', new ClusterError(reason as ClusterErrorReason, 'told'));
      assert.deepEqual(
        [
          row.id,
          row.label,
          row.description,
          row.tooltip,
          row.icon,
          row.contextValue,
          row.command?.id,
        ],
        ['p/state', label, 'told', 'told', icon, `state-${reason}`, command],
      );
      assert.equal(row.color, reason === 'cancelled' ? undefined : 'list.warningForeground');
    }
    const other = stateNode(world, 'p', new Error('odd'));
    assert.deepEqual([other.contextValue, other.description], ['state-server', 'odd']);
  });

  test('a right that is missing is named, with its namespace', () => {
    const label = (reason: ClusterErrorReason, namespace?: string) => {
      const right = { verb: 'list', resource: 'pods', ...(namespace && { namespace }) };
      return stateNode(world, 'p', new ClusterError(reason, '', { right })).label;
    };
    assert.equal(label('forbidden'), 'Forbidden: list pods');
    assert.equal(label('forbidden', 'shop'), 'Forbidden: list pods in shop');
    assert.equal(label('timeout', 'shop'), 'No answer');
  });

  test('remarks above a list: since when it is not live, and why it lacks some', () => {
    assert.deepEqual(remarkNodes(world, 'p', {}), []);
    const stale = { since: '2026-11-21T13:42:24.000Z', reason: 'gone' };
    const rows = remarkNodes(world, 'p', { partial: 'Only shop.', stale });
    assert.deepEqual(
      rows.map(({ id, description, contextValue, icon }) => [id, description, contextValue, icon]),
      [
        ['p/stale', 'gone', 'state-stale', 'debug-disconnect'],
        ['p/partial', 'Only shop.', 'state-partial', 'warning'],
      ],
    );
    assert.match(rows[0]!.label, /^Not live since .*\d/);
    assert.deepEqual(emptyNode('p', 'Nothing'), {
      ...{ id: 'p/empty', label: 'Nothing', icon: 'info', contextValue: 'state-empty' },
    });
  });
});

suite('rows that say what is wrong', () => {
  const finding = (severity: Finding['severity'], message: string, code = 'x'): Finding => ({
    ...{ severity, code, message, range: { source: 's', line: 0, start: 0, end: 0 } },
  });
  const target = {} as Parameters<typeof faultRows>[3];

  test('how much, the first as description, five as tooltip, red for errors', () => {
    assert.deepEqual(faultRows(world, 'p', [], target), []);
    const many = Array.from({ length: 7 }, (_, i) => finding('warning', `m${i}`));
    const [row, ...more] = faultRows(world, 'p', many, target);
    assert.deepEqual(more, []);
    assert.deepEqual(
      [row!.id, row!.label, row!.description, row!.tooltip, row!.icon, row!.color],
      ['p/findings', '7 findings', 'm0', 'm0\nm1\nm2\nm3\nm4', 'warning', 'list.warningForeground'],
    );
    const [broken] = faultRows(world, 'p', [many[0]!, finding('error', 'e')], target);
    assert.deepEqual([broken!.icon, broken!.color], ['error', 'list.errorForeground']);
    assert.equal(faultCount(world, 1), '1 finding');
    assert.equal(faultCount(world, 0), '0 findings');
  });

  test('what several nodes have is one, the worst first', () => {
    const [warning, error] = [finding('warning', 'w'), finding('error', 'e')];
    const codes = distinct([warning, finding('warning', 'w'), error, finding('warning', 'w', 'y')]);
    assert.deepEqual(
      codes.map(({ message, code }) => `${message} ${code}`),
      ['e x', 'w x', 'w y'],
    );
  });
});

suite('many rows', () => {
  test('stand in pages of two hundred, few as they are', async () => {
    const rows = (count: number) =>
      Array.from({ length: count }, (_, i): TreeNode => ({
        id: `${i}`,
        label: `n${i}`,
        contextValue: 'x',
      }));
    const few = rows(200);
    assert.equal(inPages('p', few), few);
    const many = rows(401);
    const pages = inPages('p', many);
    assert.deepEqual(
      pages.map(({ id, label, description, open }) => [id, label, description, open]),
      [
        ['p/page-0', 'n0 … n199', '200', false],
        ['p/page-200', 'n200 … n399', '200', false],
        ['p/page-400', 'n400 … n400', '1', false],
      ],
    );
    assert.deepEqual(await pages[1]!.children!(new AbortController().signal), many.slice(200, 400));
  });
});
