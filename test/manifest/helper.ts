import assert from 'node:assert/strict';
import { objectReader, type YamlObject } from '../../src/syntax/yaml/objects';
import * as yaml from '../../src/syntax/yaml/parse';
import { lensKinds, readManifest, type ManifestName } from '../../src/manifest/lens/readManifest';

/** vscode.l10n without translations. */
export const l10n = {
  t: (message: string, ...values: (string | number)[]) =>
    message.replace(/\{(\d)\}/g, (_, i) => `${values[+i]}`),
};

/** Runs a generator to its end. */
export function finish<T>(work: Generator<undefined, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

export function objectsOf(text: string): YamlObject[] {
  return finish(objectReader(yaml, lensKinds)(text));
}

/** The manifests of a text that can be looked up. */
export function manifestsOf(text: string): ManifestName[] {
  return objectsOf(text).flatMap((object) => (object.intact && readManifest(object)) || []);
}

/** The only one. */
export function manifestOf(text: string): ManifestName {
  const [manifest, ...others] = manifestsOf(text);
  assert.ok(manifest && others.length === 0, text);
  return manifest;
}
