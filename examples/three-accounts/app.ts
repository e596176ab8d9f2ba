import { readFileSync } from 'node:fs';
import { addFleet, type Fleet, loadFleet, renderFault } from 'anthropic-key-rotation';
import { BuildSpec } from 'aws-cdk-lib/aws-codebuild';
import { PipelineType } from 'aws-cdk-lib/aws-codepipeline';
import { S3Trigger } from 'aws-cdk-lib/aws-codepipeline-actions';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { App, CfnOutput, Duration, Stack, Stage, type StageProps } from 'aws-cdk-lib/core';
import { CodePipeline, CodePipelineSource, ManualApprovalStep, ShellStep } from 'aws-cdk-lib/pipelines';
import type { Construct } from 'constructs';
import { GitHubDelivery } from './github-delivery';

const { fleet, errors, warnings } = loadFleet(readFileSync('keys.yaml', 'utf8'), 'keys.yaml', new Date());
if (!fleet) throw new Error(errors.map(renderFault).join('\n'));

/** The stacks of a fleet file, or of one of its environments, deployed together. */
class KeysStage extends Stage {
  constructor(scope: Construct, id: string, fleet: Fleet, props?: StageProps) {
    super(scope, id, props);
    addFleet(this, fleet, warnings);
  }
}

const app = new App();
/** In an account of its own, from which CDK deploys to those of the environments. */
const stack = new Stack(app, 'KeysPipeline', { env: { account: '111122223333', region: 'eu-central-1' } });

/** What the workflow brings: one object, a version a push. */
const sources = new Bucket(stack, 'Sources', {
  versioned: true,
  encryption: BucketEncryption.S3_MANAGED,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(90) }],
});
const SOURCE = 'source.zip';

const pipeline = new CodePipeline(stack, 'Pipeline', {
  pipelineName: 'anthropic-keys',
  pipelineType: PipelineType.V2,
  crossAccountKeys: true,
  enableKeyRotation: true,
  codeBuildDefaults: {
    partialBuildSpec: BuildSpec.fromObject({
      phases: { install: { 'runtime-versions': { nodejs: '22' } } },
    }),
  },
  synth: new ShellStep('Synth', {
    input: CodePipelineSource.s3(sources, SOURCE, { actionName: 'GitHub', trigger: S3Trigger.NONE }),
    commands: ['npm ci', 'npx cdk synth'],
  }),
});
for (const environment of fleet.environments) {
  const name = environment.environment;
  pipeline.addStage(new KeysStage(app, `Keys-${name}`, { environments: [environment] }), {
    pre: name === 'prod' ? [new ManualApprovalStep('Approve')] : [],
  });
}
pipeline.buildPipeline();

const delivery = new GitHubDelivery(stack, 'GitHub', {
  repository: 'acme/anthropic-keys',
  branch: 'main',
  object: sources.arnForObjects(SOURCE),
  pipeline: pipeline.pipeline,
});
new CfnOutput(stack, 'DeliveryRoleArn', { value: delivery.role.roleArn });
new CfnOutput(stack, 'SourcesBucketName', { value: sources.bucketName });
