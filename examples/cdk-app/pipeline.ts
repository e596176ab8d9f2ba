import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addFleet, type Fleet, loadFleet, renderFault } from 'anthropic-key-rotation';
import { Repository } from 'aws-cdk-lib/aws-codecommit';
import { App, Stack, Stage, type StageProps } from 'aws-cdk-lib/core';
import { CodePipeline, CodePipelineSource, ShellStep } from 'aws-cdk-lib/pipelines';
import type { Construct } from 'constructs';

const file = join(__dirname, 'keys.yaml');
const { fleet, errors, warnings } = loadFleet(readFileSync(file, 'utf8'), file, new Date());
if (!fleet) throw new Error(errors.map(renderFault).join('\n'));

/** The stacks of a fleet file, deployed together. */
class KeysStage extends Stage {
  constructor(scope: Construct, id: string, fleet: Fleet, props?: StageProps) {
    super(scope, id, props);
    addFleet(this, fleet, warnings);
  }
}

const app = new App();
const stack = new Stack(app, 'KeysPipeline', { env: { account: '111122223333', region: 'eu-central-1' } });
const repository = Repository.fromRepositoryName(stack, 'Repository', 'keys');
const pipeline = new CodePipeline(stack, 'Pipeline', {
  crossAccountKeys: true,
  synth: new ShellStep('Synth', {
    input: CodePipelineSource.codeCommit(repository, 'main'),
    commands: ['npm ci', 'npx cdk synth'],
  }),
});
pipeline.addStage(new KeysStage(app, 'Live', fleet));
