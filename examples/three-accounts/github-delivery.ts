import type { IPipeline } from 'aws-cdk-lib/aws-codepipeline';
import { OidcProviderNative, PolicyStatement, Role, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export interface GitHubDeliveryProps {
  /** `owner/name`. */
  readonly repository: string;
  /** The only branch whose workflows may deliver. */
  readonly branch: string;
  /** ARN of the object that they may write. */
  readonly object: string;
  /** The pipeline that they may start. */
  readonly pipeline: IPipeline;
}

const GITHUB = 'token.actions.githubusercontent.com';

/**
 * A role for the workflows of one branch of one repository. It brings sources and starts the pipeline; only the pipeline deploys. GitHub stores no
 * AWS credential.
 */
export class GitHubDelivery extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: GitHubDeliveryProps) {
    super(scope, id);
    const { repository, branch, object, pipeline } = props;
    // An account takes one provider per URL. If it has this one, use OidcProviderNative.fromOidcProviderArn.
    const provider = new OidcProviderNative(this, 'Provider', {
      url: `https://${GITHUB}`,
      clientIds: ['sts.amazonaws.com'],
    });
    this.role = new Role(this, 'Role', {
      description: `Workflows of ${repository}, branch ${branch}: bring sources and start the pipeline`,
      maxSessionDuration: Duration.hours(1),
      assumedBy: new WebIdentityPrincipal(provider.oidcProviderArn, {
        // No wildcard: pull requests, tags and other branches have other subjects.
        StringEquals: {
          [`${GITHUB}:aud`]: 'sts.amazonaws.com',
          [`${GITHUB}:sub`]: `repo:${repository}:ref:refs/heads/${branch}`,
        },
      }),
    });
    this.role.addToPolicy(new PolicyStatement({ actions: ['s3:PutObject'], resources: [object] }));
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['codepipeline:StartPipelineExecution'],
        resources: [pipeline.pipelineArn],
      }),
    );
  }
}
