import { createInterface } from 'node:readline/promises';
import password from '@inquirer/password';
import { chosen } from '../../lib/adapters/aws-settings';
import { parseApiKey } from '../../lib/domain/key';
import { accountOf } from '../../local/deploy/account';
import { cleanUp, proofFor } from './proof';
import { type ProofAccount, proofAccountOf } from './proof-account';
import { tell } from './step';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const introduction = (
  account: string,
  region: string,
) => `This deploys a throw-away environment to AWS account ${account}, region ${region}, and removes it again.

  It makes      one stack AnthropicKeys-proof-…: a secret, three functions with their roles, a topic with one mailbox,
                schedules, alarms, a queue. Nothing that exists is touched; the account has to be bootstrapped for CDK.
  It costs      a few cents: one secret, 25 alarms and a few metrics for less than an hour.
  It takes      20 to 60 minutes, and a click on the link that AWS mails.
  It removes    the stack, its logs and the secret, also when something fails.
  With two throw-away Anthropic keys it also proves a whole rotation, for less than a cent. They are not stored elsewhere.
`;

async function ask(question: string): Promise<string> {
  const terminal = createInterface(process.stdin, process.stdout);
  return terminal.question(`${question} `).finally(() => terminal.close());
}

/** Two throw-away keys, or none. @throws Error that says what is wrong with one, and shows none */
async function askForKeys(): Promise<readonly string[]> {
  const first = await password({ message: 'First throw-away key (Enter: prove without keys):' });
  if (first.trim() === '') return [];
  const second = await password({ message: 'Second throw-away key:' });
  return [first, second].map((text) => {
    const judged = parseApiKey(text);
    if (!judged.ok) throw new Error(judged.message);
    return judged.key.reveal();
  });
}

async function prepare(): Promise<ProofAccount | undefined> {
  const { region } = chosen({}, process.env);
  if (!region) throw new Error('Set AWS_REGION to the region to prove it in.');
  const env = Object.fromEntries(
    Object.entries({ ...process.env, AWS_REGION: region }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
  const account = accountOf(region, env);
  const { Account: accountId } = await account.aws<{ Account: string }>('sts', 'get-caller-identity');
  await account.aws('cloudformation', 'describe-stacks', '--stack-name', 'CDKToolkit').catch(() => {
    throw new Error(`This account is not bootstrapped: npx cdk bootstrap aws://${accountId}/${region}`);
  });
  console.log(introduction(accountId, region));
  if ((await ask(`Type ${accountId} to go on:`)).trim() !== accountId) return undefined;
  const mailbox = (await ask('Mailbox that gets its mails:')).trim();
  return proofAccountOf({
    ...{ accountId, region, env, mailbox },
    keys: await askForKeys(),
    enter: async (question) => void (await ask(question)),
  });
}

async function main(): Promise<number> {
  if (!process.stdin.isTTY) throw new Error('Run this in a terminal: it asks before it does anything.');
  const account = await prepare();
  if (!account) {
    console.log('Nothing was done.');
    return 0;
  }
  try {
    await tell(proofFor(account), account);
    return 0;
  } finally {
    console.log(`Removing ${account.stack} and ${account.secret}.`);
    await cleanUp(account);
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : 'This could not be finished.');
    process.exitCode = 1;
  },
);
