import { Session } from 'node:inspector/promises';

/**
 * Counts what a piece of code does: how often each block of `src` runs, as V8's precise coverage tells it. The
 * same on every machine, whatever else runs there; what V8 does inside of one call (a search, a regular
 * expression, which is proved linear by itself) does not count. Code runs several times slower meanwhile.
 */
export class WorkCounter {
  private constructor(private readonly session: Session) {}

  static async start(): Promise<WorkCounter> {
    const session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    return new WorkCounter(session);
  }

  async count(run: () => unknown): Promise<number> {
    await this.session.post('Profiler.takePreciseCoverage');
    await run();
    const { result } = await this.session.post('Profiler.takePreciseCoverage');
    let sum = 0;
    for (const { url, functions } of result) {
      if (!url.includes('/src/')) continue;
      for (const { ranges } of functions) for (const { count } of ranges) sum += count;
    }
    return sum;
  }

  stop(): void {
    this.session.disconnect();
  }
}
