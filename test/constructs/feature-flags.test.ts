import recommended from 'aws-cdk-lib/recommended-feature-flags.json';
import { context } from '../../cdk.json';

test('the feature flags are those that a new app of this CDK version begins with', () => {
  expect(context).toEqual(recommended);
});
