/** What one line holds, as columns in it; names are empty (start = end) where there is none. */
export interface ScannedLine {
  /** Of `kindCode`. */
  kind: number;
  chainStart: number;
  chainEnd: number;
  targetStart: number;
  targetEnd: number;
  /** The target is a goto (`-g`, `[goto]`). */
  goto: boolean;
}

export function emptyScan(): ScannedLine {
  return { kind: 0, chainStart: 0, chainEnd: 0, targetStart: 0, targetEnd: 0, goto: false };
}
