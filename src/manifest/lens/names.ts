import { stringAt } from '../../core/yamlNode';
import type { YamlObject } from '../../syntax/yaml/objects';
import { portRanges, readManifest, type ManifestName } from './readManifest';

/** A manifest, and where its lenses stand in the text as it is now. */
export interface PlacedManifest {
  readonly manifest: ManifestName;
  /** Offset of its first key. */
  readonly start: number;
  /** Offsets of a Service's ports. */
  readonly ports: readonly number[];
}

/**
 * The manifests among the objects of a text. Those of a document that is broken for the moment stay as
 * they were, so that lenses don't come and go while somebody types.
 *
 * @param before the manifests of the text as it was
 */
export function* placeManifests(
  objects: readonly YamlObject[],
  before: readonly PlacedManifest[],
): Generator<undefined, PlacedManifest[]> {
  const placed: PlacedManifest[] = [];
  const seen = new Map<number, number>();
  for (const [count, object] of objects.entries()) {
    if (count % 20 === 0) yield;
    if (object.intact) {
      const manifest = readManifest(object);
      if (manifest) placed.push(place(manifest));
      continue;
    }
    const nth = seen.get(object.document) ?? 0;
    seen.set(object.document, nth + 1);
    const kept = before.filter(({ manifest }) => manifest.object.document === object.document)[nth];
    if (kept && isStill(kept.manifest, object)) placed.push(move(kept, object.root.range.start));
  }
  return placed;
}

function place(manifest: ManifestName): PlacedManifest {
  const ports = manifest.kind === 'Service' ? portRanges(manifest) : [];
  return {
    manifest,
    start: manifest.object.root.range.start,
    ports: ports.map(({ start }) => start),
  };
}

function isStill({ kind, name }: ManifestName, { kind: now, root }: YamlObject): boolean {
  const readable = stringAt(root, 'metadata', 'name');
  return kind === now && (readable === undefined || readable === name);
}

function move({ manifest, start, ports }: PlacedManifest, to: number): PlacedManifest {
  return { manifest, start: to, ports: ports.map((port) => port + to - start) };
}
