/** What a rule, a chain's policy, an element or a named counter has counted. */
export interface Counters {
  readonly packets: number;
  readonly bytes: number;
}
