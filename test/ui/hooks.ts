import { openWorkbenches } from './workbench';

/** Leaves a screenshot of what was to be seen when a test failed. */
export const mochaHooks = {
  async afterEach(this: Mocha.Context): Promise<void> {
    const { currentTest } = this;
    if (currentTest?.state === 'failed') {
      const name = currentTest.fullTitle().replace(/\W+/g, '-');
      for (const workbench of openWorkbenches) {
        await workbench.screenshot(`failed-${name}`);
      }
    }
  },
};
