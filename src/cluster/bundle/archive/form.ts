export type ArchiveForm = 'zip' | 'tar' | 'gzip' | 'xz';

/** By the first 512 bytes, whatever the name says; `gzip` and `xz` hold a tar. */
export function formOf(head: Uint8Array): ArchiveForm | undefined {
  const begins = (at: number, ...bytes: number[]) =>
    bytes.every((byte, i) => head[at + i] === byte);
  if (begins(0, 0x50, 0x4b, 3, 4) || begins(0, 0x50, 0x4b, 5, 6)) return 'zip';
  if (begins(0, 0x1f, 0x8b)) return 'gzip';
  if (begins(0, 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0)) return 'xz';
  // "ustar" in POSIX' and GNU's headers.
  return begins(257, 0x75, 0x73, 0x74, 0x61, 0x72) ? 'tar' : undefined;
}

/**
 * What unpacks a form that is not read here: sos writes zstd on newer hosts, bzip2 on old ones.
 *
 * @returns the command, up to the file's name
 */
export function unpackerOf(head: Uint8Array): string | undefined {
  const begins = (...bytes: number[]) => bytes.every((byte, at) => head[at] === byte);
  if (begins(0x28, 0xb5, 0x2f, 0xfd)) return 'zstd -d';
  return begins(0x42, 0x5a, 0x68) ? 'bunzip2 -k' : undefined;
}
