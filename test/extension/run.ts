import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import Mocha from 'mocha';

/**
 * Runs every test beside this file. VS Code calls it in the extension host.
 *
 * @throws where a test failed, which makes VS Code's exit code 1.
 */
export async function run(): Promise<void> {
  const { TEST_OUTPUT: output, TEST_REPORTER: reporter, TEST_GREP: grep } = process.env;
  const mocha = new Mocha({
    ui: 'tdd',
    timeout: 20_000,
    forbidOnly: true,
    ...(grep && { fgrep: grep }),
    ...(reporter && { reporter: (await import(pathToFileURL(reporter).href)).default }),
  });
  const here = fileURLToPath(new URL('.', import.meta.url));
  for (const name of readdirSync(here, { recursive: true, encoding: 'utf8' }).sort()) {
    if (name.endsWith('.test.js')) {
      mocha.addFile(join(here, name));
    }
  }
  await mocha.loadFilesAsync().catch((error: Error) => {
    if (output) {
      appendFileSync(output, `${error.stack}\n`); // As the reporter, which has not begun, would.
    }
    throw error;
  });
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) {
    throw new Error(`${failures} failed`);
  }
}
