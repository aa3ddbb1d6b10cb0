import { readFileSync } from 'node:fs';
import { own } from '../core/own';
import { complain } from './complain';
import type { Command } from './command';

/** Loaded when called: a check does not wait for what another command needs. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  check: async () => (await import('./check')).check,
  trace: async () => (await import('./trace')).trace,
  ask: async () => (await import('./ask')).ask,
  compare: async () => (await import('./compare')).compare,
  expected: async () => (await import('./expected')).expected,
  lay: async () => (await import('./lay')).lay,
  migration: async () => (await import('./migration')).migration,
  ready: async () => (await import('./ready')).ready,
  replay: async () => (await import('./replay')).replay,
};

async function main([name = '--help', ...args]: readonly string[]): Promise<number> {
  if (name === '--version') {
    const { version } = JSON.parse(
      readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
    ) as { version: string };
    console.log(version);
    return 0;
  }
  const load = own(commands, name);
  if (!load) {
    const all = await Promise.all(Object.values(commands).map((load) => load()));
    const help = ['npm run inspect -- COMMAND ...', ...all.map(({ help }) => help)].join('\n\n');
    if (name === '--help' || name === '-h' || name === 'help') {
      console.log(help);
      return 0;
    }
    complain(`There is no command "${name}".\n\n${help}`);
    return 2;
  }
  const command = await load();
  if (args.includes('--help') || args.includes('-h')) {
    console.log(command.help);
    return 0;
  }
  return command.run(args);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  complain(error);
  process.exitCode = 2;
}
