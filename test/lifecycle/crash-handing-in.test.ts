import { crashEverywhere, HANDING_IN } from './crash-points';

let points = 0;
afterAll(() => console.info(`${points} crash points where keys come in`));

test.each(Object.keys(HANDING_IN))(
  '%s converges from a crash before and after every call',
  async (name) => {
    points += await crashEverywhere(HANDING_IN[name]!);
  },
  300_000,
);
