import { PassThrough, type Readable } from 'node:stream';
import { fromBuffer, open, type Entry, type ZipFile } from 'yauzl';
import type { Member } from './member';

/** The upper half of `externalFileAttributes` is the mode where Unix wrote the archive. */
const typeOfMode = 0o170000;
const regular = 0o100000;

/**
 * The members of a zip, by its directory at the end.
 *
 * @param source the file's path, or all of it
 */
export async function* zipMembers(source: string | Buffer): AsyncGenerator<Member> {
  const zip = await opened(source);
  try {
    for (;;) {
      const entry = await nextEntry(zip);
      if (!entry) return;
      // As bytes: yauzl would end at the first name that leads outside.
      const path = (entry.fileName as unknown as Buffer).toString('utf8');
      yield {
        path,
        isFile: isFile(entry, path),
        mayStop: true,
        bytes: () => bytesOf(zip, entry),
      };
    }
  } finally {
    zip.close();
  }
}

const options = { lazyEntries: true, decodeStrings: false, autoClose: false } as const;

function opened(source: string | Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, zip: ZipFile) => (error ? reject(error) : resolve(zip));
    if (typeof source === 'string') open(source, options, done);
    else fromBuffer(source, options, done);
  });
}

function nextEntry(zip: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const off = () => {
      zip.off('entry', onEntry).off('end', onEnd).off('error', onError);
    };
    const onEntry = (entry: Entry) => {
      off();
      resolve(entry);
    };
    const onEnd = () => {
      off();
      resolve(undefined);
    };
    const onError = (error: Error) => {
      off();
      reject(error);
    };
    zip.on('entry', onEntry).on('end', onEnd).on('error', onError);
    zip.readEntry();
  });
}

function isFile({ externalFileAttributes, generalPurposeBitFlag }: Entry, path: string): boolean {
  const type = (externalFileAttributes >>> 16) & typeOfMode;
  const encrypted = (generalPurposeBitFlag & 1) !== 0;
  return !path.endsWith('/') && !encrypted && (type === 0 || type === regular);
}

async function* bytesOf(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  const stream = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (error, readable) => (error ? reject(error) : resolve(readable)));
  });
  // yauzl's own stream of a file that is not compressed never closes, and a loop over it never ends.
  const through = new PassThrough();
  stream.on('error', (error) => through.destroy(error));
  stream.pipe(through);
  try {
    for await (const chunk of through) yield chunk as Buffer;
  } finally {
    stream.destroy();
  }
}
