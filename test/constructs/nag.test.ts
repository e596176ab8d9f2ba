import { AwsSolutionsChecks } from 'cdk-nag';
import { everything, smallest } from './fleets';
import { appWithoutBundles, stacksOf } from './synthesis';

/** Findings of cdk-nag that no construct explains. */
function unexplained(yaml: string): string[] {
  const app = appWithoutBundles();
  return stacksOf(yaml, app).flatMap((stack) => {
    const { violations } = new AwsSolutionsChecks(app).validateScope(stack);
    return violations.flatMap((v) =>
      v.violatingResources.map((where) => `${v.ruleName} ${JSON.stringify(where)}`),
    );
  });
}

test('cdk-nag finds nothing unexplained in the smallest fleet', () => {
  expect(unexplained(smallest)).toEqual([]);
});

test('cdk-nag finds nothing unexplained in a fleet that uses every option', () => {
  expect(unexplained(everything)).toEqual([]);
});
