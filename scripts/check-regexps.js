/**
 * Every regular expression that meets text from outside takes time linear in it: those of src,
 * webview and scripts, package.json's `firstLine` and the TextMate grammars are proved so by recheck.
 *
 * A comment `bounded: WHY` on its line or the one above exempts an expression whose texts have a
 * length that is limited elsewhere.
 *
 * A proof takes up to ten seconds, and the same version of recheck proves the same of the same
 * expression: what it has proved is kept in proved-regexps.json, which belongs into the commit of a
 * new expression. `node scripts/check-regexps.js --all` proves all of them anew.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkSync } from 'recheck';
import recheck from 'recheck/package.json' with { type: 'json' };
import ts from 'typescript';

const project = fileURLToPath(new URL('..', import.meta.url));
const record = join(project, 'scripts/proved-regexps.json');
const proved = new Set(process.argv.includes('--all') ? [] : readProved());
const safe = new Set();
const problems = [];

for (const { place, source, flags } of [...literals(), ...grammars()]) {
  const key = `/${source}/${flags}`;
  if (safe.has(key)) continue;
  if (proved.has(key)) {
    safe.add(key);
    continue;
  }
  // recheck does not know `d`, which changes nothing of how a match is looked for.
  const { status, complexity, attack, error } = checkSync(source, flags.replace('d', ''), {
    timeout: 300_000, // By the clock: on a busy machine the largest takes a minute.
    // Limits by the clock would call an expression slow because the machine is: characters count.
    attackTimeout: null,
    incubationTimeout: null,
    seedingTimeout: null,
  });
  if (status === 'safe') {
    safe.add(key);
    continue;
  }
  const why = complexity?.summary ?? error?.kind ?? status;
  const example = attack ? `, as with ${attack.pattern.slice(0, 120)}` : '';
  problems.push(`${place}: ${key.slice(0, 200)} is not proved linear: ${why}${example}`);
}
for (const problem of problems) console.error(problem);
writeFileSync(
  record,
  JSON.stringify({ recheck: recheck.version, safe: [...safe].sort() }, undefined, 2) + '\n',
);
process.exitCode = problems.length > 0 ? 1 : 0;

/** What another version of recheck has proved does not count. */
function readProved() {
  try {
    const { recheck: version, safe } = JSON.parse(readFileSync(record, 'utf8'));
    return version === recheck.version ? safe : [];
  } catch {
    return []; // A file that a merge has broken: all are looked at.
  }
}

/** `/.../flags` in the code. */
function* literals() {
  const names = ['src', 'webview', 'scripts'].flatMap((folder) =>
    readdirSync(join(project, folder), { recursive: true })
      .filter((name) => /\.(ts|js)$/.test(name))
      .map((name) => join(folder, name)),
  );
  for (const name of names) {
    const text = readFileSync(join(project, name), 'utf8');
    const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
    const lines = text.split('\n');
    const found = [];
    const visit = (node) => {
      if (ts.isRegularExpressionLiteral(node)) found.push(node);
      ts.forEachChild(node, visit);
    };
    visit(file);
    for (const node of found) {
      const end = node.text.lastIndexOf('/');
      const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      if (lines.slice(Math.max(0, line - 2), line).some((each) => each.includes('bounded: ')))
        continue;
      const [source, flags] = [node.text.slice(1, end), node.text.slice(end + 1)];
      yield { place: `${name}:${line}`, source, flags };
    }
  }
}

/** `match`, `begin`, `end` and `while` of the grammars, `firstLine` of the manifest. */
function* grammars() {
  const names = readdirSync(join(project, 'syntaxes')).filter((name) => name.endsWith('.json'));
  for (const name of ['package.json', ...names.map((name) => `syntaxes/${name}`)]) {
    for (const pattern of patternsIn(JSON.parse(readFileSync(join(project, name), 'utf8')))) {
      const inline = /^\(\?([ims]+)\)/.exec(pattern);
      const source = pattern.slice(inline?.[0].length ?? 0);
      yield { place: name, source, flags: inline?.[1] ?? '' };
    }
  }
}

function* patternsIn(value) {
  if (value === null || typeof value !== 'object') return;
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner !== 'string') yield* patternsIn(inner);
    else if (/^(match|begin|end|while|firstLine)$/.test(key)) yield inner;
  }
}
