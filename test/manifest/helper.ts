import assert from 'node:assert/strict';
import { finish } from '../../src/core/work';
import { objectReader, type YamlObject } from '../../src/syntax/yaml/objects';
import * as yaml from '../../src/syntax/yaml/parse';
import { lensKinds, readManifest, type ManifestName } from '../../src/manifest/lens/readManifest';

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
