const { AsyncLocalStorage } = require('node:async_hooks');
const { ModuleMocker } = require('jest-mock');

/** Storages that were used since the file began. */
const storages = new Set();
for (const method of ['run', 'enterWith']) {
  const original = AsyncLocalStorage.prototype[method];
  AsyncLocalStorage.prototype[method] = function (...args) {
    storages.add(this);
    return Reflect.apply(original, this, args);
  };
}

/**
 * Runs a test file among the globals of the process that Jest started for it, and puts back what the file changed in them. Jest's own environment gives
 * each file globals of its own, where looking one up is slow and no package can be shared: see runtime.js.
 */
module.exports = class {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  fakeTimers = null;
  fakeTimersModern = null;
  #restore = [globalThis, process].map(remember);
  #env = { ...process.env };

  exportConditions() {
    return ['node', 'node-addons'];
  }

  /** Jest asks for it, and runtime.js does without. */
  getVmContext() {
    return globalThis;
  }

  async setup() {
    // As Node.js itself: Jest asks for 100 frames, and the AWS SDK makes an error at each call, in case.
    Error.stackTraceLimit = 10;
  }

  async teardown() {
    // Up to Node 22, each storage that was ever used costs time at every promise of the process: an eighth of all, after thirty files.
    for (const storage of storages) storage.disable();
    storages.clear();
    for (const restore of this.#restore) restore();
    for (const name of Object.keys(process.env)) if (!(name in this.#env)) delete process.env[name];
    Object.assign(process.env, this.#env);
    this.global = null;
  }
};

/**
 * Remembers the properties of an object. Returns what puts them back. New symbols go: under them Jest keeps all that it knows of a file. New names stay:
 * under them packages, which outlive the file, keep what is theirs, such as the CDK its tokens.
 */
function remember(object) {
  const before = Object.getOwnPropertyDescriptors(object);
  return () => {
    for (const key of Object.getOwnPropertySymbols(object))
      if (!Object.hasOwn(before, key)) Reflect.deleteProperty(object, key);
    for (const key of Reflect.ownKeys(before)) Reflect.defineProperty(object, key, before[key]);
  };
}
