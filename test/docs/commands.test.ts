import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as cloudtrail from '@aws-sdk/client-cloudtrail';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as ecs from '@aws-sdk/client-ecs';
import * as events from '@aws-sdk/client-eventbridge';
import * as iam from '@aws-sdk/client-iam';
import * as lambda from '@aws-sdk/client-lambda';
import * as scheduler from '@aws-sdk/client-scheduler';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import * as sts from '@aws-sdk/client-sts';
import manifest from '../../package.json';
import { ROOT } from '../root';
import { blocksOf, documents } from './shell-blocks';

// Commands that documents name, in a sentence or in a block: each is one that its program has. What follows our own command is parsed by cli.test.ts.

/** A command by its words, and where it stands. */
interface Named {
  readonly at: string;
  readonly words: readonly string[];
}

const WORD = /"[^"]*"|'[^']*'|[^\s"']+/g;

const PROGRAMS = ['npm', 'npx', 'aws', 'cdk'];

/** The commands of a line of shell, without what assigns, negates or pipes. */
const commandsIn = (text: string, at: string): readonly Named[] =>
  text
    .replace(/\\\n/g, ' ')
    .split(/&&|\|\|?|;|\n|\$?\(|\)/)
    .map((part) => part.trim().match(WORD) ?? [])
    .filter(([program = '', ...rest]) => PROGRAMS.includes(program) && rest.length > 0)
    .map((words) => ({ at, words }));

const inSentences = (file: string): readonly Named[] => {
  const text = readFileSync(join(ROOT, file), 'utf8').replace(/^( *)```[\s\S]*?^\1```$/gm, '');
  return [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, code]) => commandsIn(code!, `${file}: ${code}`));
};

// The changelog names commands of releases that are past.
const files = documents().filter((file) => file !== 'CHANGELOG.md' && existsSync(join(ROOT, file)));
const all = [
  ...files.flatMap(inSentences),
  ...files.flatMap(blocksOf).flatMap(({ at, text }) => commandsIn(text, at)),
];

/** Clients of AWS by the names that the command line has for them. */
const CLIENTS: Readonly<Record<string, object>> = {
  cloudtrail,
  ecs,
  events,
  iam,
  lambda,
  logs,
  scheduler,
  secretsmanager,
  sns,
  sqs,
  sts,
};

/** What the AWS command line does by itself, and operations of services that nothing here has a client for. */
const WITHOUT_CLIENT = [
  'login',
  'sso login',
  'configure export-credentials',
  'logs tail',
  'cloudformation describe-stacks',
  'kms create-alias',
];

const operationOf = (name: string) =>
  `${name
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')}Command`;

function faultsOfAws([service = '', operation = '']: readonly string[]): readonly string[] {
  if (WITHOUT_CLIENT.includes(service) || WITHOUT_CLIENT.includes(`${service} ${operation}`)) return [];
  const client = CLIENTS[service];
  if (!client) return [`nothing here knows the service ${service}: add its client, or WITHOUT_CLIENT`];
  return operationOf(operation) in client ? [] : [`${service} has no ${operation}`];
}

const helpOf = new Map<string, string>();

/** What the command line of the CDK says of itself, or of one command. */
function cdkHelp(...command: readonly string[]): string {
  const key = command.join(' ');
  const known = helpOf.get(key);
  if (known !== undefined) return known;
  const told = execFileSync(
    process.execPath,
    [join(ROOT, 'node_modules/aws-cdk/bin/cdk'), ...command, '--help'],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: '1' },
    },
  );
  helpOf.set(key, told);
  return told;
}

const isCdkCommand = (name: string) =>
  new RegExp(`^  cdk ${name}\\b|\\[aliases:[^\\]]*\\b${name}\\b`, 'm').test(cdkHelp());

function faultsOfCdk([command, ...rest]: readonly string[]): readonly string[] {
  if (command === undefined) return [];
  if (!/^[a-z-]+$/.test(command) || !isCdkCommand(command)) return [`the CDK has no command ${command}`];
  const options = rest.filter((word) => /^-[a-z-]/.test(word)).map((word) => word.split('=')[0]!);
  // Help shows a switch by its positive name.
  const has = (option: string) =>
    [option, option.replace(/^--no-/, '--')].some((name) =>
      new RegExp(`(^|[ ,])${name}(,|\\s|$)`, 'm').test(cdkHelp(command)),
    );
  return options.filter((option) => !has(option)).map((option) => `cdk ${command} has no option ${option}`);
}

/** Commands of npm that documents name. */
const NPM = ['ci', 'test', 'install', 'update', 'pack', 'publish', 'run'];

function faultsOfNpm([command = '', ...rest]: readonly string[]): readonly string[] {
  if (!NPM.includes(command)) return [`npm ${command} is not one that documents name`];
  const [script] = command === 'run' ? rest.filter((word) => !word.startsWith('-')) : [];
  return script === undefined || script in manifest.scripts ? [] : [`there is no script ${script}`];
}

/** Programs of packages that are installed here. */
const HERE: Readonly<Record<string, (rest: readonly string[]) => readonly string[]>> = {
  cdk: (rest) => faultsOfCdk(rest),
  jest: () => [],
  tsc: () => [],
  tsx: ([file = '']) => (existsSync(join(ROOT, file)) ? [] : [`there is no ${file}`]),
};

function faultsOfNpx([program = '', ...rest]: readonly string[]): readonly string[] {
  // bare-npx.test.ts holds that it is called in no other way.
  if (program === '--no') return rest[0] === '--' && rest[1] === 'anthropic-keys' ? [] : ['not our command'];
  return HERE[program]?.(rest) ?? [`npx ${program} would download something`];
}

const FAULTS = { npm: faultsOfNpm, npx: faultsOfNpx, aws: faultsOfAws, cdk: faultsOfCdk };

const faultsOf = ({ words: [program, ...rest] }: Named) => FAULTS[program as keyof typeof FAULTS](rest);

test('the documents name commands of each program', () => {
  expect([...new Set(all.map(({ words: [program] }) => program))].sort()).toEqual([...PROGRAMS].sort());
  expect(all.length).toBeGreaterThan(80);
});

test('every command that a document names is one that its program has', () => {
  expect(all.flatMap((named) => faultsOf(named).map((fault) => `${named.at}: ${fault}`))).toEqual([]);
});

test.each([
  ['aws secretsmanager describe-secrets', 'secretsmanager has no describe-secrets'],
  ['aws rds reboot-db-instance', 'nothing here knows the service rds'],
  ['aws ecs restart-service', 'ecs has no restart-service'],
  ['npx cdk deplay', 'the CDK has no command deplay'],
  ['npx cdk deploy --all --hotswp', 'cdk deploy has no option --hotswp'],
  ['npm run dmeo', 'there is no script dmeo'],
  ['npx create-something', 'would download something'],
  ['npx tsx bin/nothing.ts', 'there is no bin/nothing.ts'],
])('`%s` would be found', (text, fault) => {
  expect(commandsIn(text, '').flatMap(faultsOf).join()).toContain(fault);
});

test('a command is read out of what surrounds it', () => {
  const text = `(unset KEY; printf %s "$KEY" |\n aws sns subscribe \\\n  --protocol sqs) && npx cdk diff 'A*'`;
  expect(commandsIn(text, '').map(({ words }) => words)).toEqual([
    ['aws', 'sns', 'subscribe', '--protocol', 'sqs'],
    ['npx', 'cdk', 'diff', `'A*'`],
  ]);
});
