/**
 * Run by pseudo.test.ts in a process of its own, since some texts are made when their module is read:
 * what core says in a language whose vowels all bear accents. Prints `{ place, text }[]` as JSON.
 */
import { readFileSync, readdirSync } from 'node:fs';
import * as l10n from '@vscode/l10n';
import type { NodeState } from '../../src/core/node';
import type { Finding } from '../../src/core/finding';

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

const { setListLanguage } = await import('../../src/core/list');
setListLanguage('zh'); // Whose joints are no English words.
const { checks } = await import('../../src/core/findings/all');
const { checkNode } = await import('../../src/core/findings/checkNode');
const { programmed } = await import('../../src/core/kubeproxy/programmed');
const { absentReason } = await import('../../src/core/kubeproxy/absence');
const { describeRule } = await import('../../src/core/describe/rule');
const { reportOf } = await import('../../src/core/report/report');
const { reportMarkdown } = await import('../../src/core/report/markdown');
const { finish } = await import('../../src/core/work');
const { layouts } = await import('../../src/cluster/bundle/layouts/index');
const { errorOfAnswer, errorOfConnection } = await import('../../src/cluster/live/httpError');
const { incompleteness } = await import('../../src/cluster/completeness');
const { openSnapshot } = await import('../../src/cluster/snapshot/snapshot');
const { serviceGraph } = await import('../../src/core/flow/serviceGraph');
const { drawableServices } = await import('../../src/core/flow/services');
const { toMarkdown } = await import('../../src/core/flow/exports');
const { checkFile } = await import('../../src/inspect/checkFile');
const { nodeParser } = await import('../../src/inspect/nodeParser');
const { readNodeFolder } = await import('../../src/inspect/nodeFiles');
const { objectsNear, readObjectsFolder } = await import('../../src/inspect/objectsFolder');
const { sayComparisons, sayKeys } = await import('./pseudoConfig');

const texts: { place: string; text: string }[] = [];
const say = (place: string, text: string) => texts.push({ place, text });

/** Everything that the flow panel says of some Services of a node. */
function sayFlows(node: NodeState, of: string): void {
  for (const found of finish(drawableServices(node)).slice(0, 6)) {
    const place = `${of}: flow of ${found.id}`;
    const { graph } = serviceGraph(node, found, { ping: true });
    for (const line of toMarkdown(graph).split('\n')) say(place, line);
    for (const { steps } of graph.entries) for (const step of steps) say(place, step.text);
    for (const one of graph.nodes) {
      say(place, [one.label, one.detail, one.reason, one.condition].filter(Boolean).join('. '));
    }
  }
}

function sayFindings(found: readonly Finding[], of: string): void {
  for (const { code, message, related = [] } of found) {
    // The words of the program that printed the dump.
    if (code === 'program-warning') continue;
    say(`${of}: ${code}`, message);
    for (const one of related) say(`${of}: ${code}, related`, one.message);
  }
}

for (const { code, title } of checks) say(`title of ${code}`, title);
for (const folder of process.argv.slice(2)) {
  const { state } = await readNodeFolder(folder);
  const near = await objectsNear(folder);
  const objects = near === undefined ? undefined : await readObjectsFolder(near);
  sayFindings(finish(checkNode(state, { objects })), folder);
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
  const services = ports.slice(0, 3).map(({ service }) => service.title);
  for (const service of [undefined, ...services]) {
    const report = finish(reportOf(state, { objects, service }));
    for (const line of reportMarkdown(report, links).split('\n')) {
      say(`${folder}: report${service === undefined ? '' : ` on ${service}`}`, line);
    }
  }
  sayFlows(state, folder);
  // With nothing beside the rules: what is not known says why.
  const { name, rulesets, nftables } = state;
  sayFlows({ name, rulesets, nftables, findings: [] }, `${folder}, rules alone`);
}
const parser = await nodeParser();
for (const file of readdirSync('test/l10n/broken')) {
  sayFindings((await checkFile(`test/l10n/broken/${file}`, parser)).findings, file);
}
for (const { title, remarks = [] } of layouts) {
  for (const one of remarks) say(title, one);
}
sayKeys(say);
await sayComparisons(say);
const right = { verb: 'list', resource: 'pods', namespace: 'shop' };
for (const code of [401, 403, 404, 410, 429, 500]) {
  say(`an answer ${code}`, errorOfAnswer(code, '', right).message);
}
for (const code of ['ECONNREFUSED', 'EPROTO', 'CERT_HAS_EXPIRED']) {
  const error = Object.assign(new Error(code), { code });
  say(`no answer: ${code}`, errorOfConnection(error, 'https://192.0.2.1').message);
}
for (const [name, text] of [
  ['iptables-save.txt', '*nat\n:PREROUTING ACCEPT [0:0]\n'],
  ['nft-list-ruleset.txt', 'table ip nat {\n'],
  ['nft-list-ruleset.json', '{"nftables": ['],
] as const) {
  const problem = incompleteness(name, text, () => text);
  say(`a cut ${name}`, problem?.message ?? '');
}
try {
  await openSnapshot('test/l10n/broken').info();
} catch (error) {
  say('no snapshot', (error as Error).message);
}
process.stdout.write(JSON.stringify(texts));
