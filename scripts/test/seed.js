import { configureGlobal } from 'fast-check';

/*
 * fast-check tells the seed of a property that fails; `FC_SEED=123 npx mocha FILE` runs it, and all others,
 * with that one.
 */
const { FC_SEED: seed } = process.env;

if (seed) configureGlobal({ seed: Number(seed) });
