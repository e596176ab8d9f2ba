import { policiesFor } from './deployments';
import { evaluate } from './policy';
import { type Recording, record } from './recording';

jest.setTimeout(120_000);

const recordings: Promise<readonly Recording[]> = Promise.all(
  (['plain', 'federated', 'admin-key'] as const).map(record),
);

test('every call that anybody made in any flow is allowed by the synthesised policies', async () => {
  const refused = (await recordings).flatMap((recording) => {
    const { of } = policiesFor(recording);
    return recording.asked
      .filter(({ who, request }) => !evaluate(of.get(who) ?? [], request).allowed)
      .map(({ flow, who, request }) => `${who} may not ${request.action} on ${request.resource} (${flow})`);
  });
  expect([...new Set(refused)]).toEqual([]);
});
