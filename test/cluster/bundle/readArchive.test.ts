import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveLimits } from '../../../src/cluster/bundle/archive/limits';
import { isArchive, readArchive } from '../../../src/cluster/bundle/archive/readArchive';
import { safePath } from '../../../src/cluster/bundle/archive/safePath';
import { tarGzOf, tarOf, zipOf } from './archives';

const sha256 = (text: string) => createHash('sha256').update(text).digest();

let folder: string;
setup(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kpi-'));
});
teardown(() => rm(folder, { recursive: true }));

async function archive(name: string, bytes: Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

const all = () => true;
const texts = (files: ReadonlyMap<string, Buffer>) =>
  Object.fromEntries([...files].map(([path, bytes]) => [path, bytes.toString()]));

suite('archives', () => {
  const files = { './a/one.txt': 'one\n', 'a/b/two.txt': 'two\n' };
  const expected = { 'a/one.txt': 'one\n', 'a/b/two.txt': 'two\n' };

  test('.tar, .tar.gz, .zip and .tar.xz give the same files', async () => {
    const tar = await archive('x', await tarOf(files));
    assert.deepEqual(texts((await readArchive(tar, all)).files), expected);
    const gz = await archive('x.tgz', await tarGzOf(files));
    assert.deepEqual(texts((await readArchive(gz, all)).files), expected);
    const zip = await archive('x.zip', zipOf(files));
    assert.deepEqual(texts((await readArchive(zip, all)).files), expected);
    try {
      execFileSync('xz', ['-k', tar]);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return; // No xz here to pack one with.
    }
    assert.deepEqual(texts((await readArchive(`${tar}.xz`, all)).files), expected);
  });

  test('only what is wanted is kept; all paths are told', async () => {
    const path = await archive('x.tgz', await tarGzOf(files));
    const read = await readArchive(path, (name) => name.endsWith('two.txt'));
    assert.deepEqual([...read.files.keys()], ['a/b/two.txt']);
    assert.deepEqual(read.paths, ['a/one.txt', 'a/b/two.txt']);
  });

  test('an archive within: its path before those of its files', async () => {
    const inner = await tarGzOf({ 'cmd/x.md': 'x' });
    const path = await archive('x.zip', zipOf({ 'top/inner.tar.gz': inner }));
    assert.deepEqual(texts((await readArchive(path, all)).files), {
      'top/inner.tar.gz/cmd/x.md': 'x',
    });
  });

  test('archives in archives without end: no deeper than the limit', async () => {
    let bytes = await tarOf({ 'x.txt': 'x' });
    for (let i = 0; i < 5; i++) bytes = await tarOf({ 'x.tar': bytes });
    const path = await archive('x.tar', bytes);
    const { paths } = await readArchive(path, all);
    assert.equal(paths.at(-1), 'x.tar/x.tar/x.tar');
  });
});

suite('hostile archives', () => {
  test('paths that lead outside are left out and told', async () => {
    const evil = { '../up': 'x', '/etc/passwd': 'x', 'a/../../up': 'x', 'C:\\x': 'x', ok: 'x' };
    for (const bytes of [await tarOf(evil), zipOf(evil)]) {
      const { files, notes } = await readArchive(await archive('x', bytes), all);
      assert.deepEqual([...files.keys()], ['ok']);
      assert.equal(notes.length, 4);
      assert.match(notes[0]!, /leads out of the archive.*\.\.\/up/);
    }
    assert.equal(safePath('a/./b//c'), 'a/b/c');
    assert.equal(safePath('a\0b'), undefined);
    assert.equal(safePath('\\\\server\\share'), undefined);
  });

  test('no link is followed', async () => {
    const tar = await archive('x', await tarOf({ passwd: 'link:/etc/passwd', ok: 'x' }));
    assert.deepEqual([...(await readArchive(tar, all)).files.keys()], ['ok']);
    const zip = zipOf({ passwd: '/etc/passwd', ok: 'x' }, { passwd: 0o120777, ok: 0o100644 });
    const read = await readArchive(await archive('x.zip', zip), all);
    assert.deepEqual([...read.files.keys()], ['ok']);
  });

  test('what is too large is left out; what comes after is read', async () => {
    const bytes = await tarGzOf({ big: Buffer.alloc(300_000), small: 'x' });
    const limits = { ...archiveLimits, fileBytes: 200_000 };
    const path = await archive('x.tgz', bytes);
    const { files, notes } = await readArchive(path, all, undefined, limits);
    assert.deepEqual([...files.keys()], ['small']);
    assert.match(notes.join(), /^big is larger than \d+ MiB: it is left out\.$/);
  });

  test('a bomb: unpacking ends at the limit, with what came before', async () => {
    const bomb = await tarGzOf({ first: 'x', zeros: Buffer.alloc(30_000_000), last: 'x' });
    assert.ok(bomb.length < 100_000);
    const limits = { ...archiveLimits, unpackedBytes: 1_000_000 };
    const path = await archive('x.tgz', bomb);
    const { files, notes } = await readArchive(path, (name) => name !== 'zeros', undefined, limits);
    assert.deepEqual([...files.keys()], ['first']);
    assert.match(notes.join(), /larger than 1 MiB/);
  });

  test('too many entries, too much in all', async () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}`, 'xxxx']));
    const path = await archive('x', await tarOf(many));
    const few = await readArchive(path, all, undefined, { ...archiveLimits, entries: 10 });
    assert.equal(few.files.size, 10);
    assert.match(few.notes.join(), /more than 10 entries/);
    const small = await readArchive(path, all, undefined, { ...archiveLimits, keptBytes: 40 });
    assert.equal(small.files.size, 10);
    assert.match(small.notes.join(), /some are left out/);
  });

  test('cut on its way: what came before, and a note; nothing: an error that says why', async () => {
    const noise = Buffer.concat(Array.from({ length: 2000 }, (_, i) => sha256(String(i))));
    const path = await archive('x.tgz', await tarGzOf({ first: 'x', noise, last: 'x' }));
    await truncate(path, 1000);
    const { files, notes } = await readArchive(path, (name) => name !== 'noise');
    assert.deepEqual([...files.keys()], ['first']);
    assert.match(notes.join(), /^The archive is broken behind what was read: /);
    const none = await archive('none.txt', Buffer.from('*nat\nCOMMIT\n'));
    assert.equal(await isArchive(none), false);
    await assert.rejects(readArchive(none, all), /it is no tar or zip archive/);
    const broken = await archive('broken.zip', Buffer.from('PK\x03\x04 and no end'));
    await assert.rejects(readArchive(broken, all), Error);
  });

  test('a cancel ends it', async () => {
    const path = await archive('x', await tarOf({ a: 'x' }));
    await assert.rejects(readArchive(path, all, AbortSignal.abort()), { reason: 'cancelled' });
  });
});
