import { nameOf, playAll, ROWS } from './play-commands';

jest.setTimeout(300_000);

/** Hours of grace besides those of `every-command`: none, a day, three days, and the longest that needs no reason. */
const GRACES = [0, 24, 72, 14 * 24];

describe.each(GRACES)('with a grace of %d hours', (graceHours) => {
  test.each(ROWS.filter(({ scenario }) => scenario.onGrace).map((row) => [nameOf(row), row] as const))(
    '%s: every command of its mail does what its step says',
    async (_, row) => {
      await playAll(row, graceHours);
    },
  );
});
