import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { overviewHost } from '../../src/flow/overview/host';
import { Overview } from '../../src/flow/overview/overview';
import type { OverviewNodes } from '../../src/flow/overview/nodes';

let channel: vscode.LogOutputChannel | undefined;

/** One for all: VS Code opens none of the same name again. */
function log(): vscode.LogOutputChannel {
  return (channel ??= vscode.window.createOutputChannel('fetch all', { log: true }));
}

/** An overview of nodes that are not fetched yet, and which of them were asked for their dumps. */
async function overviewOf(count: number) {
  const asked: string[] = [];
  const nodes: OverviewNodes = {
    family: 4,
    list: () =>
      Promise.resolve(
        Array.from({ length: count }, (_, i) => ({ name: `node-${i}`, held: false })),
      ),
    capture: () => undefined,
    services: () => Promise.resolve([]),
    objects: () => Promise.resolve(undefined),
    captured: () => Promise.resolve(undefined),
    state: () => Promise.reject(new Error('no dumps')),
    fetch(node) {
      asked.push(node);
      return Promise.reject(new Error('Forbidden'));
    },
    dump: () => Promise.reject(new Error('no dump')),
    onDidChange: () => new vscode.Disposable(() => undefined),
  };
  const overview = new Overview(
    nodes,
    'default/web',
    overviewHost({ post: () => undefined, log: log() }),
  );
  await overview.list();
  return { overview, asked };
}

/** Answers what is asked while `run` goes on. @returns the questions */
async function answering(
  button: string | undefined,
  run: () => Promise<void>,
): Promise<readonly string[]> {
  const questions: string[] = [];
  const window = vscode.window as { showWarningMessage: unknown };
  const own = window.showWarningMessage;
  window.showWarningMessage = (text: string) => {
    questions.push(text);
    return Promise.resolve(button);
  };
  try {
    await run();
  } finally {
    window.showWarningMessage = own;
  }
  return questions;
}

suite('"Fetch All" of a large cluster', () => {
  test('asks first, and a no asks no node', async () => {
    const { overview, asked } = await overviewOf(60);
    const questions = await answering(undefined, () => overview.fetch(undefined));
    assert.deepEqual(questions, ['Fetch the dumps of 60 nodes?']);
    assert.deepEqual(asked, []);
    assert.ok(overview.lines.every(({ state }) => state === 'not-fetched'));
    assert.equal(overview.progress, undefined);
    overview.dispose();
  });

  test('a yes asks each node once, and what fails has its reason', async () => {
    const { overview, asked } = await overviewOf(60);
    await answering('Fetch', () => overview.fetch(undefined));
    assert.equal(new Set(asked).size, 60);
    assert.equal(asked.length, 60);
    const [line] = overview.lines;
    assert.deepEqual(line, { node: 'node-0', state: 'failed', reason: 'Forbidden' });
    overview.dispose();
  });

  test('of a few nodes, or of one, no question is asked', async () => {
    const { overview, asked } = await overviewOf(50);
    const questions = await answering(undefined, async () => {
      await overview.fetch('node-7');
      await overview.fetch(undefined);
    });
    assert.deepEqual(questions, []);
    assert.equal(asked.filter((node) => node === 'node-7').length, 2);
    assert.equal(asked.length, 51);
    overview.dispose();
  });
});
