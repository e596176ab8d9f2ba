import { absolute } from '../../lib/domain/wording/text';
import type { Deployment } from '../deployment';
import { castFor } from './cast';
import { START } from './days';
import type { DemoOptions } from './options';
import { plural, wrap } from './show';

/** What was asked for, and where it goes. */
interface Told extends Pick<DemoOptions, 'days' | 'output' | 'overHttp'> {
  readonly own: boolean;
  readonly file: string;
  readonly mails: string;
}

const MAILS_ARE: Readonly<Record<DemoOptions['output'], string>> = {
  course: 'A mail is one line here; three are shown whole, and --verbose shows all.',
  full: 'Mails are shown as they arrive.',
  quiet: 'A mail is one line here.',
  json: '',
};

/** Says what is real and what is simulated, before anything happens. */
export function header(
  deployments: readonly Deployment[],
  { days, own, file, output, mails, overHttp }: Told,
): string {
  const keys = deployments.flatMap(({ environment, secrets }) =>
    secrets.map(({ tags }) => `${environment}/${tags['anthropic-key:service']}`),
  );
  const scripts = castFor(keys, own);
  const width = Math.max(...keys.map((key) => key.length));
  return [
    `${plural(days, 'day')} of ${plural(keys.length, 'Anthropic API key')} in ${plural(deployments.length, 'environment')}, from ${absolute(START)}`,
    '',
    wrap(
      `Real: the CDK app, synthesised just now from ${file}, the functions that it deploys, and the AWS and Anthropic SDKs${overHttp ? ', talking HTTP' : ''}. Embedded in this process: Secrets Manager, SNS, STS, Lambda, EventBridge and CloudWatch, one per account and region; Anthropic; the clock; the people. Nothing leaves this machine, and every key is made up.`,
    ),
    '',
    wrap(
      `${checks(deployments)} No tick is skipped. ${MAILS_ARE[output]} Deeds begin with *. Every mail is written to ${mails}.`,
    ),
    '',
    'The people:',
    ...keys.map((key) =>
      wrap(`${scripts.get(key)!.story}`, ' '.repeat(width + 4), `  ${key.padEnd(width)}  `),
    ),
    '',
  ].join('\n');
}

function checks(deployments: readonly Deployment[]): string {
  const expressions = new Set(
    deployments.flatMap(({ schedules }) =>
      schedules.filter(({ input }) => input.secretId !== undefined).map(({ expression }) => expression),
    ),
  );
  const texts = [...expressions].map((one) => /^rate\((.+)\)$/.exec(one)?.[1] ?? one);
  return `Every key is checked every ${texts.join(' or ')}, by its own schedule.`;
}
