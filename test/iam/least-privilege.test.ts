import { policiesFor } from './deployments';
import { evaluate } from './policy';
import { type Recording, record } from './recording';
import { printed, rowsOf } from './table';

const PEOPLE = ['reader', 'operator', 'responder'];

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

test('everything that is allowed is used by a flow or has a reason, and no reason is left over', async () => {
  const rows = rowsOf(
    (await recordings).map((recording) => ({ recording, policies: policiesFor(recording) })),
  );
  process.stdout.write(`\n${printed(rows)}\n\n`);
  const idle = rows.filter(({ flows, reason }) => flows.length === 0 && reason === undefined);
  expect(idle.map(({ who, statement, action }) => `${who} ${statement} ${action}`)).toEqual([]);
  expect(rows.filter(({ flows, reason }) => flows.length > 0 && reason !== undefined)).toEqual([]);
  expect(rows.filter(({ who, action, statement }) => !who || !action || !statement)).toEqual([]);
});

test('a rotation takes no person but an operator, from the first key to the proven death of the old one', async () => {
  const [plain] = await recordings;
  const people = plain!.asked.filter(({ flow, who }) => flow === 'rotation' && PEOPLE.includes(who));
  const actions = new Set(people.map(({ who, request }) => `${who} ${request.action}`));
  expect([...actions].sort()).toEqual([
    'operator lambda:InvokeFunction',
    'operator secretsmanager:PutSecretValue',
    'operator secretsmanager:RotateSecret',
  ]);
});
