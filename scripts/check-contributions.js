/**
 * Ties package.json to the code: every contributed command is in src, every command of a menu is
 * contributed, every file it names exists, and every %key% has its text in each language.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));
const manifest = readJson('package.json');
const sources = readdirSync(join(project, 'src'), { recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(project, 'src', name), 'utf8'))
  .join('\n');

const problems = [...commands(), ...files(), ...texts(), ...translations()];
for (const problem of problems) {
  console.error(problem);
}
process.exitCode = problems.length > 0 ? 1 : 0;

/** An id is looked for in quotes, as in `registerCommand('id'` or in a constant. */
function* commands() {
  const contributed = new Set((manifest.contributes.commands ?? []).map(({ command }) => command));
  for (const id of contributed) {
    if (!sources.includes(`'${id}'`)) {
      yield `package.json contributes the command ${id}, but src does not register it.`;
    }
  }
  const used = Object.values(manifest.contributes.menus ?? {}).flat();
  for (const { command } of [...used, ...(manifest.contributes.keybindings ?? [])]) {
    if (command && !contributed.has(command)) {
      yield `package.json uses the command ${command} in a menu or key, but does not contribute it.`;
    }
  }
}

/** Files of the manifest, such as `./syntaxes/iptables.tmLanguage.json`; dist/ is built. */
function* files() {
  for (const value of strings(manifest)) {
    if (/^(\.\/)?[\w-]+\/[\w./-]+\.(json|png|svg|md)$/.test(value)) {
      if (!existsSync(join(project, value))) {
        yield `package.json names ${value}, which does not exist.`;
      }
    }
  }
}

/** `%key%` in package.json against package.nls.json. */
function* texts() {
  const known = existsSync(join(project, 'package.nls.json')) ? readJson('package.nls.json') : {};
  const used = new Set(
    [...strings(manifest)].flatMap((value) => /^%(.+)%$/.exec(value)?.[1] ?? []),
  );
  for (const key of used) {
    if (!(key in known)) {
      yield `package.json uses %${key}%, which package.nls.json does not have.`;
    }
  }
  for (const key of Object.keys(known)) {
    if (!used.has(key)) {
      yield `package.nls.json has ${key}, which package.json does not use.`;
    }
  }
}

/** package.nls.LANGUAGE.json has the same keys as package.nls.json. */
function* translations() {
  for (const name of readdirSync(project)) {
    if (/^package\.nls\..+\.json$/.test(name)) {
      const translated = readJson(name);
      for (const key of Object.keys(readJson('package.nls.json'))) {
        if (!(key in translated)) {
          yield `${name} does not have ${key}.`;
        }
      }
    }
  }
}

/** Every string in a JSON value. */
function* strings(value) {
  if (typeof value === 'string') {
    yield value;
  } else if (value && typeof value === 'object') {
    for (const part of Object.values(value)) {
      yield* strings(part);
    }
  }
}

function readJson(name) {
  return JSON.parse(readFileSync(join(project, name), 'utf8'));
}
