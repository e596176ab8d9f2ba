import { nameOf, playAll, ROWS } from './play-commands';

/** Declares the tests of one length of grace, besides that of `every-command`. Each is in a file of its own, so that they share the cores. */
export function playGrace(graceHours: number): void {
  describe(`with a grace of ${graceHours} hours`, () => {
    test.each(ROWS.filter(({ scenario }) => scenario.onGrace).map((row) => [nameOf(row), row] as const))(
      '%s: every command of its mail does what its step says',
      async (_, row) => {
        await playAll(row, graceHours);
      },
    );
  });
}
