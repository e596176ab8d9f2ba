import { awsFailure } from '../../lib/adapters/aws-failure';
import { explain } from '../../lib/cli/explain';

test.each([
  [
    'JSON',
    'SyntaxError',
    'Unexpected token \'<\', "<!doctype "... is not valid JSON\nDeserialization error: to see the raw response, inspect the hidden field {error}.$response on this object.',
  ],
  ['XML', 'Error', '@aws-sdk XML parse error: mismatched tags <html> and </title>.'],
])('a page instead of %s is said in words for people, without the advice of the SDK', (_, name, text) => {
  const error = Object.assign(new Error(text), { name, $metadata: { httpStatusCode: 200 } });
  expect(awsFailure(error)).toMatchObject({
    message: expect.stringMatching(/^The answer is not one that AWS gives: perhaps a login page/),
    status: 200,
    unanswered: false,
  });
  // The words are not taken for another trouble.
  expect(explain(new Error(awsFailure(error).message)).lines).toHaveLength(1);
});
