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
  const bundle = 'bundle.l10n.json';
  for (const name of readdirSync(project).filter((each) => /^package\.nls\..+\.json$/.test(each))) {
    yield* differences('package.nls.json', name);
  }
  for (const name of readdirSync(join(project, 'l10n')).filter((each) => each !== bundle)) {
    yield* differences(`l10n/${bundle}`, `l10n/${name}`);
  }
}

/** The same keys, and in each text the same `{0}`. */
function* differences(original, translation) {
  const texts = readJson(original);
  const translated = readJson(translation);
  for (const [key, value] of Object.entries(texts)) {
    const text = typeof value === 'string' ? value : value.message;
    if (!(key in translated)) yield `${translation} does not have ${key}.`;
    else if (placeholders(text) !== placeholders(translated[key])) {
      yield `${translation} has other placeholders than ${original} in ${key}.`;
    }
  }
  for (const key of Object.keys(translated)) {
    if (!(key in texts)) yield `${translation} has ${key}, which ${original} does not have.`;
  }
}

function placeholders(text) {
  return [...new Set(text.match(/\{\d+\}/g))].sort().join();
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
