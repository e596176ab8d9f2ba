import recommended from 'aws-cdk-lib/recommended-feature-flags.json';
import { context } from '../../cdk.json';

test('the feature flags are those of a new app of this CDK version', () => {
  expect(context).toEqual(recommended);
});
