/** What an archive may cost. It comes from somebody else: nothing of it is believed. */
export interface ArchiveLimits {
  readonly entries: number;
  /** Bytes of one file, unpacked. */
  readonly fileBytes: number;
  /** Bytes of all files that are kept, which are held in memory. */
  readonly keptBytes: number;
  /** Bytes that are unpacked, kept or passed over: a small archive can hold petabytes of zeros. */
  readonly unpackedBytes: number;
  /** Archives within archives. */
  readonly depth: number;
}

const mib = 1024 * 1024;

export const archiveLimits: ArchiveLimits = {
  entries: 100_000,
  fileBytes: 128 * mib,
  keptBytes: 512 * mib,
  unpackedBytes: 8192 * mib,
  depth: 2,
};
