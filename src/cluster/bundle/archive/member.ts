/** A file of an archive, before its bytes are read. */
export interface Member {
  /** As the archive has it. */
  readonly path: string;
  /** Neither a folder, a link nor a device. */
  readonly isFile: boolean;
  /** Reading may stop anywhere; else what was begun is read to its end. */
  readonly mayStop: boolean;
  /** Asked for before the next member, or never. */
  bytes(): AsyncIterable<Uint8Array>;
}
