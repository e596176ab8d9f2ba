import type { Path } from './fault';
import type { FleetConfig, FleetEnvironment } from './fleet';

const EXAMPLE = /@(?:.+\.)?example(?:\.(?:com|org|net))?$/i;

/** Configuration that deploys but will not do what its author intends. */
export function findWarnings(fleet: FleetConfig): string[] {
  return fleet.environments.flatMap((environment) => [...examples(environment), ...oneMailbox(environment)]);
}

const mailboxes = ({ alerts, keys }: FleetEnvironment) => [
  ...new Set([...alerts.all, ...alerts.critical, ...keys.map(({ owner }) => owner)]),
];

/** Six characters of an ARN's end in which no upper-case letter is: of a hundred random ends four are so. */
const PERHAPS_NAME = /-[a-z0-9]{6}$/;

/** A value that can be meant, but probably is not. Its path starts at the environment. */
export interface Doubt {
  readonly environment: string;
  readonly path: Path;
  readonly expected: string;
}

/** A partial ARN whose name ends in a hyphen and six characters looks complete, and then no policy and no rule fits the secret. */
export const findDoubts = ({ environments }: FleetConfig): readonly Doubt[] =>
  environments.flatMap(({ environment, keys }) =>
    keys.flatMap(({ service, existing }): readonly Doubt[] =>
      existing && PERHAPS_NAME.test(existing)
        ? [
            {
              environment,
              path: ['keys', service, 'existing'],
              expected: `the complete ARN. If "${existing.slice(-6)}" belongs to the secret's name, six random characters are missing after it`,
            },
          ]
        : [],
    ),
  );

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
