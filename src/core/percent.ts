/** A share as people read it, `33.3 %` of 1/3: one decimal, below 0.1 % one significant digit (`0.04 %`). */
export function percent(share: number): string {
  const value = share * 100;
  const digits = value > 0 && value < 0.095 ? Math.min(6, -Math.floor(Math.log10(value))) : 1;
  return `${Number(value.toFixed(digits))} %`;
}
