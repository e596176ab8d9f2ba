import { Template } from 'aws-cdk-lib/assertions';
import { everything } from './fleets';
import { stacksOf } from './synthesis';

const PARTITIONS: Readonly<Record<string, string>> = {
  'cn-north-1': 'aws-cn',
  'us-gov-west-1': 'aws-us-gov',
  'eusc-de-east-1': 'aws-eusc',
};

/** Where people of a partition sign in. Other hosts end as `AWS::URLSuffix` says. */
const CONSOLES: Readonly<Record<string, string>> = {
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-eusc': 'console.amazonaws-eusc.eu',
};

/** The templates of a fleet of one region, as text. */
const templatesIn = (region: string) =>
  stacksOf(
    everything.replaceAll('eu-central-1', region).replaceAll('arn:aws:', `arn:${PARTITIONS[region]}:`),
  ).map((stack) => JSON.stringify(Template.fromStack(stack).toJSON()));

/** The names of services in policies and events, and the audience of GitHub's tokens: they are the same in every partition. */
const PRINCIPALS = [
  'cloudwatch',
  'delivery.logs',
  'events',
  'lambda',
  'scheduler',
  'secretsmanager',
  'sts',
].map((service) => `${service}.amazonaws.com`);

test.each(Object.entries(PARTITIONS))('in %s every ARN is of %s, and no host name of another', (...given) => {
  const [region, partition] = given;
  const texts = templatesIn(region);
  expect(texts.length).toBeGreaterThan(2);
  for (const text of texts) {
    expect([...new Set(text.match(/arn:aws[a-z-]*/g))].filter((arn) => arn !== `arn:${partition}`)).toEqual(
      [],
    );
    const hosts = text.match(/[\w.-]*amazonaws[\w.-]*/g) ?? [];
    const allowed = [...PRINCIPALS, CONSOLES[partition]];
    expect(hosts.filter((host) => !allowed.includes(host))).toEqual([]);
  }
});

test('KMS keys are used through services by the suffix of the partition', () => {
  const [text = ''] = templatesIn('cn-north-1');
  const conditions = text.split('"kms:ViaService":').slice(1);
  expect(conditions.length).toBeGreaterThan(3);
  for (const condition of conditions)
    expect(condition.slice(0, 110)).toMatch(
      /\[".*\.",\{"Ref":"AWS::Region"\},"\.",\{"Ref":"AWS::URLSuffix"\}\]/,
    );
});
