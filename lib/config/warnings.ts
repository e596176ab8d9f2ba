import type { Path } from './fault';
import { ANTHROPIC_URL, type FleetConfig, type FleetEnvironment } from './fleet';

const EXAMPLE = /@(?:.+\.)?example(?:\.(?:com|org|net))?$/i;

/** Configuration that deploys but will not do what its author intends. */
export function findWarnings(fleet: FleetConfig): string[] {
  return fleet.environments.flatMap((environment) => [
    ...examples(environment),
    ...oneMailbox(environment),
    ...noLinks(environment),
    ...sameMailboxes(environment),
  ]);
}

const mailboxes = ({ alerts, keys }: FleetEnvironment) => [
  ...new Set([...alerts.all, ...alerts.critical, ...keys.map(({ owner }) => owner)]),
];

/** An ARN's last six characters without any upper-case letter. Of a hundred random endings, four look like that. */
const PERHAPS_NAME = /-[a-z0-9]{6}$/;

/** A value that can be meant, but probably is not. Its path starts at the environment. */
export interface Doubt {
  readonly environment: string;
  readonly path: Path;
  readonly expected: string;
}

export const findDoubts = ({ environments }: FleetConfig): readonly Doubt[] =>
  environments.flatMap((environment) => [...partialArns(environment), ...otherHosts(environment)]);

/** A name that only looks like Anthropic's would get every key. */
function otherHosts({ environment, anthropicBaseUrl }: FleetEnvironment): readonly Doubt[] {
  const { host } = new URL(anthropicBaseUrl);
  if (host === new URL(ANTHROPIC_URL).host) return [];
  const expected = `${ANTHROPIC_URL}, unless ${host} is a gateway of yours: every key is sent there`;
  return [{ environment, path: ['anthropicBaseUrl'], expected }];
}

/** A partial ARN whose name ends in a hyphen and six characters looks complete, and then no policy and no rule fits the secret. */
const partialArns = ({ environment, keys }: FleetEnvironment): readonly Doubt[] =>
  keys.flatMap(({ service, existing }) =>
    existing && PERHAPS_NAME.test(existing)
      ? [
          {
            environment,
            path: ['keys', service, 'existing'],
            expected: `the complete ARN. If "${existing.slice(-6)}" belongs to the secret's name, six random characters are missing after it`,
          },
        ]
      : [],
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

/** To SNS they are two subscriptions, and filters compare letter by letter. To nearly every mail server they are one mailbox. */
function sameMailboxes(environment: FleetEnvironment): string[] {
  const spellings = new Map<string, string[]>();
  for (const address of mailboxes(environment)) {
    const same = address.toLowerCase();
    spellings.set(same, [...(spellings.get(same) ?? []), address]);
  }
  return [...spellings.values()]
    .filter((same) => same.length > 1)
    .map(
      (same) =>
        `${environment.environment}: ${same.join(' and ')} are probably one mailbox, which would get mails twice; write it in one way`,
    );
}

/** Whoever is paged at night has no checkout at hand, and a path in a repository opens nothing. */
function noLinks({ environment: name, ...environment }: FleetEnvironment): string[] {
  const unset = (['projectUrl', 'runbookUrl'] as const).filter((field) => environment[field] === undefined);
  if (unset.length === 0) return [];
  return [
    `${name}: ${unset.join(' and ')} ${unset.length === 1 ? 'is' : 'are'} not set, so mails name ${unset.map((field) => UNLINKED[field]).join(' and ')} without a link`,
  ];
}

const UNLINKED = { projectUrl: 'your repository', runbookUrl: 'docs/runbook.md' } as const;
