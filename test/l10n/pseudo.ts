/**
 * Run by pseudo.test.ts in a process of its own, since some texts are made when their module is read:
 * what core says in a language whose vowels all bear accents. Prints `{ place, text }[]` as JSON.
 */
import { readFileSync } from 'node:fs';
import * as l10n from '@vscode/l10n';

const bundle = JSON.parse(readFileSync('l10n/bundle.l10n.json', 'utf8')) as Record<string, string>;
const accents: Readonly<Record<string, string>> = {
  a: 'á',
  e: 'é',
  i: 'í',
  o: 'ó',
  u: 'ú',
  y: 'ý',
  A: 'Á',
  E: 'É',
  I: 'Í',
  O: 'Ó',
  U: 'Ú',
  Y: 'Ý',
};
l10n.config({
  contents: Object.fromEntries(
    Object.keys(bundle).map((key) => [key, key.replace(/[aeiouy]/gi, (vowel) => accents[vowel]!)]),
  ),
});

const { checks } = await import('../../src/core/findings/all');
const { checkNode } = await import('../../src/core/findings/checkNode');
const { programmed } = await import('../../src/core/kubeproxy/programmed');
const { absentReason } = await import('../../src/core/kubeproxy/absence');
const { describeRule } = await import('../../src/core/describe/rule');
const { reportOf } = await import('../../src/core/report/report');
const { reportMarkdown } = await import('../../src/core/report/markdown');
const { finish } = await import('../../src/core/work');
const { readNodeFolder } = await import('../../src/inspect/nodeFiles');
const { objectsNear, readObjectsFolder } = await import('../../src/inspect/objectsFolder');

const texts: { place: string; text: string }[] = [];
const say = (place: string, text: string) => texts.push({ place, text });

for (const { code, title } of checks) say(`title of ${code}`, title);
for (const folder of process.argv.slice(2)) {
  const { state } = await readNodeFolder(folder);
  const near = await objectsNear(folder);
  const objects = near === undefined ? undefined : await readObjectsFolder(near);
  for (const { code, message, related = [] } of finish(checkNode(state, { objects }))) {
    say(`${folder}: ${code}`, message);
    for (const one of related) say(`${folder}: ${code}, related`, one.message);
  }
  for (const { tables } of state.rulesets) {
    for (const [table, { chains }] of tables) {
      for (const [name, chain] of chains) {
        for (let i = 0; i < Math.min(chain.length, 20); i++) {
          say(`${folder}: rule of ${name}`, describeRule(chain.rule(i), { table }));
        }
      }
    }
  }
  say(`${folder}: absent`, absentReason(state, 3));
  const links = { place: () => '', page: () => '' };
  const { ports } = finish(programmed(state, objects?.services));
  // What the trace says of its steps and choices is English so far.
  const plain = ports.filter(({ service }) => service.affinity === undefined);
  const services = plain.slice(0, 3).map(({ service }) => service.title);
  for (const service of [undefined, ...services]) {
    const report = finish(reportOf(state, { objects, service }));
    const answers = report.answers.map((answer) => ({ ...answer, findings: [] }));
    for (const line of reportMarkdown({ ...report, answers }, links).split('\n')) {
      say(`${folder}: report${service === undefined ? '' : ` on ${service}`}`, line);
    }
  }
}
process.stdout.write(JSON.stringify(texts));
