import { crashEverywhere, RETIRING } from './crash-points';

let points = 0;
afterAll(() => console.info(`${points} crash points where keys go`));

test.each(Object.keys(RETIRING))(
  '%s converges from a crash before and after every call',
  async (name) => {
    points += await crashEverywhere(RETIRING[name]!);
  },
  300_000,
);
