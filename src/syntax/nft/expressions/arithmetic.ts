import type { ArithmeticExpression, Expression } from '../../../core/rules/expression';
import type { SourceRange } from '../../../core/source';

type Operator = ArithmeticExpression['operator'];

/** `meta mark & 0xff`; of two numbers, as in `fin | syn`, the number that they make. */
export function arithmetic(
  operator: Operator,
  left: Expression,
  right: Expression,
  range: SourceRange,
): Expression {
  const [first, second] = [numberOf(left), numberOf(right)];
  if (first === undefined || second === undefined) {
    return { kind: 'arithmetic', operator, left, right, range };
  }
  const number = operations[operator](first, second) >>> 0;
  return { kind: 'constant', value: { kind: 'number', number }, range };
}

function numberOf(expression: Expression): number | undefined {
  const value = expression.kind === 'constant' ? expression.value : undefined;
  return value?.kind === 'number' ? value.number : undefined;
}

const operations: Readonly<Record<Operator, (left: number, right: number) => number>> = {
  '&': (left, right) => left & right,
  '|': (left, right) => left | right,
  '^': (left, right) => left ^ right,
  '<<': (left, right) => left << right,
  '>>': (left, right) => left >>> right,
};
