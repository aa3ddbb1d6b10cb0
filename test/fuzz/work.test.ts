import assert from 'node:assert/strict';
import { formsOfKinds } from './formsOfKinds';
import { begunForms, formsOfLines, plainForms, randomNumbers, realLines } from './hostile';
import { allReaders } from './readers';
import { WorkCounter } from './work';

const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
/** Forms of each reader; `npm run fuzz` takes the time of all. */
const counted = 5;
const shortest = 3000;
/** What is not worth its fixed part, and how many times twice the text is not linear. */
const [least, most] = [5000, 3];

suite(`twice a pathological text is twice the work (FUZZ_SEED=${seed})`, function () {
  this.timeout(120_000);
  const random = randomNumbers(seed);
  const lines = realLines(random, 1);
  const forms = [
    ...plainForms,
    ...begunForms,
    ...formsOfKinds,
    ...formsOfLines(lines.slice(0, 20), random),
  ];
  let counter: WorkCounter;
  suiteSetup(async () => {
    counter = await WorkCounter.start();
  });
  suiteTeardown(() => {
    counter.stop();
  });

  for (const { name, read } of allReaders()) {
    test(name, async () => {
      for (let i = 0; i < counted; i++) {
        const form = forms[random(forms.length)]!;
        const work = (n: number) => counter.count(() => read(form.text(n)));
        // Once before, for what is loaded and worked out once.
        await work(100);
        const short = await work(shortest);
        const long = await work(2 * shortest);
        const told = `${form.name}: ${short}, of twice the text ${long}, seed ${seed}`;
        assert.ok(long < least || long <= most * short, told);
      }
    });
  }
});
