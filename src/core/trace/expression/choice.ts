import type { SetElement } from '../../rules/set';
import type { State } from '../state';

/** One element that a map may give, where chance or something unknown decides; `none`: it has none. */
export interface ElementOption {
  readonly condition: string;
  readonly probability?: number;
  readonly unknown?: string;
  readonly element: SetElement | 'none';
  readonly settle?: (state: State) => void;
}

/** Which of a map's elements is taken is open. */
export interface Choice {
  readonly kind: 'choice';
  /** The map's expression or statement. */
  readonly of: object;
  readonly options: readonly ElementOption[];
}
