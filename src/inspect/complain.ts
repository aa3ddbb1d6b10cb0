import { errorText } from '../cluster/error';
import { withoutSecrets } from '../cluster/secrets/secrets';
import { plainLines } from './print';

/**
 * The one way to stderr: without secrets, since it ends in tickets. What is wrong with what was named is a
 * sentence; of a fault of ours the place in the code is told, too.
 */
export function complain(problem: unknown): void {
  const isOurs = problem instanceof TypeError;
  const text = isOurs ? withoutSecrets(problem.stack ?? problem.message) : errorText(problem);
  console.error(plainLines(text));
}
