import { openWorkbenches } from './workbench';

/** Leaves a screenshot of what was to be seen when a test failed. */
export const mochaHooks = {
  async afterEach(this: Mocha.Context): Promise<void> {
    const { currentTest } = this;
    if (currentTest?.state === 'failed') {
      const name = currentTest.fullTitle().replace(/\W+/g, '-');
      for (const [index, workbench] of [...openWorkbenches].entries()) {
        // A window that hangs gives none; a hook that fails would end the suite.
        await workbench.screenshot(`failed-${name}-${index}`).catch(() => undefined);
      }
    }
  },
};
