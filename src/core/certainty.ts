/**
 * How surely something is known. `certain`: the dumps decide it. `likely`: all signs at hand point
 * there, but the dump that would decide it is missing. `unknown`: the dumps at hand do not tell.
 */
export type Certainty = 'certain' | 'likely' | 'unknown';
