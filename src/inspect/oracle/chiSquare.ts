/** What is expected less than this often is pooled before the test. */
const smallest = 5;

/**
 * The chance of counts at least as far from what is expected, in 0 to 1: the likelihood ratio test,
 * whose far tail holds for small counts, where that of Pearson's is off by orders of magnitude.
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
  const half = bins.reduce(
    (sum, [seen, wanted]) => sum + (seen === 0 ? 0 : seen * Math.log(seen / wanted)),
    0,
  );
  return upperGamma((bins.length - 1) / 2, Math.max(0, half));
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

/** Its relative error stays below 1.2e-7 however small the value (Numerical Recipes 6.2, erfcc). */
function complementaryError(x: number): number {
  const t = 1 / (1 + 0.5 * x);
  const powers = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398,
    1.48851587, -0.82215223, 0.17087277,
  ];
  const exponent = powers.reduceRight((sum, coefficient) => coefficient + t * sum, 0);
  return t * Math.exp(exponent - x * x);
}
