import type { FleetConfig, FleetEnvironment } from './fleet';

const EXAMPLE = /@(?:.+\.)?example(?:\.(?:com|org|net))?$/i;

/** Configuration that deploys but will not do what its author intends. */
export function findWarnings(fleet: FleetConfig): string[] {
  return fleet.environments.flatMap((environment) => [...examples(environment), ...oneMailbox(environment)]);
}

const mailboxes = ({ alerts, keys }: FleetEnvironment) => [
  ...new Set([...alerts, ...keys.map(({ owner }) => owner)]),
];

function examples(environment: FleetEnvironment): string[] {
  const found = mailboxes(environment).filter((address) => EXAMPLE.test(address));
  if (found.length === 0) return [];
  const { environment: name } = environment;
  return [`${name}: nobody reads ${found.join(', ')}; write addresses of your own before you deploy`];
}

function oneMailbox(environment: FleetEnvironment): string[] {
  const { environment: name, topicArn, alarmTopicArn } = environment;
  const found = mailboxes(environment);
  if (!/^prod/.test(name) || topicArn || alarmTopicArn || found.length > 1) return [];
  return [
    `${name}: only ${found[0]} hears of anything, and one click in a mail unsubscribes it; add a second address to alerts, or an alarmTopicArn`,
  ];
}
