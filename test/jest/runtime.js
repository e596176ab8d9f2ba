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
 * Where Jest keeps which test runs: for files that run their tests one after the other, a variable does. Up to Node 22, a storage of Node's own makes every
 * promise of the file dearer, and a flow a twentieth. What is thrown after the end of its test fails the test that runs then.
 */
class OneAtATime {
  #store;

  getStore() {
    return this.#store;
  }

  async run(store, callback) {
    const before = this.#store;
    this.#store = store;
    try {
      return await callback();
    } finally {
      this.#store = before;
    }
  }
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

  /** What Jest loads into each file of its own. */
  requireInternalModule(from, name) {
    if (name === 'node:async_hooks') return { AsyncLocalStorage: OneAtATime };
    return super.requireInternalModule(from, name);
  }
};
