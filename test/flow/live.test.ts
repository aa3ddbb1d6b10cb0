import assert from 'node:assert/strict';
import type { CounterSnapshot } from '../../src/core/flow/counters/rates';
import { LiveCounters, type LiveSource } from '../../src/flow/live';
import type { ToWebview } from '../../src/flow/protocol';

type LiveMessage = Extract<ToWebview, { type: 'live' }>;

const snapshot: CounterSnapshot = { captured: undefined, chains: new Map() };

/** What the page is told while `source` is read. */
function session(source: Partial<LiveSource>, most = 10_000) {
  const told: LiveMessage[] = [];
  const wake = new Set<() => void>();
  const live = new LiveCounters(
    (message) => {
      told.push(message as LiveMessage);
      for (const look of wake) look();
    },
    { every: 5, most },
  );
  const whole: LiveSource = {
    read: () => Promise.resolve(snapshot),
    rates: () => ({ 'a>b': { perSecond: 2 } }),
    told: () => 'Rules count.',
    ...source,
  };
  const until = (holds: (messages: readonly LiveMessage[]) => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!holds(told)) return;
        wake.delete(look);
        resolve();
      };
      wake.add(look);
      look();
    });
  return { live, told, until, start: () => live.start(() => Promise.resolve(whole)) };
}

const rated = (messages: readonly LiveMessage[]) => messages.filter(({ rates }) => rates);

suite('live counters', () => {
  test('one reading after the other, each compared with the one before; a word ends them', async () => {
    let reading = 0;
    let most = 0;
    const { live, told, until, start } = session({
      async read() {
        most = Math.max(most, ++reading);
        await new Promise((resolve) => setImmediate(resolve));
        reading--;
        return snapshot;
      },
    });
    const running = start();
    // A second press while it runs changes nothing.
    await start();
    await until((messages) => rated(messages).length >= 3);
    live.stop();
    await running;
    assert.equal(most, 1);
    assert.deepEqual(rated(told)[0]?.rates, { 'a>b': { perSecond: 2 } });
    assert.equal(told[0]?.on, true);
    assert.equal(told[0]?.rates, undefined, 'one reading alone is no rate');
    assert.deepEqual(told.at(-1), { type: 'live', on: false });
    assert.equal(live.isOn, false);
  });

  test('an error ends it with its reason, and it can be started again', async () => {
    let broken = true;
    const { live, told, until, start } = session({
      read: () => (broken ? Promise.reject(new Error('Forbidden.')) : Promise.resolve(snapshot)),
    });
    await start();
    assert.deepEqual(told.at(-1), { type: 'live', on: false, text: 'Live ended: Forbidden.' });
    broken = false;
    void start();
    await until((messages) => rated(messages).length > 0);
    live.stop('The panel was hidden.');
    assert.deepEqual(told.at(-1), { type: 'live', on: false, text: 'The panel was hidden.' });
  });

  test('after its time it ends by itself and says so', async () => {
    const { told, start } = session({}, 30);
    await start();
    assert.match(told.at(-1)?.text ?? '', /^Live ended after 0 minutes/);
  });

  test('what is being read when it stops is cancelled, and tells nothing any more', async () => {
    let signal: AbortSignal | undefined;
    const { live, told, start } = session({
      read(given) {
        signal = given;
        return new Promise((_, reject) => {
          given.addEventListener('abort', () => reject(new Error('gone')));
        });
      },
    });
    const running = start();
    await new Promise((resolve) => setImmediate(resolve));
    live.stop();
    await running;
    assert.equal(signal?.aborted, true);
    assert.deepEqual(told.at(-1), { type: 'live', on: false });
  });
});
