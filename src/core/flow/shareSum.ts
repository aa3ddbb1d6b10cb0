/** The share of two ways together, as far as both are known. */
export function shareSum(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? undefined : left + right;
}
