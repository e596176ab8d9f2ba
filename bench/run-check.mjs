// One check in a process of its own, as in a new Lambda container: imports the bundle that the first argument names, and checks the second one's secret.
import { pathToFileURL } from 'node:url';

const [bundle, secretId] = process.argv.slice(2);
const { handler } = await import(pathToFileURL(bundle).href);
await handler({ secretId }, {});
// Lambda would freeze the process, with its open connections.
process.exit(0);
