import { type KeyIdentity, keyName } from '../policy';

/** Where the secret is, for commands and links. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** The place in the secret's ARN. Parts of an unexpected shape are left empty rather than printed. */
export function placeOf({ secretArn }: Pick<KeyIdentity, 'secretArn'>): Place {
  const [, partition = '', , region = '', account = ''] = secretArn.split(':');
  const only = (text: string, shape: RegExp) => (shape.test(text) ? text : '');
  return {
    partition: only(partition, /^aws[a-z-]*$/),
    region: only(region, /^[a-z0-9-]{1,30}$/),
    account: only(account, /^\d{12}$/),
  };
}

/** Commands of the command line. */
export type Verb =
  | 'show'
  | 'submit'
  | 'rollback'
  | 'extend'
  | 'retire'
  | 'reactivate'
  | 'snooze'
  | 'leak'
  | 'keyless'
  | 'check'
  | 'doctor';

/** In mails commands are indented by 7 of 80 columns, and a line that goes on ends in two more. */
const WIDTH = 71;

/** A command of the command line, called as its deployment says. */
export const keys = (cliCommand: string, verb: Verb, key: KeyIdentity, ...more: readonly string[]) =>
  continued([cliCommand, verb, ...[keyName(key), ...more].map(quote)], '  ', WIDTH);

/**
 * Submits a key with plain AWS commands. It is one compound command, so that a shell reads all of a paste before `read` takes the key. `printf` is
 * built into the shell, so the key is in no argument and no history, and gone with the subshell. A variable that is exported, `set -a` and `set -x`
 * would show it: they are undone first. An empty `AWS_PAGER` keeps AWS CLI 2 from failing, after the put, where there is no `less`.
 */
export function submitWithAws(key: KeyIdentity): string {
  const put = [
    ...secretsmanager('put-secret-value', key),
    ...['--version-stages', 'SUBMITTED', '--secret-string', 'file:///dev/stdin'],
    ...['--query', 'VersionId', '--output', 'text'],
  ];
  const rotate = [...secretsmanager('rotate-secret', key), '--query', 'Name', '--output', 'text'];
  return [
    "(unset KEY; set +ax; export AWS_PAGER=; printf 'New key (not shown): ' &&",
    ` read -rs KEY && echo && printf %s "$KEY" |`,
    ` ${continued(put, '   ', 72)} &&`,
    ` ${continued(rotate, '   ', 72)})`,
  ].join('\n');
}

/** Makes an earlier version live again. */
export const makeCurrentWithAws = (key: KeyIdentity, to: string, from: string) =>
  continued([
    NO_PAGER,
    ...secretsmanager('update-secret-version-stage', key),
    ...['--version-stage', 'AWSCURRENT'],
    ...['--move-to-version-id', quote(to)],
    ...['--remove-from-version-id', quote(from)],
  ]);

/** Starts new tasks of an ECS service, and answers with its name instead of its whole description. */
export const restartServiceWithAws = (
  key: KeyIdentity,
  { cluster, service }: { readonly cluster: string; readonly service: string },
) =>
  continued([
    NO_PAGER,
    ...aws('ecs', 'update-service', key),
    ...['--cluster', quote(cluster), '--service', quote(service), '--force-new-deployment'],
    ...['--query', 'service.serviceName', '--output', 'text'],
  ]);

/** Starts new pods of a workload, such as `deployment/chat`. */
export const restartWithKubectl = (namespace: string, workload: string) =>
  continued(['kubectl', 'rollout', 'restart', quote(workload), '--namespace', quote(namespace)]);

/** Shows the secret's metadata, never its value. */
export const describeWithAws = (key: KeyIdentity) =>
  continued([NO_PAGER, ...secretsmanager('describe-secret', key)]);

/** AWS CLI 2 shows answers in `less`, and fails where there is none. */
const NO_PAGER = 'AWS_PAGER=';

/** By name, never by ARN: a name reaches only the account that one is signed in to, so no forged mail can send a key to a stranger's. */
function secretsmanager(operation: string, key: KeyIdentity): readonly string[] {
  return [...aws('secretsmanager', operation, key), '--secret-id', quote(key.secretName)];
}

export function aws(service: string, operation: string, key: KeyIdentity): readonly string[] {
  const { region } = placeOf(key);
  return ['aws', service, operation, ...(region ? ['--region', region] : [])];
}

/** Quotes one word for bash, zsh and every POSIX shell. Words that need no quotes stay readable. */
export function quote(word: string): string {
  return /^[A-Za-z0-9_/.,:@+-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;
}

/** Breaks a command of quoted words into lines of at most `width` characters; a flag stays with its value. */
export function continued(words: readonly string[], indent = '  ', width = 70): string {
  const lines: string[] = [];
  let line = '';
  words.forEach((word, index) => {
    const flag = word.startsWith('--');
    const value = words[index + 1];
    const group = flag && value && !value.startsWith('--') ? `${word} ${value}` : word;
    const isValue = words[index - 1]?.startsWith('--') && !flag;
    if (isValue) return;
    if (line !== '' && line.length + 1 + group.length > width) {
      lines.push(line);
      line = indent + group;
    } else line += line === '' ? group : ` ${group}`;
  });
  return [...lines, line].join(' \\\n');
}

/** Pages of the Claude Console: rate limits are under `limits`, spend limits under `billing` and under each workspace. */
export const CONSOLE = {
  keys: 'https://platform.claude.com/settings/keys',
  workloadIdentity: 'https://platform.claude.com/settings/workload-identity-federation',
  limits: 'https://platform.claude.com/settings/limits',
  billing: 'https://platform.claude.com/settings/billing',
  workspaces: 'https://platform.claude.com/settings/workspaces',
  usage: 'https://platform.claude.com/usage',
} as const;

/** Hosts of the AWS console by partition. Neither AWS's answers nor the CDK name them. */
const AWS_CONSOLES: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-eusc': 'console.amazonaws-eusc.eu',
};

/** The host of a partition's AWS console; undefined for a partition that is not known here. */
export const awsConsole = (partition: string): string | undefined => AWS_CONSOLES[partition];

/** The secret's page in the AWS console. */
export function secretPage(key: KeyIdentity): string | undefined {
  const { partition, region } = placeOf(key);
  const host = awsConsole(partition);
  if (!host || !region) return undefined;
  return `https://${host}/secretsmanager/secret?${new URLSearchParams({ name: key.secretName, region })}`;
}

/** A shell in the browser that is signed in already, in the region of the secret. Not every other partition has one. */
export function cloudShell(key: KeyIdentity): string | undefined {
  const { partition, region } = placeOf(key);
  if (partition !== 'aws' || !region) return undefined;
  return `https://${region}.console.aws.amazon.com/cloudshell/home?region=${region}`;
}

/** Sections of docs/runbook.md that notices point to. */
export const RUNBOOK = {
  dead: 'Dead key',
  refused: 'Refused keys',
  blocked: 'Blocked key',
  zombie: 'Old key still works',
  leak: 'Leaked key',
  edit: 'Edited by hand',
  unwatched: 'Unwatched key',
  network: 'No conclusive answer',
} as const;

export type RunbookSection = keyof typeof RUNBOOK;

/** Where a section is served: `https://wiki.example.com/runbook#dead-key`. */
export const sectionUrl = (section: RunbookSection, runbookUrl: string) =>
  `${runbookUrl}#${RUNBOOK[section].toLowerCase().replace(/ /g, '-')}`;
