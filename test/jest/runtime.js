const { isBuiltin } = require('node:module');
const { Script } = require('node:vm');
const Runtime = require('jest-runtime').default;

/** Compiled modules by their files. A script that runs again has its functions compiled already. */
const scripts = new Map();

function scriptOf(source, parameters, filename) {
  const known = scripts.get(filename);
  if (known?.source === source) return known.script;
  const head = `(function (${parameters.join(', ')}) {`;
  const script = new Script(`${head}${source}\n})`, { filename, columnOffset: -head.length });
  scripts.set(filename, { source, script });
  return script;
}

/**
 * Loads packages once per process, not once per test file: the AWS SDK, the CDK and the rest took a second and 60 MB of each file. Our own modules are
 * still loaded anew for each file, so none sees what another left in them.
 */
module.exports = class extends Runtime {
  constructor(...args) {
    super(...args);
    const { executor } = this;
    executor.compile = (source, filename) =>
      scriptOf(source, executor.injectedModuleParameters, filename).runInThisContext();
  }

  requireModuleOrMock(from, name) {
    if (isBuiltin(name)) return require(name);
    const path = this._resolution.resolveCjs(from, name);
    return path.includes('/node_modules/') ? require(path) : super.requireModuleOrMock(from, name);
  }
};
