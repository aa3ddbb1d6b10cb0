import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import type { Dump } from '../src/cluster/cluster';
import { encode, wholeLines } from '../src/cluster/pieces';
import { tablesOf } from '../src/cluster/tables';
import { rulesDump } from '../src/explorer/rulesDump';
import { indexLinesInSlices } from '../src/syntax/iptables/lines/lineIndex';
import { linesOfBytes } from '../src/syntax/textLines';
import { pause } from '../src/workspace/slices';
import { median } from './measure';

const megabytes = 100;
const line =
  '-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y\n';

/**
 * How long each way to use a 100 MB dump holds up the extension host at a time, beside what the
 * same costs in one piece. Rows as the other benches print them.
 */
export async function measureLargeDump(): Promise<[string, string, string][]> {
  const frame = line.repeat(Math.floor(32768 / line.length));
  const parts = Array.from({ length: Math.ceil((megabytes << 20) / frame.length) }, () =>
    Buffer.from(frame).toString(),
  );
  const whole = Buffer.from(parts.join(''));
  const dump = {
    name: 'iptables-nft-save.txt',
    bytes: whole.length,
    pieces: () => wholeLines(parts),
  } as unknown as Dump;
  const rows: [string, string, string][] = [];
  for (const [what, task] of [
    ['as a file of the editor', () => encode(dump.pieces())],
    ['searched for a Service', () => rulesDump({ node: 'n', dumps: [dump] }, ['KUBE-SVC-NONE'])],
    ['searched for its tables', () => tablesOf(dump.pieces())],
    ['decoded into lines', () => linesOfBytes(whole, pause)],
    [
      'decoded and indexed',
      async () => indexLinesInSlices(await linesOfBytes(whole, pause), pause),
    ],
    ['in one piece: joined, encoded, decoded', () => Promise.resolve(inOnePiece(parts))],
  ] as const) {
    const pauses: number[] = [];
    for (let run = 0; run < 3; run++) pauses.push(await longestPause(task));
    const target = what.startsWith('in one piece') ? '' : '50 ms';
    rows.push([
      `${megabytes} MB dump ${what}: longest pause`,
      `${median(pauses).toFixed(0)} ms`,
      target,
    ]);
  }
  return rows;
}

function inOnePiece(parts: readonly string[]): string {
  return new TextDecoder().decode(Buffer.from(parts.join('')));
}

/** The longest time, in milliseconds, that the event loop had to wait for a task. */
export async function longestPause(task: () => Promise<unknown>): Promise<number> {
  globalThis.gc?.();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const wait = () => new Promise((resolve) => setTimeout(resolve, 20));
  delay.enable();
  // The first interval counts from the second tick on.
  await wait();
  await task();
  await wait();
  delay.disable();
  return delay.max / 1e6;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await measureLargeDump());
