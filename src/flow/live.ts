import * as l10n from '@vscode/l10n';
import { errorText, isCancelled } from '../cluster/error';
import { sleep } from '../cluster/live/race';
import type { LiveRates } from '../core/flow/counters/liveHeat';
import type { ToWebview } from './protocol';

/** Where a graph's counters are read as they are now. */
export interface LiveSource<Reading = unknown> {
  /** Rejects with why there are none. */
  read(signal: AbortSignal): Promise<Reading>;
  rates(between: readonly [Reading, Reading]): LiveRates;
  /** What the rates are of: sentences for the user. */
  told(reading: Reading): string;
}

export interface LiveTimes {
  /** Milliseconds from the start of one reading to that of the next, at least. */
  readonly every: number;
  /** Milliseconds after which it ends by itself. */
  readonly most: number;
}

const usual: LiveTimes = { every: 5_000, most: 10 * 60_000 };

/** Of the time a node is read, so many times it is left alone: at most a quarter is reading. */
const rest = 3;

/**
 * Reads a node's counters every few seconds and tells the page how fast they grow, one reading after
 * the other; it ends with `stop`, with an error or after some minutes, and says why.
 */
export class LiveCounters {
  private running: AbortController | undefined;

  constructor(
    private readonly post: (message: ToWebview) => void,
    private readonly times: LiveTimes = usual,
  ) {}

  get isOn(): boolean {
    return this.running !== undefined;
  }

  /** @param open asked once; rejects with why this graph has no counters to read */
  async start(open: () => Promise<LiveSource>): Promise<void> {
    if (this.running) return;
    const running = (this.running = new AbortController());
    this.post({ type: 'live', on: true, text: l10n.t('Live: reading the counters…') });
    try {
      await this.run(await open(), running.signal);
      this.end(running, this.timeIsUp());
    } catch (error) {
      if (isCancelled(error)) return;
      const reason = errorText(error);
      this.end(running, l10n.t`Live ended: ${reason}`);
    }
  }

  /** @param text why, for the user; nothing where the user said so */
  stop(text?: string): void {
    if (this.running) this.end(this.running, text);
  }

  private async run(source: LiveSource, signal: AbortSignal): Promise<void> {
    const { every, most } = this.times;
    const ends = performance.now() + most;
    let earlier: { readonly reading: unknown } | undefined;
    while (!signal.aborted && performance.now() < ends) {
      const started = performance.now();
      const reading = await source.read(signal);
      if (signal.aborted) return;
      if (earlier) {
        const rates = source.rates([earlier.reading, reading]);
        const text = `${liveText(every)} ${source.told(reading)}`;
        this.post({ type: 'live', on: true, text, rates });
      }
      earlier = { reading };
      const taken = performance.now() - started;
      await sleep(Math.max(every - taken, rest * taken), signal);
    }
  }

  private timeIsUp(): string {
    const minutes = Math.round(this.times.most / 60_000);
    return l10n.t`Live ended after ${minutes} minutes, so that it is not forgotten. Press Live to go on.`;
  }

  private end(running: AbortController, text: string | undefined): void {
    if (this.running !== running) return;
    this.running = undefined;
    running.abort();
    this.post({ type: 'live', on: false, ...(text === undefined ? {} : { text }) });
  }
}

function liveText(every: number): string {
  return l10n.t`Live: what passed each edge per second since the reading before, every ${every / 1000} s or more.`;
}
