import { pipeline, Readable, Transform } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import * as xz from 'xz-decompress';
import type { Budget } from './budget';
import type { ArchiveForm } from './form';
import type { Member } from './member';

/** CommonJS: Node's own import has its exports below `default`, the bundler's beside it. */
const { XzReadableStream } = (xz as { default?: typeof xz }).default ?? xz;

/** The members of a tar, in the order in which they come. */
export async function* tarMembers(
  packed: Readable,
  form: Exclude<ArchiveForm, 'zip'>,
  budget: Budget,
): AsyncGenerator<Member> {
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      budget.unpack(chunk.length);
      done(budget.exhausted === undefined ? null : new Error(budget.exhausted), chunk);
    },
  });
  const tar = extract();
  const streams = [...unpacked(packed, form), counted, tar];
  // Errors and the end of the loop below reach all of them; the loop itself rejects.
  pipeline(streams as [Readable, Transform, NodeJS.WritableStream], () => undefined);
  try {
    for await (const entry of tar) {
      const { name, type } = entry.header;
      const isFile = type === 'file' || type === 'contiguous-file';
      yield { path: name, isFile, mayStop: false, bytes: () => entry };
      // What nobody reads has to pass all the same.
      entry.resume();
    }
  } finally {
    packed.destroy();
  }
}

function unpacked(packed: Readable, form: 'tar' | 'gzip' | 'xz'): (Readable | Transform)[] {
  if (form === 'tar') return [packed];
  if (form === 'gzip') return [packed, createGunzip()];
  const web = Readable.toWeb(packed) as ReadableStream<Uint8Array>;
  return [Readable.fromWeb(new XzReadableStream(web) as ReadableStream<Uint8Array>)];
}
