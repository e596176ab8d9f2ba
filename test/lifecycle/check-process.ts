import { handler } from '../../lambda/check';

/** A check in a process of its own, as two Lambda containers are: environment in, real clock, real clients. */
handler({ secretId: process.argv[2]! }, {}).then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
