const { isBuiltin } = require('node:module');
const { compileFunction } = require('node:vm');
const Runtime = require('jest-runtime').default;

/**
 * Loads packages once per process, not once per test file: the AWS SDK, the CDK and the rest took a second and 60 MB of each file. Our own modules are
 * still loaded anew for each file, so none sees what another left in them.
 */
module.exports = class extends Runtime {
  constructor(...args) {
    super(...args);
    const { executor } = this;
    executor.compile = (source, filename) =>
      compileFunction(source, executor.injectedModuleParameters, { filename });
  }

  requireModuleOrMock(from, name) {
    if (isBuiltin(name)) return require(name);
    const path = this._resolution.resolveCjs(from, name);
    return path.includes('/node_modules/') ? require(path) : super.requireModuleOrMock(from, name);
  }
};
