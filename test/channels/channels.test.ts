import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NoticeQueue } from '../../examples/channels/queue';
import { ROOT } from '../root';
import { synthesised, TOPIC, topicIn } from './synthesised';

const FOLDER = join(ROOT, 'examples/channels');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

test.each(readdirSync(FOLDER).filter((file) => file.endsWith('.ts')))(
  'docs/channels.md shows %s as it is',
  (file) => {
    expect(read('docs/channels.md')).toContain(`\`\`\`ts\n${read(`examples/channels/${file}`)}\`\`\``);
  },
);

test('a queue hands critical notices to a function, and keeps what fails', () => {
  const template = synthesised((stack) => {
    const code = Code.fromInline('exports.handler = async () => ({ batchItemFailures: [] });');
    const handler = new Lambda(stack, 'Handler', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code,
    });
    new NoticeQueue(stack, 'Notices', { topic: topicIn(stack), handler });
  });
  template.hasResourceProperties('AWS::SNS::Subscription', {
    Protocol: 'sqs',
    TopicArn: TOPIC,
    RawMessageDelivery: true,
    FilterPolicy: { severity: ['critical'] },
  });
  template.hasResourceProperties('AWS::SQS::Queue', {
    RedrivePolicy: {
      deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('Failed'), 'Arn'] },
      maxReceiveCount: 5,
    },
  });
  template.hasResourceProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'sqs:SendMessage',
          Principal: { Service: 'sns.amazonaws.com' },
          Condition: { ArnEquals: { 'aws:SourceArn': TOPIC } },
        }),
      ]),
    },
  });
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
});
