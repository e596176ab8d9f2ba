import assert from 'node:assert/strict';
import { sharedName } from '../../../lib/contract/names';
import type { LocalWorld } from '../../../local/deploy/local-world';
import { type DeployedSchedule, fire, schedulesOf } from '../../../local/deploy/schedules';
import { newestMail } from '../hand-in';
import type { Step } from '../step';

/** Fires what is scheduled for one key, or for the daily report. */
export async function fireFor(world: LocalWorld, environment: string, name: string): Promise<unknown> {
  return fire(world, await scheduleOf(world, environment, name));
}

async function scheduleOf(world: LocalWorld, environment: string, name: string): Promise<DeployedSchedule> {
  const schedules = await schedulesOf(world, sharedName(environment));
  const found = schedules.find((schedule) => schedule.name === name);
  assert.ok(found, `No schedule ${name} in ${sharedName(environment)}.`);
  return found;
}

export const firstTick: Step<LocalWorld> = {
  does: 'Every schedule fires: owners are asked for their first key, and the daily report runs',
  async run(world) {
    const schedules = (
      await Promise.all(['dev', 'prod'].map((name) => schedulesOf(world, sharedName(name))))
    ).flat();
    assert.deepEqual(schedules.map(({ group, name, expression }) => [group, name, expression]).sort(), [
      ['anthropic-keys-dev', 'daily.report', 'cron(30 5 * * ? *)'],
      ['anthropic-keys-dev', 'playground', 'rate(1 hour)'],
      ['anthropic-keys-prod', 'api-gateway', 'rate(1 hour)'],
      ['anthropic-keys-prod', 'daily.report', 'cron(30 5 * * ? *)'],
    ]);
    // The report last: it sends what the checks left to it.
    const isReport = ({ name }: DeployedSchedule) => name === 'daily.report';
    for (const schedule of schedules.toSorted((a, b) => Number(isReport(a)) - Number(isReport(b))))
      await fire(world, schedule);
    await newestMail(world, 'dev', 'playground', 'awaiting-first-key');
    await newestMail(world, 'prod', 'api-gateway', 'awaiting-first-key');
    return `${schedules.length} schedules`;
  },
};

export const quietTick: Step<LocalWorld> = {
  does: 'Every schedule fires again: nothing new is true, so nobody gets a mail',
  async run(world) {
    const before = await world.mails();
    for (const [environment, service] of [
      ['dev', 'playground'],
      ['prod', 'api-gateway'],
    ] as const)
      await fireFor(world, environment, service);
    assert.deepEqual((await world.mails()).slice(before.length), []);
    return 'no mail';
  },
};
