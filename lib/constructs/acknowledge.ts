import { Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** Says, where it is, why a finding of cdk-nag is meant as it is. `id` is the finding's own, e.g. `AwsSolutions-IAM5[Resource::*]`. */
export function acknowledge(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  for (const [id, reason] of Object.entries(reasons)) Validations.of(construct).acknowledge({ id, reason });
}
