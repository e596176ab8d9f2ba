// One invocation of a deployed function, in a process that has the deployed environment and nothing else: the event comes by
// standard input, the answer goes to file descriptor 3, and whatever is printed is the function's log.
import { randomUUID } from 'node:crypto';
import { existsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

const {
  LAMBDA_TASK_ROOT: root,
  _HANDLER: handler,
  INVOCATION_ENDS: ends,
  INVOKED_ARN: invokedFunctionArn,
} = process.env;
for (const name of ['INVOCATION_ENDS', 'INVOKED_ARN']) delete process.env[name];
const event = JSON.parse(await text(process.stdin));
const [file, name] = handler.split('.');
const module = [`${file}.mjs`, `${file}.js`].map((one) => join(root, one)).find(existsSync);
const answer = (ok, payload) =>
  writeSync(3, JSON.stringify({ ok, payload: JSON.stringify(payload ?? null) }));
try {
  const deployed = await import(pathToFileURL(module));
  const context = {
    awsRequestId: randomUUID(),
    invokedFunctionArn,
    getRemainingTimeInMillis: () => Number(ends) - Date.now(),
  };
  answer(true, await deployed[name](event, context));
} catch (error) {
  answer(false, { errorType: error.name, errorMessage: error.message });
}
process.exit(0); // Lambda freezes what is left open.
