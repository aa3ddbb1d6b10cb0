import * as l10n from '@vscode/l10n';
import type { ArchiveLimits } from './limits';

/** Counts what an archive costs, and says in words what was left out because of it. */
export class Budget {
  private entries = 0;
  private unpacked = 0;
  private kept = 0;
  private readonly leftOut = new Set<string>();

  constructor(private readonly limits: ArchiveLimits) {}

  /** Why the archive is not read on; undefined as long as it is. */
  get exhausted(): string | undefined {
    const { entries, unpackedBytes } = this.limits;
    if (this.entries > entries) {
      return l10n.t`It has more than ${entries.toLocaleString('en')} entries: the rest is not read.`;
    }
    if (this.unpacked > unpackedBytes) {
      return l10n.t`Unpacked it is larger than ${size(unpackedBytes)}: the rest is not read.`;
    }
    return undefined;
  }

  /** One plain English sentence each. */
  get notes(): readonly string[] {
    return [...this.leftOut, ...(this.exhausted === undefined ? [] : [this.exhausted])];
  }

  entry(): void {
    this.entries++;
  }

  unpack(bytes: number): void {
    this.unpacked += bytes;
  }

  /** False where a file has become too large to be kept, or there is no room for it. */
  fits(path: string, bytes: number): boolean {
    const { fileBytes, keptBytes } = this.limits;
    if (bytes > fileBytes) {
      this.leaveOut(l10n.t`${path} is larger than ${size(fileBytes)}: it is left out.`);
    } else if (this.kept + bytes > keptBytes) {
      this.leaveOut(
        l10n.t`The files together are larger than ${size(keptBytes)}: some are left out.`,
      );
    } else return true;
    return false;
  }

  keep(bytes: number): void {
    this.kept += bytes;
  }

  leaveOut(why: string): void {
    if (this.leftOut.size < 20) this.leftOut.add(why);
  }

  deeper(depth: number): boolean {
    return depth < this.limits.depth;
  }
}

function size(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}
