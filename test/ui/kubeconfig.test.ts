import assert from 'node:assert/strict';
import { rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry, Kubeconfig } from '../../src/cluster/live/kubeconfig';
import { startApiServer, type ApiServer } from '../cluster/server/apiServer';
import { kubeconfigFor } from '../cluster/server/harness';
import { kubeconfigText, liveFolder, openView, treeRow, type LiveFolder } from './liveFolder';
import { openWorkbench, type Workbench } from './workbench';

/** What the tree makes of a kubeconfig that changes, in the order in which a user might do it. */
suite('the tree follows the kubeconfig', () => {
  let workbench: Workbench;
  let server: ApiServer;
  let folder: LiveFolder;
  let second: string;

  suiteSetup(async () => {
    server = await startApiServer({
      objects: { services: [{ metadata: { name: 'web', namespace: 'shop' } }] },
    });
    folder = await liveFolder();
    second = join(folder.path, 'second');
    // The workbench counts as started when the explorer shows a file.
    await writeFile(join(folder.path, 'notes.txt'), '');
    workbench = await openWorkbench({
      folder: folder.path,
      env: { KUBECONFIG: `${folder.kubeconfig}:${second}` },
    });
    await openView(workbench.page, 'Kube-Proxy');
  });
  suiteTeardown(async () => {
    await workbench.close();
    await server.close();
    await folder.remove();
  });

  /** A kubeconfig with these contexts, the first the current one. */
  function config(...names: string[]): Kubeconfig {
    const one = kubeconfigFor(server.url);
    const contexts = names.map((name): Entry => ({ ...one.contexts[0]!, name }));
    return { ...one, current: names[0], contexts };
  }
  const row = (text: string) => treeRow(workbench.page, text);
  const gone = (text: string) => row(text).waitFor({ state: 'detached' });
  const lists = () => server.requests.filter((request) => request.includes('/services?limit'));

  test('none: says where it was looked for', async () => {
    await row('No kubeconfig').waitFor();
    assert.match((await row('No kubeconfig').getAttribute('aria-label')) ?? '', /config, .*second/);
  });

  test('made anew', async () => {
    await folder.write(config('first', 'other'));
    await row('first, current context').waitFor();
    await row('shop').waitFor();
  });

  test('another current context: its lists stay as they were', async () => {
    const before = lists().length;
    await folder.write(config('other', 'first'));
    await row('other, current context').waitFor();
    await row('first').waitFor();
    assert.equal(await row('first, current context').count(), 0);
    // `other` was not open before; `first` is asked nothing again.
    assert.ok(lists().length <= before + 1);
  });

  test('a second file of KUBECONFIG', async () => {
    await writeFile(second, kubeconfigText(config('of-second')));
    await row('of-second').waitFor();
    await row('other, current context').waitFor();
  });

  test('half written: says so, beside what the other file has; then whole', async () => {
    await writeFile(folder.kubeconfig, kubeconfigText(config('other', 'first')).slice(0, 60));
    await row('The kubeconfig is broken').waitFor();
    await row('of-second').waitFor();
    await folder.write(config('whole'));
    await row('whole, current context').waitFor();
    await gone('The kubeconfig is broken');
  });

  test('the same context at another address is another cluster', async () => {
    const moved = await startApiServer({
      objects: { services: [{ metadata: { name: 'moved', namespace: 'elsewhere' } }] },
    });
    await folder.write({ ...config('whole'), clusters: kubeconfigFor(moved.url).clusters });
    await row('elsewhere').waitFor();
    await gone('shop');
    await moved.close();
  });

  test("a link whose target is replaced, as a tool's login does it", async () => {
    const target = join(folder.path, 'target');
    await writeFile(target, kubeconfigText(config('linked')));
    await rm(folder.kubeconfig);
    await symlink(target, folder.kubeconfig);
    await row('linked, current context').waitFor();
    const next = join(folder.path, 'next');
    await writeFile(next, kubeconfigText(config('linked-again')));
    await rename(next, target);
    await row('linked-again, current context').waitFor();
    await gone('linked, current context');
  });

  test('deleted', async () => {
    await rm(folder.kubeconfig);
    await rm(second);
    await row('No kubeconfig').waitFor();
    await gone('linked-again');
  });
});
