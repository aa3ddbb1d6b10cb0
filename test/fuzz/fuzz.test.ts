import { formsOfKinds } from './formsOfKinds';
import { begunForms, formsOfLines, mutated, plainForms, randomNumbers, realLines } from './hostile';
import { allReaders } from './readers';

/**
 * The short run of `npm run fuzz`: nothing throws, and nothing hangs. A run that hangs ends with the
 * reader's test as the one that was running.
 */
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
const length = 400;
const mutations = 50;

suite(`readers take any text (FUZZ_SEED=${seed})`, function () {
  this.timeout(120_000);
  const random = randomNumbers(seed);
  const lines = realLines(random, 2);
  const forms = [
    ...plainForms,
    ...begunForms,
    ...formsOfKinds,
    ...formsOfLines(lines.slice(0, 10), random),
  ];

  for (const { name, read } of allReaders()) {
    test(name, async () => {
      const texts = [
        ...forms.map((form) => form.text(length)),
        ...Array.from({ length: mutations }, () => mutated(lines[random(lines.length)]!, random)),
      ];
      for (const text of texts) {
        try {
          await read(text);
        } catch (error) {
          const what = `${name} throws on ${JSON.stringify(text.slice(0, 500))}`;
          throw new Error(`${what}, seed ${seed}`, { cause: error });
        }
      }
    });
  }
});
