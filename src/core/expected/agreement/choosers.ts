import type { RuleDifference } from '../compare/chains';

/**
 * Rules of nft that hold all endpoints of a Service port: `numgen random mod 2 map { 0 : 10.244.0.3 .
 * 8080, 1 : 10.244.1.3 . 8080 }`, until 1.35 and with session affinity by the names of their chains.
 */
const chooser = /\bnumgen random mod \d+ v?map \{([^{}]*)\}/;

export function isChooser(difference: RuleDifference): boolean {
  return chooser.test(textOf(difference));
}

/** Whether those that lack and those that should go name other endpoints, and not the same in another way. */
export function differInEndpoints(differences: readonly RuleDifference[]): boolean {
  const of = (kind: RuleDifference['kind']) =>
    differences
      .filter((one) => one.kind === kind)
      .flatMap(endpointsIn)
      .sort()
      .join();
  return of('missing') !== of('stale');
}

function endpointsIn(difference: RuleDifference): readonly string[] {
  const inside = chooser.exec(textOf(difference))?.[1] ?? '';
  return inside.split(',').map((way) => way.slice(way.indexOf(':') + 1).trim());
}

function textOf({ expected, actual }: RuleDifference): string {
  return (expected ?? actual)?.text ?? '';
}
