import { createInterface } from 'node:readline/promises';
import password from '@inquirer/password';
import { chosen } from '../../lib/adapters/aws-settings';
import { VERSION } from '../../lib/cli/version';
import { parseApiKey } from '../../lib/domain/key';
import { accountOf } from '../../local/deploy/account';
import { keep } from '../../local/prove/keep';
import { Proof } from '../../local/prove/proof';
import { dependencies } from '../../package.json';
import { cleanUp, proofFor } from './proof';
import { noteHosts, type ProofAccount, proofAccountOf } from './proof-account';
import { tell } from './step';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const introduction = (
  account: string,
  region: string,
) => `This deploys a throw-away environment to AWS account ${account}, region ${region}, and removes it again.

  It makes      one stack AnthropicKeys-proof-…: a secret, four functions with their roles, a topic with one mailbox,
                schedules, alarms, a queue. Beside it two secrets and two roles for some minutes, anthropic-keys-proof-…:
                you assume the roles, to try the environment's policies for people. Nothing that exists is touched; the
                account has to be bootstrapped for CDK.
  It reads      CloudTrail's event history of secrets, for what it did itself.
  It costs      a few cents: three secrets, 25 alarms and a few metrics for about an hour.
  It takes      20 to 80 minutes, and a click on the link that AWS mails. Ctrl-C ends it and keeps what was settled.
  It removes    all of that, also when something fails or you press Ctrl-C.
  With two throw-away Anthropic keys it also proves a whole rotation, for less than a cent. They are not stored elsewhere.
`;

async function ask(question: string): Promise<string> {
  const terminal = createInterface(process.stdin, process.stdout);
  // Node's question would wait for ever.
  terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
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
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const sdk = `@aws-sdk/client-secrets-manager ${dependencies['@aws-sdk/client-secrets-manager']}`;
  const proof = new Proof({
    ...{ proof: 'prove:aws', date: new Date(), release: VERSION },
    ...{ sdk, stop: stop.signal },
  });
  noteHosts(account, proof);
  try {
    await proof.sitting(() => tell(proofFor(account, proof), account));
    return proof.document().interrupted ? 1 : 0;
  } finally {
    console.log(keep(proof.document()));
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
