/** Module hooks: `vscode` is a module whose exports are one function that answers itself. */
import { readFileSync, readdirSync } from 'node:fs';

const src = new URL('../src/', import.meta.url);

export function resolve(specifier, context, next) {
  return specifier === 'vscode'
    ? { url: 'stub:vscode', shortCircuit: true }
    : next(specifier, context);
}

export function load(url, context, next) {
  if (url !== 'stub:vscode') return next(url, context);
  const names = new Set(['stub']);
  for (const file of readdirSync(src, { recursive: true }).filter((name) => name.endsWith('.ts'))) {
    const text = readFileSync(new URL(file, src), 'utf8');
    for (const [, name] of text.matchAll(/\bvscode\.(\w+)/g)) names.add(name);
  }
  const source = `const stub = new Proxy(function () {}, {
    get: (_, name) => name === 'then' ? undefined
      : name === Symbol.iterator ? [][Symbol.iterator].bind([])
      : name === Symbol.toPrimitive ? () => '' : name === 'prototype' ? {} : stub,
    set: () => true,
    apply: () => stub,
    construct: () => stub,
  });
  ${[...names].map((name) => (name === 'stub' ? 'export { stub };' : `export const ${name} = stub;`)).join('\n')}`;
  return { format: 'module', source, shortCircuit: true };
}
