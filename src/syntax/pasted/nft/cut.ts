/** Where in a line another begins. */
export interface Cut {
  /** Column, UTF-16. */
  readonly at: number;
  /** Whether one begins here is not told. */
  readonly unsure?: boolean;
}
