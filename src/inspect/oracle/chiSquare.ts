/** What is expected less than this often is pooled before the test. */
const smallest = 5;

/**
 * The chance of counts at least as far from what is expected (Pearson's test), in 0 to 1.
 *
 * @param expected probabilities that sum to 1
 */
export function chiSquare(observed: readonly number[], expected: readonly number[]): number {
  const total = observed.reduce((sum, count) => sum + count, 0);
  const bins = pooled(
    observed,
    expected.map((probability) => probability * total),
  );
  if (bins.length < 2) return 1;
  const statistic = bins.reduce((sum, [seen, wanted]) => sum + (seen - wanted) ** 2 / wanted, 0);
  return upperGamma((bins.length - 1) / 2, statistic / 2);
}

function pooled(observed: readonly number[], expected: readonly number[]): [number, number][] {
  const bins = observed.map((count, i): [number, number] => [count, expected[i]!]);
  bins.sort(([, left], [, right]) => left - right);
  const done: [number, number][] = [];
  let rest: [number, number] = [0, 0];
  for (const [seen, wanted] of bins) {
    rest = [rest[0] + seen, rest[1] + wanted];
    if (rest[1] < smallest) continue;
    done.push(rest);
    rest = [0, 0];
  }
  if (rest[1] === 0) return done;
  const last = done.pop() ?? [0, 0];
  return [...done, [last[0] + rest[0], last[1] + rest[1]]];
}

/** Q(s, x), the upper regularized incomplete gamma function, for s a multiple of 1/2. */
function upperGamma(s: number, x: number): number {
  // Q(1/2, x) = erfc(sqrt x), Q(1, x) = e^-x, and Q(a + 1, x) = Q(a, x) + x^a e^-x / gamma(a + 1).
  let a = s % 1 === 0 ? 1 : 0.5;
  let value = s % 1 === 0 ? Math.exp(-x) : complementaryError(Math.sqrt(x));
  let gamma = s % 1 === 0 ? 1 : Math.sqrt(Math.PI) / 2;
  for (; a < s; a++) {
    value += (x ** a * Math.exp(-x)) / gamma;
    gamma *= a + 1;
  }
  return Math.min(1, Math.max(0, value));
}

/** Abramowitz and Stegun 7.1.26; good to 1.5e-7. */
function complementaryError(x: number): number {
  const t = 1 / (1 + 0.3275911 * x);
  const series =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return series * Math.exp(-x * x);
}
