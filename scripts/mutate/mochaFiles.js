/*
 * @stryker-mutator/mocha-runner asks for `mocha/lib/cli/run-helpers` without an ending, which Mocha
 * 12 has as `.cjs`. Goes when the runner does that itself.
 */
import Module from 'node:module';

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...more) {
  const bare = /[\\/]mocha[\\/]lib[\\/]cli[\\/][a-z-]+$/.test(request);
  return resolve.call(this, bare ? `${request}.cjs` : request, ...more);
};
