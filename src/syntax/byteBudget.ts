import * as l10n from '@vscode/l10n';

/** Many files, each within its own limit, are together more than memory holds: so much is read of all. */
export class ByteBudget {
  private left: number;

  constructor(private readonly most: number) {
    this.left = most;
  }

  /**
   * Takes what a file holds.
   *
   * @throws Error that says why the file does not count, where so much is not left; smaller ones still may
   */
  take(bytes: number): void {
    if (bytes > this.left) {
      throw new Error(l10n.t`with it the files come to more than ${this.most >> 20} MB`);
    }
    this.left -= bytes;
  }
}
