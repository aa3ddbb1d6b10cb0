import { allReaders } from './readers';
import { formsOfKinds } from './formsOfKinds';
import { begunForms, formsOfLines, mutated, plainForms, randomNumbers, realLines } from './hostile';

/**
 * `npm run fuzz [-- SEED [READER]]`: every reader gets every pathological form at one length and at four
 * times that, and mutated real lines; what throws, or takes far more than four times the time of the
 * processor, is printed with its seed. A text that hangs is the one named last on stderr.
 */
const [seedText, only] = process.argv.slice(2);
const seed = Number(seedText ?? Date.now() % 2 ** 31);
const shortest = 8000;
const grown = 4;
/** Milliseconds below which a time says nothing, and how many times four is not linear. */
const least = 100;
const most = 2.2 * grown;

console.log(`seed ${seed}`);
const random = randomNumbers(seed);
const lines = realLines(random);
const forms = [...plainForms, ...begunForms, ...formsOfKinds, ...formsOfLines(lines, random)];
let faults = 0;

function milliseconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

for (const { name, read } of allReaders()) {
  if (only !== undefined && name !== only) continue;
  process.stderr.write(`${name}\n`);
  const attempt = async (text: string, what: string): Promise<number> => {
    const started = process.cpuUsage();
    try {
      await read(text);
    } catch (error) {
      faults++;
      console.log(`${name}: ${what}: ${error instanceof Error ? error.stack : String(error)}`);
    }
    return milliseconds(started);
  };
  for (const form of forms) {
    process.stderr.write(`  ${form.name}\n`);
    const short = await attempt(form.text(shortest), form.name);
    if (short > 2000) console.log(`${name}: ${form.name}: ${short.toFixed(0)} ms of ${shortest}`);
    const long = await attempt(form.text(grown * shortest), form.name);
    if (long < least || long < most * short) continue;
    const again = await attempt(form.text(grown * grown * shortest), form.name);
    if (again < most * long) continue;
    faults++;
    console.log(
      `${name}: ${form.name}: ${[short, long, again].map((ms) => ms.toFixed(0)).join(', ')} ms`,
    );
  }
  for (let i = 0; i < 2000; i++) {
    const text = Array.from({ length: 1 + random(4) }, () =>
      mutated(lines[random(lines.length)]!, random),
    );
    await attempt(text.join('\n'), `mutated: ${JSON.stringify(text)}`);
  }
}
console.log(`${faults} faults with seed ${seed}`);
process.exitCode = faults > 0 ? 1 : 0;
